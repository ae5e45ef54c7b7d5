import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { parseRequest } from '../fuzz/parse-request.ts'

/** What an upstream does with a request; `count` is its number on the connection, from 0. */
export type Act = (socket: Socket, id: string, count: number) => void

/** What a fault does on the upstream's side. */
export interface UpstreamFault {
  /** Acts when the head is there; the body may not be. */
  readonly onHead?: Act
  /** Acts when the whole request is there. */
  readonly onRequest?: Act
}

/** An upstream with a fault; requests for it are told apart by their path: `/FAULT/ID`. */
export interface FaultyUpstream {
  readonly port: number
  /** How often a request was carried out. */
  readonly executions: (id: string) => number
  /** Resolves when the connection that a request came on is closed. */
  readonly closed: (id: string) => Promise<void>
  readonly close: () => void
}

/** The whole answer to a request, and the only right one. */
export function answer(id: string): string {
  return `HTTP/1.1 200 OK\r\nContent-Length: ${bodyOf(id).length}\r\n\r\n${bodyOf(id)}`
}

/** The right answer's body. */
export function bodyOf(id: string): string {
  return `ok-${id}`
}

const HEAD = /^\S+ \/[^/ ]+\/([^/ ]+) HTTP\/1\.1\r\n(?:[^\r\n]+\r\n)*\r\n/

/** Starts it. */
export async function startFaultyUpstream(fault: UpstreamFault): Promise<FaultyUpstream> {
  const executed = new Map<string, number>()
  const sockets = new Map<string, Socket>()
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    keep(open, socket)
    serve(socket)
  })

  function serve(socket: Socket): void {
    let bytes = ''
    let count = 0
    let isHeadSeen = false
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.toString('latin1')
      const [, id = ''] = HEAD.exec(bytes) ?? []
      if (id === '') return
      if (!isHeadSeen) {
        isHeadSeen = true
        executed.set(id, (executed.get(id) ?? 0) + 1)
        sockets.set(id, socket)
        fault.onHead?.(socket, id, count)
      }
      const outcome = parseRequest(bytes, 0)
      if (outcome.state !== 'message') return
      bytes = bytes.slice(outcome.message.end)
      isHeadSeen = false
      fault.onRequest?.(socket, id, count)
      count += 1
    })
  }

  const port = await listen(server)
  return {
    port,
    executions: (id) => executed.get(id) ?? 0,
    async closed(id) {
      const socket = sockets.get(id)
      if (socket !== undefined && !socket.closed) await once(socket, 'close')
    },
    close: () => closeAll(server, open),
  }
}

/** A server that does one thing with each connection. */
export async function startPlain(
  act: (socket: Socket) => void,
): Promise<{ readonly port: number; readonly close: () => void }> {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    keep(open, socket)
    act(socket)
  })
  return { port: await listen(server), close: () => closeAll(server, open) }
}

function keep(open: Set<Socket>, socket: Socket): void {
  open.add(socket)
  socket.on('error', () => {})
  socket.on('close', () => open.delete(socket))
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function closeAll(server: Server, open: Set<Socket>): void {
  server.close()
  for (const socket of open) socket.destroy()
}
