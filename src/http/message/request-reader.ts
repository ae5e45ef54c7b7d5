import { ChunkFault } from './chunk-fault.ts'
import { ChunkedDecoder } from './chunked-decoder.ts'
import { HeadCollector } from './head-collector.ts'
import { partOfBody } from './part-of-body.ts'
import { type ParsedRequest, parseRequestHead } from './parse-request-head.ts'
import { RequestFault } from './request-fault.ts'

/** Whoever hears of requests as they are read. */
export interface RequestListener {
  readonly onHead: (head: ParsedRequest) => void
  /** Bytes of the body, never none. */
  readonly onBody: (bytes: Buffer) => void
  /** The request is whole. */
  readonly onEnd: () => void
}

type State = 'head' | 'sized' | 'chunked' | 'stopped'

/** Reads the requests of one connection, one after the other, as RFC 9112 has them and no other way. */
export class RequestReader {
  /** False: behind the request nothing may be served. */
  mayGoOn = true
  private readonly listener: RequestListener
  private readonly head: HeadCollector
  private readonly limitBytes: number
  private chunked: ChunkedDecoder | null = null
  private state: State = 'head'
  private left = 0
  /** Bytes behind the head, of those that it came with. */
  private behindHead = 0

  /** `limitBytes` bounds a head, and a trailer. */
  constructor(listener: RequestListener, limitBytes: number) {
    this.listener = listener
    this.limitBytes = limitBytes
    this.head = new HeadCollector(limitBytes, isOfToken)
  }

  /** Whether nothing of a request has come since the last one; empty lines are none. */
  get isBetween(): boolean {
    return this.state === 'head' && !this.head.isBegun
  }

  /** Whether nothing at all has come since the last request. */
  get isFresh(): boolean {
    return this.state === 'head' && this.head.size === 0
  }

  /** Whether the body of the request whose head was just read came with it, to its last byte. */
  get hasBodyAtHand(): boolean {
    return this.state === 'sized' && this.left <= this.behindHead
  }

  /**
   * Takes bytes from `start` on, of one request at most, and one at least; the index behind them.
   * Throws a RequestFault. What comes after it was stopped is dropped.
   */
  push(chunk: Buffer, start: number): number {
    if (this.state === 'stopped') return chunk.length
    let at = start
    if (this.state === 'head') at = this.pushHead(chunk, at)
    if (at < chunk.length && this.state === 'sized') return this.pushSized(chunk, at)
    if (at < chunk.length && this.state === 'chunked') return this.pushChunked(chunk, at)
    return at
  }

  /** Reads nothing more: nothing behind what it has read may be served. */
  stop(): void {
    this.state = 'stopped'
    this.mayGoOn = false
  }

  private pushHead(chunk: Buffer, start: number): number {
    const { head } = this
    const next = head.push(chunk, start)
    if (head.fault === 'too-long') throw new RequestFault('headers_too_large')
    if (head.fault !== null) {
      const isHandshake = head.size === 0 && chunk[start] === HANDSHAKE
      throw new RequestFault(isHandshake ? 'tls_unexpected' : 'bad_message')
    }
    if (next < 0) return chunk.length
    const parsed = parseRequestHead(head.text)
    head.reset()
    this.behindHead = chunk.length - next
    this.begin(parsed)
    return next
  }

  private begin(parsed: ParsedRequest): void {
    const { framing } = parsed
    if (framing === 'unclear') this.stop()
    else if (framing === 'chunked') this.beginChunks()
    else if (framing > 0) {
      this.state = 'sized'
      this.left = framing
    }
    this.listener.onHead(parsed)
    if (framing === 0) this.listener.onEnd()
  }

  private beginChunks(): void {
    this.state = 'chunked'
    this.chunked ??= new ChunkedDecoder(this.limitBytes)
    this.chunked.reset()
  }

  private pushSized(chunk: Buffer, at: number): number {
    const body = partOfBody(chunk, at, this.left)
    this.left -= body.length
    const isWhole = this.left === 0
    if (isWhole) this.state = 'head'
    this.listener.onBody(body)
    if (isWhole) this.listener.onEnd()
    return at + body.length
  }

  private pushChunked(chunk: Buffer, at: number): number {
    const decoder = this.chunked as ChunkedDecoder
    let next: number
    try {
      next = decoder.push(chunk, at)
    } catch (error) {
      // What came before a fault counts: it may be too much already.
      this.hand(decoder.takeBody())
      throw asRequestFault(error)
    }
    const { isDone } = decoder
    if (isDone) this.state = 'head'
    this.hand(decoder.takeBody())
    if (isDone) this.listener.onEnd()
    return next
  }

  private hand(body: Buffer): void {
    if (body.length > 0) this.listener.onBody(body)
  }
}

/** The first byte of a TLS record that begins a handshake (RFC 8446 §5.1). */
const HANDSHAKE = 0x16

/** A method is a token, and begins as one (RFC 9110 §9.1). */
const OF_TOKEN: readonly boolean[] = Array.from({ length: 256 }, (_, byte) =>
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]$/.test(String.fromCharCode(byte)),
)

function isOfToken(byte: number): boolean {
  return OF_TOKEN[byte] as boolean
}

function asRequestFault(error: unknown): unknown {
  if (!(error instanceof ChunkFault)) return error
  const isLong = error.code === 'CHUNK_EXTENSION_TOO_LONG'
  return new RequestFault(isLong ? 'chunk_extensions_too_large' : 'bad_body')
}
