import { ChunkFault } from './chunk-fault.ts'
import { ChunkedDecoder } from './chunked-decoder.ts'
import { HeadCollector, type HeadFault } from './head-collector.ts'
import { partOfBody } from './part-of-body.ts'
import { ResponseFault, type ResponseFaultCode } from './response-fault.ts'
import { mayBeginResponse, parseResponseHead, type ResponseHead } from './response-head.ts'

/** Whoever hears of a response as it is read. */
export interface ResponseListener {
  /** An interim response (1xx). */
  readonly onInterim: (head: ResponseHead) => void
  readonly onHead: (head: ResponseHead) => void
  /** Bytes of the body, never none. */
  readonly onBody: (bytes: Buffer) => void
  /** The response is whole; `mayGoOn` of its reader says whether another may follow. */
  readonly onEnd: () => void
  /** The other protocol has begun with `rest`. */
  readonly onSwitch: (head: ResponseHead, rest: Buffer) => void
}

/** Upstreams may send longer heads than clients: cookies and policies add up. */
export const RESPONSE_HEAD_BYTES: number = 64 * 1024
/** Interim responses of one exchange, and their bytes: nobody means more by them. */
export const INTERIM_LIMITS: { readonly count: number; readonly bytes: number } = {
  count: 100,
  bytes: 64 * 1024,
}

const HEAD_FAULTS: Readonly<Record<HeadFault, ResponseFaultCode>> = {
  'too-long': 'RESPONSE_HEAD_TOO_LONG',
  'line-end': 'RESPONSE_FIELD',
  beginning: 'RESPONSE_STATUS_LINE',
}

type State = 'idle' | 'head' | 'sized' | 'chunked' | 'close' | 'switched'

/** Reads the responses of one connection, one for each `expect`, as RFC 9112 has them and no other way. */
export class ResponseReader {
  /** Whether another response may come on the connection after this. */
  mayGoOn = false
  /** Whether the response whose head was read last came with it, to its last byte. */
  isAtHand = false
  private readonly listener: ResponseListener
  private readonly head = new HeadCollector(RESPONSE_HEAD_BYTES, mayBeginResponse)
  private chunked: ChunkedDecoder | null = null
  private state: State = 'idle'
  private method = ''
  private mayUpgrade = false
  private left = 0
  private interims = 0
  private interimBytes = 0

  constructor(listener: ResponseListener) {
    this.listener = listener
  }

  /** Whether a response is awaited or under way. */
  get isBusy(): boolean {
    return this.state !== 'idle'
  }

  /** A request was sent; `upgrade`: it asked for another protocol. */
  expect(method: string, upgrade: 'upgrade' | null): void {
    this.method = method
    this.mayUpgrade = upgrade !== null
    this.head.reset()
    this.interims = 0
    this.interimBytes = 0
    this.mayGoOn = false
    this.state = 'head'
  }

  /** Takes what the connection brought; `chunk` is the reader's to change. Throws a ResponseFault. */
  push(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length && this.state !== 'idle' && this.state !== 'switched') {
      if (this.state === 'head') at = this.pushHead(chunk, at)
      else if (this.state === 'chunked') at = this.pushChunked(chunk, at)
      else if (this.state === 'sized') at = this.pushSized(chunk, at)
      else at = this.pushToClose(chunk, at)
    }
  }

  /** The connection has ended; throws where that is not the response's end too. */
  finish(): void {
    if (this.state === 'close') this.end(0)
    else if (this.state !== 'idle' && this.state !== 'switched')
      throw new ResponseFault('RESPONSE_CUT')
  }

  private pushHead(chunk: Buffer, start: number): number {
    const { head } = this
    const next = head.push(chunk, start)
    if (head.fault !== null) throw new ResponseFault(HEAD_FAULTS[head.fault])
    if (next < 0) return chunk.length
    const parsed = parseResponseHead(head.text)
    const size = head.size
    head.reset()
    if (parsed.status === 101) this.onSwitch(parsed, chunk.subarray(next))
    else if (parsed.status < 200) this.onInterim(parsed, size)
    else this.onFinal(parsed, chunk.length - next)
    return next
  }

  private onSwitch(head: ResponseHead, rest: Buffer): void {
    if (!this.mayUpgrade) throw new ResponseFault('RESPONSE_SWITCHED')
    this.state = 'switched'
    this.listener.onSwitch(head, rest)
  }

  private onInterim(head: ResponseHead, size: number): void {
    this.interims += 1
    this.interimBytes += size
    if (this.interims > INTERIM_LIMITS.count || this.interimBytes > INTERIM_LIMITS.bytes)
      throw new ResponseFault('RESPONSE_INTERIM_FLOOD')
    this.listener.onInterim(head)
  }

  private onFinal(head: ResponseHead, rest: number): void {
    const { status, framing, keepsAlive } = head
    const hasBody = this.method !== 'HEAD' && status !== 204 && status !== 304
    this.mayGoOn = keepsAlive
    this.isAtHand = !hasBody || (typeof framing === 'number' && framing <= rest)
    if (!hasBody || framing === 0) {
      this.listener.onHead(head)
      this.end(rest)
      return
    }
    if (framing === 'chunked') this.beginChunks()
    else if (framing === 'close') this.beginClose()
    else this.beginSized(framing)
    this.listener.onHead(head)
  }

  private beginChunks(): void {
    this.state = 'chunked'
    this.chunked ??= new ChunkedDecoder(RESPONSE_HEAD_BYTES)
    this.chunked.reset()
  }

  private beginClose(): void {
    this.state = 'close'
    this.mayGoOn = false
  }

  private beginSized(bytes: number): void {
    this.state = 'sized'
    this.left = bytes
  }

  private pushToClose(chunk: Buffer, at: number): number {
    this.listener.onBody(partOfBody(chunk, at, Number.POSITIVE_INFINITY))
    return chunk.length
  }

  private pushSized(chunk: Buffer, at: number): number {
    const body = partOfBody(chunk, at, this.left)
    const end = at + body.length
    this.left -= body.length
    this.listener.onBody(body)
    if (this.left === 0) this.end(chunk.length - end)
    return end
  }

  private pushChunked(chunk: Buffer, at: number): number {
    const decoder = this.chunked as ChunkedDecoder
    let next: number
    try {
      next = decoder.push(chunk, at)
    } catch (error) {
      throw asResponseFault(error)
    } finally {
      // What came before a fault is the client's all the same.
      const body = decoder.takeBody()
      if (body.length > 0) this.listener.onBody(body)
    }
    if (!decoder.isDone) return next
    // Others would heed such a field, and take no other response on the connection then.
    if (decoder.hasOddTrailer) this.mayGoOn = false
    this.end(chunk.length - next)
    return next
  }

  /** `surplus`: bytes behind the response; nobody asked for them, so nobody can say whose they are. */
  private end(surplus: number): void {
    this.state = 'idle'
    if (surplus > 0) this.mayGoOn = false
    this.listener.onEnd()
  }
}

function asResponseFault(error: unknown): unknown {
  if (!(error instanceof ChunkFault)) return error
  return new ResponseFault(error.code === 'TRAILER' ? 'RESPONSE_TRAILER' : 'RESPONSE_CHUNK')
}
