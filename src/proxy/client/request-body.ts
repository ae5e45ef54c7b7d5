import type { BodySink, BodySource } from '../../http/message/body-source.ts'
import type { RequestHead, RequestMessage } from '../../http/message/message.ts'
import { readLength } from '../../http/message/read-length.ts'
import { lookForPeer } from './look-for-peer.ts'
import { BodyQueue, type KeptBytes, SMALL_BYTES } from './body-queue.ts'
import { ShortPieces } from './short-pieces.ts'

/** Bodies up to this many bytes are read whole before the upstream is asked, which costs no more up to here (npm run bench:bodies). */
export const WHOLE_BODY_BYTES: number = 32 * 1024

/** Bytes of a streamed body that may wait for a connection. */
const WAITING_BYTES = 64 * 1024

/** How long a client that was answered early may go on sending before it is cut off. */
const LINGER_MS = 2_000

/** Whoever a body is read for. */
export interface BodyReader {
  readonly onWhole: (body: Buffer) => void
  /** One that is read whole did not come with its head, or not all of it. */
  readonly onAwaited?: () => void
  readonly onTooLarge: () => void
  readonly onIdle: () => void
}

/** Limits on reading a body; 0 means none. */
export interface BodyLimits {
  readonly bytes: number
  readonly idleMs: number
  /** How much of a streamed body is kept to be sent again. */
  readonly keepBytes: number
  /** What all kept bodies share. */
  readonly room: KeptBytes
}

/** Limits that keep nothing. */
export const KEEPS_NOTHING: Pick<BodyLimits, 'keepBytes' | 'room'> = {
  keepBytes: 0,
  room: { take: () => false, giveBack() {} },
}

/** The length a request announces; null: it says none. 0 where it has no body. */
export function announcedLength(request: RequestHead): number | null {
  const { headers } = request
  const length = headers['content-length']
  if (length !== undefined) return readLength(length)
  return headers['transfer-encoding'] === undefined ? 0 : null
}

/** Reads one request's body, counts it, watches that it keeps coming, and hands it on whole or as it comes. */
export class RequestBody implements BodySource {
  readonly length: number | null
  private readonly request: RequestMessage
  private readonly reader: BodyReader
  private readonly limits: BodyLimits
  private readonly queue: BodyQueue
  private timer: NodeJS.Timeout | null = null
  private received = 0
  private isStreamed = false
  private sink: BodySink | null = null
  private isBlocked = false
  private isDiscarding = false
  private isDone = false
  private isFlushSet = false
  /** null: none has come. */
  private shortPieces: ShortPieces | null = null

  constructor(request: RequestMessage, reader: BodyReader, limits: BodyLimits) {
    this.request = request
    this.reader = reader
    this.limits = limits
    this.length = announcedLength(request)
    this.queue = new BodyQueue(limits.keepBytes, limits.room)
    request.on('data', (chunk: Buffer) => this.onData(chunk))
    request.on('end', () => this.onEnd())
    // A body that came with its head is here by then, and needs no clock.
    if (!request.isAtHand) process.nextTick(watch, this)
  }

  /** Starts the clock of a body that is still coming. */
  watch(): void {
    const { idleMs } = this.limits
    if (this.isDone || this.isDiscarding || this.received === this.length) return
    if (!this.isStreamed) this.reader.onAwaited?.()
    if (idleMs === 0) return
    this.timer = setTimeout(onIdle, idleMs, this)
  }

  /** Has it handed on as it comes, to whoever takes it by pipeTo. */
  stream(): BodySource {
    this.isStreamed = true
    return this
  }

  /** Bytes that have come so far. */
  get receivedBytes(): number {
    return this.received
  }

  /** Whether nothing more of it will be read. */
  get isOver(): boolean {
    return this.isDone
  }

  /** Whether all that came so far can be handed on once more. */
  get isKept(): boolean {
    return this.queue.isKept
  }

  pipeTo(sink: BodySink): void {
    this.sink = sink
    this.flush()
  }

  /** Takes it back from whoever it was handed to, for another from its start; only where it is kept. */
  rewind(): void {
    this.sink = null
    this.isBlocked = false
    this.queue.rewind()
    if (!this.isDone) this.flush()
  }

  resume(): void {
    this.isBlocked = false
    this.flush()
  }

  /** Nobody will ask for it once more. */
  forget(): void {
    this.queue.forget()
  }

  /** Nobody wants the rest; it is read and dropped for a while, so that the answer is not lost in a reset. */
  discard(): void {
    if (this.isDone || this.isDiscarding) return
    this.isDiscarding = true
    this.sink = null
    this.queue.clear()
    if (this.timer !== null) clearTimeout(this.timer)
    if (this.request.readAway !== undefined) {
      this.request.readAway()
      return
    }
    this.timer = setTimeout(onLingered, LINGER_MS, this)
    this.request.resume()
  }

  /** Stops the clock; the client is gone. */
  stop(): void {
    this.isDone = true
    if (this.timer !== null) clearTimeout(this.timer)
    this.shortPieces?.stop()
  }

  /** Tells the reader that nothing came for too long, unless it is the upstream that does not take more. */
  onIdle(): void {
    if (this.isDone) return
    if (!this.isStreamed || !this.request.isPaused()) {
      this.reader.onIdle()
      return
    }
    lookForPeer(this.request.socket)
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
    if (bytes > 0 && this.received > bytes) {
      this.reader.onTooLarge()
      return
    }
    this.queue.push(chunk)
    // It came in one piece.
    if (this.request.isAtHand && !this.isStreamed) return
    // What came in one read leaves in one piece, however small its chunks are.
    if (chunk.length < SMALL_BYTES && this.queue.unsentBytes <= WAITING_BYTES) this.gather()
    else if (this.isStreamed) this.flush()
  }

  private onEnd(): void {
    this.stop()
    if (this.isDiscarding) return
    if (this.isStreamed) this.flush()
    else this.reader.onWhole(this.queue.takeWhole())
  }

  /** Takes note of a short piece, which leaves with those that come with it. */
  private gather(): void {
    this.shortPieces ??= new ShortPieces(this.request)
    this.shortPieces.push()
    if (this.isFlushSet || !this.isStreamed) return
    this.isFlushSet = true
    setImmediate(flush, this)
  }

  /** The turn that brought short pieces is over. */
  flushGathered(): void {
    this.isFlushSet = false
    this.shortPieces?.endTurn()
    if (!this.isDiscarding && !this.isDone) this.flush()
  }

  /** Hands on what the sink takes; the client is read as long as not too much of it waits. */
  private flush(): void {
    const { sink, queue } = this
    while (sink !== null && !this.isBlocked) {
      const chunk = queue.shift()
      if (chunk === null) break
      this.isBlocked = !sink.write(chunk)
    }
    if (this.isDone) {
      if (queue.unsentBytes === 0) this.sink?.end()
    } else if (this.isBlocked || queue.unsentBytes > WAITING_BYTES) this.request.pause()
    else if (this.request.isPaused()) this.request.resume()
  }
}

function watch(body: RequestBody): void {
  body.watch()
}

function flush(body: RequestBody): void {
  body.flushGathered()
}

function onIdle(body: RequestBody): void {
  body.onIdle()
}

function onLingered(body: RequestBody): void {
  body.onLingered()
}
