import { Readable } from 'node:stream'
import type { RequestHead, RequestMessage } from '../../http/message.ts'

/** Bodies up to this many bytes are read whole before the upstream is asked: one write instead of a stream. */
export const WHOLE_BODY_BYTES: number = 64 * 1024

/** How long a client that was answered early may go on sending before it is cut off. */
const LINGER_MS = 2_000

/** Whoever a body is read for. */
export interface BodyReader {
  readonly onWhole: (body: Buffer) => void
  readonly onTooLarge: () => void
  readonly onIdle: () => void
}

/** Limits on reading a body; 0 means none. */
export interface BodyLimits {
  readonly bytes: number
  readonly idleMs: number
  /** How much of a streamed body is kept to be sent again. */
  readonly keepBytes: number
}

/** The length a request announces; null: chunked. 0 where it has no body. */
export function announcedLength(request: RequestHead): number | null {
  const { headers } = request
  const length = headers['content-length']
  if (length !== undefined) return Number(length)
  return headers['transfer-encoding'] === undefined ? 0 : null
}

/** Reads one request's body, counts it, and watches that it keeps coming. */
export class RequestBody {
  private readonly request: RequestMessage
  private readonly reader: BodyReader
  private readonly limits: BodyLimits
  private timer: NodeJS.Timeout | null = null
  private received = 0
  private chunks: Buffer[] = []
  private stream: BodyStream | null = null
  /** All that came of a streamed body, as long as it is little enough; null: it can't be sent again. */
  private kept: Buffer[] | null
  private isDiscarding = false
  private isDone = false

  constructor(request: RequestMessage, reader: BodyReader, limits: BodyLimits) {
    this.request = request
    this.reader = reader
    this.limits = limits
    this.kept = limits.keepBytes > 0 ? [] : null
    request.on('data', (chunk: Buffer) => this.onData(chunk))
    request.on('end', () => this.onEnd())
    // A body that came with its head is here by then, and needs no clock.
    process.nextTick(watch, this)
  }

  /** Starts the clock of a body that is still coming. */
  watch(): void {
    const { idleMs } = this.limits
    if (this.isDone || this.isDiscarding || idleMs === 0) return
    if (this.received === announcedLength(this.request)) return
    this.timer = setTimeout(onIdle, idleMs, this)
  }

  /** The body as a stream of its own: undici may destroy it without touching the client's connection. */
  openStream(): Readable {
    this.stream = new BodyStream(this.request)
    return this.stream
  }

  /** Whether all that came so far can be streamed once more. */
  get isKept(): boolean {
    return this.kept !== null
  }

  /** The body from its start, as another stream; only where it is kept. */
  reopenStream(): Readable {
    const stream = new BodyStream(this.request)
    this.stream = stream
    for (const chunk of this.kept ?? []) stream.push(chunk)
    if (this.isDone) stream.push(null)
    return stream
  }

  /** Nobody wants the rest; it is read and dropped for a while, so that the answer is not lost in a reset. */
  discard(): void {
    if (this.isDone || this.isDiscarding) return
    this.isDiscarding = true
    this.chunks = []
    this.kept = null
    this.stream = null
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(onLingered, LINGER_MS, this)
    this.request.resume()
  }

  /** Stops the clock; the client is gone. */
  stop(): void {
    this.isDone = true
    if (this.timer !== null) clearTimeout(this.timer)
  }

  /** Tells the reader that nothing came for too long, unless it is the upstream that does not take more. */
  onIdle(): void {
    if (this.isDone) return
    if (this.stream === null || !this.request.isPaused()) {
      this.reader.onIdle()
      return
    }
    // Who does not read hears of no reset; the attempt to write nothing asks for it.
    this.request.socket.write('')
    this.timer?.refresh()
  }

  /** Cuts off a client that was answered and sends on and on. */
  onLingered(): void {
    if (!this.isDone) this.request.socket.destroy()
  }

  private onData(chunk: Buffer): void {
    this.received += chunk.length
    if (this.isDiscarding) return
    this.timer?.refresh()
    const { bytes } = this.limits
    if (bytes > 0 && this.received > bytes) this.reader.onTooLarge()
    else if (this.stream === null) this.chunks.push(chunk)
    else this.passOn(this.stream, chunk)
  }

  private passOn(stream: BodyStream, chunk: Buffer): void {
    if (this.kept !== null) {
      if (this.received > this.limits.keepBytes) this.kept = null
      else this.kept.push(chunk)
    }
    if (!stream.push(chunk)) this.request.pause()
  }

  private onEnd(): void {
    this.stop()
    if (this.isDiscarding) return
    if (this.stream !== null) this.stream.push(null)
    else this.reader.onWhole(joinChunks(this.chunks))
  }
}

function watch(body: RequestBody): void {
  body.watch()
}

function onIdle(body: RequestBody): void {
  body.onIdle()
}

function onLingered(body: RequestBody): void {
  body.onLingered()
}

function joinChunks(chunks: Buffer[]): Buffer {
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
}

class BodyStream extends Readable {
  private readonly source: RequestMessage

  constructor(source: RequestMessage) {
    super({ highWaterMark: WHOLE_BODY_BYTES })
    this.source = source
  }

  override _read(): void {
    this.source.resume()
  }

  /** undici destroys a body it no longer needs with an error that nobody listens to any more. */
  override _destroy(_error: Error | null, callback: (error?: Error | null) => void): void {
    callback(null)
  }
}
