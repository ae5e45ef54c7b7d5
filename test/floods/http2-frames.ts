import { once } from 'node:events'
import { connect, type TLSSocket } from 'node:tls'

/** Types of HTTP/2 frames (RFC 9113 §6). */
export const FRAME = {
  data: 0,
  headers: 1,
  priority: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  windowUpdate: 8,
  continuation: 9,
} as const

export const END_STREAM = 1
export const END_HEADERS = 4

/** One frame's bytes. */
export function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** A number of 32 bits, as several frames carry one. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const literal = (index: number, value: string): Buffer =>
  Buffer.concat([Buffer.from([index, value.length]), Buffer.from(value)])

/** HEADERS of a request, without Huffman and without the table (RFC 7541): method, https, path, authority. */
export function request(stream: number, path: string, method: 'GET' | 'POST' = 'GET'): Buffer {
  const block = Buffer.concat([
    Buffer.from([method === 'GET' ? 0x82 : 0x83, 0x87]),
    literal(0x04, path),
    literal(0x01, 'floods.test'),
  ])
  const flags = END_HEADERS | (method === 'GET' ? END_STREAM : 0)
  return frame(FRAME.headers, flags, stream, block)
}

const SETTING_INITIAL_WINDOW = 4

/** Opens a connection whose frames the caller writes; `windowBytes` is what each stream may be sent. */
export async function openHttp2(port: number, windowBytes: number): Promise<TLSSocket> {
  const socket = connect({
    port,
    host: '127.0.0.1',
    ALPNProtocols: ['h2'],
    rejectUnauthorized: false,
  })
  socket.on('error', () => undefined)
  await once(socket, 'secureConnect')
  const setting = Buffer.concat([Buffer.from([0, SETTING_INITIAL_WINDOW]), uint32(windowBytes)])
  socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  socket.write(frame(FRAME.settings, 0, 0, setting))
  if (windowBytes > 65_535) socket.write(frame(FRAME.windowUpdate, 0, 0, uint32(2 ** 30)))
  return socket
}
