import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** An upstream with good and bad days, by the request's path. */
export interface SoakUpstream {
  readonly url: string
  /** Breaks every connection. */
  readonly breakAll: () => void
  readonly close: () => void
}

type Act = (request: IncomingMessage, response: ServerResponse) => void

const LARGE = Buffer.alloc(1_000_000, 'x')

const ACTS: Readonly<Record<string, Act>> = {
  ok: (_request, response) => void response.end('ok'),
  large: (_request, response) => void response.end(LARGE),
  upload(request, response) {
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    request.on('end', () => response.end(String(bytes)))
  },
  stream(_request, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const timer = setInterval(() => response.write('data: event\n\n'), 20)
    response.on('close', () => clearInterval(timer))
  },
  reset: (request) => void request.socket.resetAndDestroy(),
  truncated(_request, response) {
    response.writeHead(200, { 'content-length': 1_000 })
    response.write('half', () => response.destroy())
  },
  stalls: () => {},
  early: (_request, response) => void response.writeHead(413, { connection: 'close' }).end(),
}

/** Starts it. */
export async function startSoakUpstream(): Promise<SoakUpstream> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    request.on('error', () => {})
    response.on('error', () => {})
    ACTS[request.url?.slice(1) ?? '']?.(request, response)
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (_request, socket: Socket) => {
    socket.on('error', () => {})
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    )
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    breakAll() {
      for (const socket of sockets) socket.destroy()
    },
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
