import type {
  OutgoingHttpHeaders,
  ServerHttp2Stream,
  ServerStreamResponseOptions,
} from 'node:http2'
import { withoutLength } from '../../../http/fields/fit-fields.ts'
import { HOP_BY_HOP, lowerName } from '../../../http/fields/header-names.ts'
import { writeRepeated } from '../../../http/fields/write-repeated.ts'
import { INTERNAL_ERROR } from '../../../http/http2-codes.ts'
import type { ResponseMessage } from '../../../http/message/message.ts'

/** Frames that may wait for a client to read. */
const WAITING_FRAMES = 32

/** A status beyond is taken for 500, as a client should take it (RFC 9110 §15); HTTP/2 has none such. */
const LAST_STATUS = 599

/** A response that leaves by HTTP/2. */
export class InboundResponse implements ResponseMessage {
  statusCode = 200
  headersSent = false
  sendDate = true
  shouldKeepAlive = true
  private readonly stream: ServerHttp2Stream
  private isBroken = false
  private readonly isHead: boolean
  private hasBody = true

  constructor(stream: ServerHttp2Stream, method: string) {
    this.stream = stream
    this.isHead = method === 'HEAD'
    // Without this, a stream that is reset amid its body is ended first, as if it were whole.
    stream.on('wantTrailers', () => {
      if (!this.isBroken) stream.sendTrailers({})
    })
  }

  writeHead(status: number, _reason: string | null, all: string[]): void {
    const { stream, sendDate } = this
    const fields = status === 205 ? withoutLength(all) : all
    const headers = toHttp2(status > LAST_STATUS ? 500 : status, fields)
    this.hasBody = !(this.isHead || status === 204 || status === 205 || status === 304)
    this.statusCode = status
    this.headersSent = true
    if (isGone(stream)) return
    // Not in the types: Node writes a Date of its own otherwise.
    const options = { waitForTrailers: this.hasBody, sendDate } as ServerStreamResponseOptions
    writeRepeated(headers, (written) => stream.respond(written, options))
  }

  writeContinue(): void {
    if (!isGone(this.stream)) this.stream.additionalHeaders({ ':status': 100 })
  }

  inform(status: number, _reason: string, fields: readonly string[]): void {
    // To a client that does not read they would only pile up.
    const waiting = this.stream.session?.state.outboundQueueSize ?? 0
    if (!isGone(this.stream) && waiting < WAITING_FRAMES)
      this.stream.additionalHeaders(toHttp2(status, fields))
  }

  write(chunk: Buffer, onWritten?: (error?: Error | null) => void): boolean {
    if (!this.hasBody || chunk.length === 0 || isGone(this.stream)) return true
    return this.stream.writableEnded || this.stream.write(chunk, onWritten)
  }

  end(chunk?: Buffer | string, encoding: BufferEncoding = 'utf8'): void {
    // Where there is no body, Node has ended the stream already: a HEAD's with the request.
    if (!this.hasBody || isGone(this.stream) || this.stream.writableEnded) return
    if (chunk === undefined) this.stream.end()
    else this.stream.end(chunk, encoding)
  }

  on(event: 'drain' | 'close', listener: () => void): void {
    this.stream.on(event, listener)
  }

  breakOff(): void {
    this.isBroken = true
    if (!isGone(this.stream)) this.stream.close(INTERNAL_ERROR)
  }

  detach(): void {
    throw new Error('HTTP/2 has no upgrade')
  }
}

function isGone(stream: ServerHttp2Stream): boolean {
  return stream.destroyed || stream.closed
}

const NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
const NO_VALUE = /[\0\r\n]/

/** Fields as Node takes them: names in lower case, repeated ones as lists; none that bind to a connection (RFC 9113 §8.2.2). */
function toHttp2(status: number, fields: readonly string[]): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = Object.create(null)
  headers[':status'] = status
  // Hot: a loop by hand.
  for (let i = 0; i < fields.length; i += 2) {
    const name = lowerName(fields[i] as string)
    const value = fields[i + 1] as string
    if (!NAME.test(name) || NO_VALUE.test(value)) throw new TypeError('a field no HTTP may carry')
    if (HOP_BY_HOP.has(name)) continue
    const before = headers[name]
    if (before === undefined) headers[name] = value
    else if (Array.isArray(before)) before.push(value)
    else headers[name] = [before as string, value]
  }
  return headers
}
