import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'

/** One connection that the upstream was given. */
export interface UpstreamConnection {
  readonly socket: Socket
  /** Everything received so far, latin1. */
  readonly received: () => string
  /** Resolves to everything received, once it contains `text`. */
  readonly until: (text: string) => Promise<string>
  /** Resolves to the head of the `count`th request, once it is whole. */
  readonly head: (count?: number) => Promise<string>
  readonly write: (bytes: string | Buffer) => void
  /** Resolves when Keyway has closed the connection, or broken it. */
  readonly closed: () => Promise<void>
}

/** A TCP server that records bytes and answers as its script says, byte by byte. */
export interface RecordingUpstream {
  readonly url: string
  readonly port: number
  readonly connections: readonly UpstreamConnection[]
  /** Resolves to the connection with this number, from 0, once it is there. */
  readonly connection: (index: number) => Promise<UpstreamConnection>
  readonly close: () => Promise<void>
}

/** What an upstream does with each connection. */
export type Script = (connection: UpstreamConnection, index: number) => void | Promise<void>

/** Starts an upstream. */
export async function startUpstream(script: Script = () => {}): Promise<RecordingUpstream> {
  const server = createServer({ allowHalfOpen: true })
  return serve(server, 'connection', 'http', script)
}

/** Starts an upstream behind TLS. */
export async function startTlsUpstream(
  options: TlsOptions,
  script: Script = () => {},
): Promise<RecordingUpstream> {
  return serve(createTlsServer(options), 'secureConnection', 'https', script)
}

/** A script that answers every request on every connection with the same bytes. */
export function always(response: string | Buffer): Script {
  return async (connection) => {
    for (let count = 1; ; count += 1) {
      await connection.head(count)
      connection.write(response)
    }
  }
}

/** A whole response with a length. */
export function ok(body: string, fields: readonly string[] = []): string {
  const lines = [...fields, `Content-Length: ${Buffer.byteLength(body, 'latin1')}`]
  return `HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\n${body}`
}

async function serve(
  server: Server,
  event: string,
  scheme: string,
  script: Script,
): Promise<RecordingUpstream> {
  const connections: UpstreamConnection[] = []
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  server.on('tlsClientError', () => {})
  server.on(event, (socket: Socket) => {
    const connection = record(socket)
    connections.push(connection)
    server.emit('recorded')
    Promise.resolve(script(connection, connections.length - 1)).catch((error: unknown) => {
      if (!(error instanceof ClosedError)) throw error
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const host = scheme === 'https' ? 'localhost' : '127.0.0.1'
  return {
    url: `${scheme}://${host}:${port}`,
    port,
    connections,
    async connection(index) {
      while (connections.length <= index) await once(server, 'recorded')
      return connections[index] as UpstreamConnection
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

class ClosedError extends Error {}

function record(socket: Socket): UpstreamConnection {
  let received = ''
  let isEnded = false
  const found: string[] = []
  let foundTo = 0
  /** The heads so far, looked for behind the last one alone: there may be thousands. */
  const findHeads = (): readonly string[] => {
    const from = foundTo
    for (const { 0: head, index } of received.slice(from).matchAll(HEAD)) {
      found.push(head)
      foundTo = from + index + head.length
    }
    return found
  }
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    socket.emit('recorded')
  })
  socket.on('error', () => {})
  for (const name of ['end', 'close']) {
    socket.on(name, () => {
      isEnded = true
      socket.emit('recorded')
    })
  }
  const until = async (test: () => boolean): Promise<string> => {
    while (!test()) {
      if (isEnded) throw new ClosedError(`closed: ${JSON.stringify(received)}`)
      // A reset is followed by the close that ends this.
      await once(socket, 'recorded').catch(() => undefined)
    }
    return received
  }
  return {
    socket,
    received: () => received,
    until: (text) => until(() => received.includes(text)),
    async head(count = 1) {
      await until(() => findHeads().length >= count)
      return found[count - 1] as string
    },
    write: (bytes) =>
      void socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    async closed() {
      if (!isEnded)
        await new Promise<void>((resolve) => {
          const check = (): void => {
            if (!isEnded) return
            socket.off('recorded', check)
            resolve()
          }
          socket.on('recorded', check)
        })
    },
  }
}

/** A head in a stream of requests with bodies that hold no request line. */
const HEAD = /[A-Z-]+ \/\S* HTTP\/1\.1\r\n(?:[^\r\n]+\r\n)*\r\n/g
