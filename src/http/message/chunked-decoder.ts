import { ChunkFault } from './chunk-fault.ts'
import { areLines, readFields } from './message-fields.ts'

const CR = 13
const LF = 10
const SPACE = 32
const TAB = 9
const SEMICOLON = 59

/** Bytes of a chunk's extensions; nobody who means well writes more. */
const EXTENSION_BYTES = 4 * 1024
/** A size that takes another digit: a number holds thirteen of them exactly. */
const SIZE_LIMIT = 16 ** 12
/** Digits of a size; zeros may stand before it (RFC 9112 §7.1). */
const SIZE_DIGITS = 4 * 1024

const NOTHING = Buffer.alloc(0)

type State =
  | 'size'
  | 'blank'
  | 'extension'
  | 'size-lf'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'done'

/** Takes the chunked coding off a body (RFC 9112 §7.1), in the memory it came in. Throws a ChunkFault. */
export class ChunkedDecoder {
  isDone = false
  /** Whether a field stands in the trailer that belongs in none, such as Connection (RFC 9110 §6.5.1). */
  hasOddTrailer = false
  private state: State = 'size'
  private size = 0
  private digits = 0
  private extensionBytes = 0
  /** Where in the last chunk its piece of the body lies; -1: it has none. */
  private from = -1
  private to = 0
  private trailer = ''
  private body: Buffer = NOTHING
  private readonly trailerBytes: number

  /** `trailerBytes`: what the trailer may have. */
  constructor(trailerBytes: number) {
    this.trailerBytes = trailerBytes
  }

  /** Makes it ready for another body. */
  reset(): void {
    this.body = NOTHING
    this.isDone = false
    this.hasOddTrailer = false
    this.state = 'size'
    this.size = 0
    this.digits = 0
    this.trailer = ''
  }

  /**
   * Takes bytes from `start` on; the index behind the body's end, or that of the chunk's. The
   * pieces of the body are moved together within `chunk`, which is nobody else's.
   */
  push(chunk: Buffer, start: number): number {
    this.from = -1
    let at = start
    try {
      while (at < chunk.length && !this.isDone) {
        if (this.state === 'data') at = this.takeData(chunk, at)
        else if (this.state === 'trailer') at = this.readTrailer(chunk, at)
        else at = this.readFrame(chunk, at)
      }
      return at
    } finally {
      this.body = this.from < 0 ? NOTHING : chunk.subarray(this.from, this.to)
    }
  }

  /**
   * What the last push brought of the body, in one piece; also where it threw. Not kept: a stream may
   * be quiet for long, and its last piece has the memory of many reads behind it.
   */
  takeBody(): Buffer {
    const { body } = this
    this.body = NOTHING
    return body
  }

  private takeData(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.size)
    if (this.from < 0) {
      this.from = at
      this.to = end
    } else {
      chunk.copyWithin(this.to, at, end)
      this.to += end - at
    }
    this.size -= end - at
    if (this.size === 0) this.state = 'data-cr'
    return end
  }

  /** Reads what stands around the data, byte by byte. */
  private readFrame(chunk: Buffer, start: number): number {
    let at = start
    while (at < chunk.length && this.state !== 'data' && this.state !== 'trailer') {
      this.step(chunk[at] as number)
      at += 1
    }
    return at
  }

  private step(byte: number): void {
    switch (this.state) {
      case 'size':
        this.readSize(byte)
        return
      case 'blank':
        if (byte === SEMICOLON) this.state = 'extension'
        else if (byte !== SPACE && byte !== TAB) throw new ChunkFault('CHUNK')
        this.countExtension()
        return
      case 'extension':
        if (byte === CR) this.state = 'size-lf'
        else if (isControl(byte)) throw new ChunkFault('CHUNK')
        this.countExtension()
        return
      case 'size-lf':
        this.expect(byte, LF, this.size === 0 ? 'trailer' : 'data')
        return
      case 'data-cr':
        this.expect(byte, CR, 'data-lf')
        return
      default:
        this.expect(byte, LF, 'size')
        this.digits = 0
    }
  }

  private readSize(byte: number): void {
    const digit = hexDigit(byte)
    if (digit >= 0) {
      this.digits += 1
      if (this.size >= SIZE_LIMIT || this.digits > SIZE_DIGITS) throw new ChunkFault('CHUNK')
      this.size = this.size * 16 + digit
      return
    }
    if (this.digits === 0) throw new ChunkFault('CHUNK')
    this.extensionBytes = 0
    if (byte === CR) this.state = 'size-lf'
    else if (byte === SEMICOLON) this.state = 'extension'
    else if (byte === SPACE || byte === TAB) this.state = 'blank'
    else throw new ChunkFault('CHUNK')
  }

  private countExtension(): void {
    this.extensionBytes += 1
    if (this.extensionBytes > EXTENSION_BYTES) throw new ChunkFault('CHUNK_EXTENSION_TOO_LONG')
  }

  private expect(byte: number, wanted: number, next: State): void {
    if (byte !== wanted) throw new ChunkFault('CHUNK')
    this.state = next
  }

  /** Reads trailer lines up to the empty one; they stay behind. */
  private readTrailer(chunk: Buffer, start: number): number {
    const lineEnd = chunk.indexOf(LF, start)
    const end = lineEnd < 0 ? chunk.length : lineEnd + 1
    this.trailer += chunk.toString('latin1', start, end)
    if (this.trailer.length > this.trailerBytes) throw new ChunkFault('TRAILER')
    if (this.trailer === '\r\n' || this.trailer.endsWith('\r\n\r\n')) this.finish()
    // Such a line, and what looks like the end behind it, would be read otherwise by others.
    else if (lineEnd >= 0 && !this.trailer.endsWith('\r\n')) throw new ChunkFault('TRAILER')
    return end
  }

  private finish(): void {
    this.isDone = true
    this.state = 'done'
    if (this.trailer.length === 2) return
    const lines = this.trailer.slice(0, -2)
    const read = areLines(lines, 0) ? readFields(lines, 0, 'end-to-end') : null
    if (read === null) throw new ChunkFault('TRAILER')
    this.hasOddTrailer = read.hasHopByHop || read.length !== null
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

function isControl(byte: number): boolean {
  return (byte < SPACE && byte !== TAB) || byte === 127
}
