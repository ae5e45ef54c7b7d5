import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { NormalAddress } from '../../src/config/shapes/normal-config.ts'

/** A connection whose bytes a test writes and reads itself. */
export interface RawClient {
  readonly socket: Socket
  readonly write: (bytes: string | Buffer) => void
  /** Resolves to everything received, once it contains `text`; rejects where the connection ends before. */
  readonly until: (text: string) => Promise<string>
  /** Resolves to everything received, when the peer has closed. */
  readonly closed: () => Promise<string>
  /** Everything received so far, latin1. */
  readonly received: () => string
  /** `reset` where the connection was broken by RST, `end` where it ended by FIN; null while it is open. */
  readonly ending: () => 'reset' | 'end' | null
}

/** Opens a connection to an address. */
export async function connectRaw(address: NormalAddress): Promise<RawClient> {
  const socket =
    'socketPath' in address
      ? connect({ path: address.socketPath, allowHalfOpen: true })
      : connect({ host: address.host, port: address.port, allowHalfOpen: true })
  await once(socket, 'connect')
  return wrap(socket)
}

/** Opens a TLS connection to an address, trusting `ca` alone. */
export async function connectRawTls(
  address: { readonly host: string; readonly port: number },
  ca: string,
): Promise<RawClient> {
  const socket = connectTls({ ...address, ca, servername: 'localhost' })
  await once(socket, 'secureConnect')
  return wrap(socket)
}

/** Sends bytes on a connection of their own and resolves to all that comes back until the peer closes. */
export async function exchangeRaw(address: NormalAddress, bytes: string | Buffer): Promise<string> {
  const client = await connectRaw(address)
  client.write(bytes)
  return client.closed()
}

function wrap(socket: Socket): RawClient {
  let received = ''
  let ending: 'reset' | 'end' | null = null
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
  })
  socket.on('error', () => {
    ending = 'reset'
  })
  socket.on('end', () => {
    ending ??= 'end'
    socket.end()
  })
  return {
    socket,
    write: (bytes) =>
      void socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    received: () => received,
    ending: () => ending,
    async until(text) {
      while (!received.includes(text)) {
        if (socket.closed || ending !== null) {
          throw new Error(`closed before ${JSON.stringify(text)}: ${JSON.stringify(received)}`)
        }
        await Promise.race([event(socket, 'data'), event(socket, 'end'), event(socket, 'close')])
      }
      return received
    },
    async closed() {
      if (!socket.closed) await event(socket, 'close')
      return received
    },
  }
}

function event(socket: Socket, name: string): Promise<void> {
  return new Promise((resolve) => socket.once(name, () => resolve()))
}

/** A response as text: status line, fields in order, body. */
export interface RawResponse {
  readonly status: number
  readonly statusLine: string
  readonly fields: readonly string[]
  readonly body: string
}

/** Splits the bytes of one response; a chunked body stays as it came. */
export function parseResponse(bytes: string): RawResponse {
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...fields] = bytes.slice(0, end).split('\r\n')
  return {
    status: Number(statusLine.split(' ')[1]),
    statusLine,
    fields,
    body: bytes.slice(end + 4),
  }
}

/** A request's bytes; Host and `Connection: close` are added where `fields` has none of that name. */
export function requestBytes(line: string, fields: readonly string[] = [], body = ''): string {
  const names = new Set(fields.map((field) => field.split(':')[0]?.toLowerCase()))
  const added = [
    ...(names.has('host') ? [] : ['Host: localhost']),
    ...(names.has('connection') ? [] : ['Connection: close']),
  ]
  return `${line} HTTP/1.1\r\n${[...added, ...fields].join('\r\n')}\r\n\r\n${body}`
}
