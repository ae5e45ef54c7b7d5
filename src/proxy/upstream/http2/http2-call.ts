import type { ClientHttp2Stream } from 'node:http2'
import { removeHopByHop } from '../../../http/fields/response-fields.ts'
import { CANCEL, NO_ERROR, REFUSED_STREAM } from '../../../http/http2-codes.ts'
import { letGo } from '../../../http/let-go.ts'
import type { BodySink, BodySource } from '../../../http/message/body-source.ts'
import type { ResponseHead } from '../../../http/message/response-head.ts'
import { INTERIM_LIMITS } from '../../../http/message/response-reader.ts'
import type { Call, CallHandler, OutgoingRequest } from '../call.ts'
import { Deadline, type DeadlineOwner } from '../deadline.ts'
import { UpstreamError } from '../upstream-error.ts'
import { Http2Error } from './http2-error.ts'

/** One stream with the handler that hears of it: exactly one end, whatever the stream says. */
export class Http2Call implements Call, BodySink, DeadlineOwner {
  private readonly stream: ClientHttp2Stream
  private readonly handler: CallHandler
  private readonly request: OutgoingRequest
  private readonly siblings: Set<Http2Call>
  private readonly deadline: Deadline = new Deadline(this)
  private hasResponse = false
  private isBlocked = false
  private isOver = false
  /** Bytes of the body that were announced and have not come; NaN: nobody said how many. */
  private left = Number.NaN
  private interims = 0
  private interimBytes = 0

  /** `siblings` are the calls under way on its connection, of which it is one. */
  constructor(
    stream: ClientHttp2Stream,
    request: OutgoingRequest,
    handler: CallHandler,
    siblings: Set<Http2Call>,
  ) {
    this.stream = stream
    this.handler = handler
    this.request = request
    this.siblings = siblings
    siblings.add(this)
    this.deadline.set(request.headersMs)
    stream.on('headers', (...event: unknown[]) => this.onInterim(event[2] as string[]))
    stream.on('response', (...event: unknown[]) => this.onResponse(event[2] as string[]))
    stream.on('drain', () => this.onDrain())
    stream.on('end', () => this.onEnd())
    stream.on('error', (error) => this.fail(error))
    stream.on('close', () => this.onClose())
  }

  cancel(): void {
    this.fail(new UpstreamError('REQUEST_CANCELLED'))
  }

  resume(): void {
    this.stream.resume()
  }

  /** The connection is over, and the stream with it: what its reader has left of a whole response is handed on. */
  readOut(): void {
    const { stream } = this
    if (this.isOver || !this.hasResponse || !isWhole(stream)) return
    // Each piece is told of as data, too.
    while (stream.read() !== null);
    this.onEnd()
  }

  write(chunk: Buffer): boolean {
    if (this.isOver) return true
    if (!this.hasResponse) this.deadline.set(this.request.headersMs)
    this.isBlocked = !this.stream.write(chunk)
    return !this.isBlocked
  }

  end(): void {
    if (!this.isOver) this.stream.end()
  }

  private fail(error: Error): void {
    if (!this.finish()) return
    // So says a GOAWAY of those that it did not begin with, too (RFC 9113 §8.7).
    const isRefused = !this.hasResponse && this.stream.rstCode === REFUSED_STREAM
    this.stream.close(CANCEL)
    this.handler.onError(isRefused ? new UpstreamError('UPSTREAM_REFUSED') : error)
  }

  private finish(): boolean {
    if (this.isOver) return false
    this.isOver = true
    this.siblings.delete(this)
    this.deadline.stop()
    return true
  }

  private onInterim(raw: readonly string[]): void {
    if (this.isOver) return
    this.interims += 1
    for (const part of raw) this.interimBytes += part.length
    if (this.interims > INTERIM_LIMITS.count || this.interimBytes > INTERIM_LIMITS.bytes)
      this.fail(new Http2Error('RESPONSE_INTERIM_FLOOD', 'too many interim responses'))
    else this.handler.onInterim(readHead(raw))
  }

  private onResponse(raw: readonly string[]): void {
    if (this.isOver) return
    this.hasResponse = true
    this.deadline.set(this.request.idleMs)
    const head = readHead(raw)
    this.left = announcedBytes(head, this.request.method)
    this.handler.onHead(head)
    // Not before: Node tells of a head a tick after it came, of what follows at once where it may.
    this.stream.on('data', (chunk: Buffer) => this.onData(chunk))
  }

  private onData(chunk: Buffer): void {
    if (this.isOver) return
    this.deadline.set(this.request.idleMs)
    this.left -= chunk.length
    if (!this.handler.onBody(chunk)) this.stream.pause()
  }

  private onDrain(): void {
    this.isBlocked = false
    const { body } = this.request
    if (!this.isOver && body !== null && !Buffer.isBuffer(body)) (body as BodySource).resume()
  }

  private onEnd(): void {
    if (this.isOver) return
    const hasAll = this.hasResponse && !isCutOff(this.stream) && !(this.left > 0)
    if (!hasAll || this.stream.rstCode !== NO_ERROR) {
      this.fail(broken(this.stream.rstCode))
      return
    }
    this.finish()
    // What the request still had to say is of no use any more.
    if (!this.stream.writableEnded) this.stream.close(NO_ERROR)
    this.handler.onEnd()
  }

  private onClose(): void {
    this.fail(broken(this.stream.rstCode))
    letGo(this.stream)
  }

  onDue(): void {
    const { headersMs, idleMs } = this.request
    const isWaitedFor = !this.stream.writableEnded && !this.isBlocked
    const isOurs = this.hasResponse ? this.stream.isPaused() : isWaitedFor
    if (isOurs) this.deadline.set(this.hasResponse ? idleMs : headersMs)
    else
      this.fail(
        new UpstreamError(this.hasResponse ? 'UPSTREAM_IDLE_TIMEOUT' : 'UPSTREAM_HEADERS_TIMEOUT'),
      )
  }
}

/** Whether all of a response has come, to be read yet. */
function isWhole({ closed, rstCode, state }: ClientHttp2Stream): boolean {
  return closed ? rstCode === NO_ERROR : state.remoteClose === 1
}

/**
 * Whether it was a reset that ended the body, be it by NO_ERROR: that is heard of within the call that
 * closes the stream, and a true end before it, or, of a reader that was stopped, long after.
 */
function isCutOff({ closed, state }: ClientHttp2Stream): boolean {
  return closed && state.remoteClose === 1
}

function announcedBytes({ status, fields }: ResponseHead, method: string): number {
  if (method === 'HEAD' || status === 204 || status === 304) return Number.NaN
  const at = fields.findIndex((part, i) => i % 2 === 0 && part === 'content-length')
  return at < 0 ? Number.NaN : Number(fields[at + 1])
}

function readHead(raw: readonly string[]): ResponseHead {
  const status = Number(raw[raw.indexOf(':status') + 1])
  const fields = raw.filter((_, i) => !raw[i - (i % 2)]?.startsWith(':'))
  return {
    status,
    reason: '',
    version: '2',
    fields: removeHopByHop(fields),
    framing: 'close',
    keepsAlive: true,
    keepAliveMs: null,
  }
}

function broken(code: number | undefined): Error {
  return new Http2Error('ERR_HTTP2_STREAM_BROKEN', `the stream ended before its response: ${code}`)
}
