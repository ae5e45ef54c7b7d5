const END = Buffer.from('\r\n\r\n')
const LF = 10
const CR = 13

/** Why no head can come of the bytes any more. */
export type HeadFault = 'too-long' | 'line-end'

/** Collects the bytes of a message's head, whichever way they are cut. */
export class HeadCollector {
  /** From its first line to the CRLF of its last field; '' until it is whole. */
  text = ''
  /** Set where no head can come of the bytes. */
  fault: HeadFault | null = null
  private readonly limitBytes: number
  private parts = ''
  /** The last three bytes of `parts`, so that it need not be put together for each piece. */
  private tail = ''
  private hasBegun = false
  /** Whether the CR of an empty line came, and its LF not yet. */
  private isInEmptyLine = false
  private bytes = 0

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  /** Bytes of this head so far, with those of empty lines before it. */
  get size(): number {
    return this.bytes
  }

  /** Whether anything but empty lines has come. */
  get isBegun(): boolean {
    return this.hasBegun
  }

  /** What came of it, where it comes in pieces. */
  get begun(): string {
    return this.parts
  }

  /** Makes it ready for another head. */
  reset(): void {
    this.text = ''
    this.fault = null
    this.parts = ''
    this.tail = ''
    this.hasBegun = false
    this.isInEmptyLine = false
    this.bytes = 0
  }

  /** Takes bytes from `start` on; the index behind the head, or -1 where it is not whole (or faulty). */
  push(chunk: Buffer, start: number): number {
    const from = this.hasBegun ? start : this.skipEmptyLines(chunk, start)
    if (this.fault !== null) return -1
    if (from === chunk.length) return this.wait(0)
    if (this.parts === '') {
      const end = chunk.indexOf(END, from)
      if (end >= 0)
        return this.complete(chunk.toString('latin1', from, end + 2), end + 4 - from, end + 4)
    }
    return this.pushPart(chunk, from)
  }

  private skipEmptyLines(chunk: Buffer, start: number): number {
    let at = start
    while (at < chunk.length && chunk[at] === (this.isInEmptyLine ? LF : CR)) {
      this.isInEmptyLine = !this.isInEmptyLine
      at += 1
    }
    this.bytes += at - start
    this.hasBegun = at < chunk.length
    if (this.hasBegun && this.isInEmptyLine) this.fault = 'line-end'
    return at
  }

  private complete(text: string, size: number, next: number): number {
    this.bytes += size
    if (this.bytes > this.limitBytes) {
      this.fault = 'too-long'
      return -1
    }
    this.text = text
    return next
  }

  /** The head comes in pieces: its end may lie across two of them. */
  private pushPart(chunk: Buffer, from: number): number {
    // Bytes that can't be of this head are not looked at.
    const to = Math.min(chunk.length, from + this.limitBytes - this.bytes + 1)
    const fresh = chunk.toString('latin1', from, to)
    const seen = this.tail + fresh
    const end = seen.indexOf('\r\n\r\n')
    if (end < 0) {
      if (hasBareLineFeed(seen, this.tail.length)) this.fault = 'line-end'
      this.parts += fresh
      this.tail = seen.slice(-3)
      return this.wait(to - from)
    }
    const size = end + 4 - this.tail.length
    const text = this.parts + fresh.slice(0, Math.max(0, size))
    return this.complete(text.slice(0, this.parts.length + size - 2), size, from + size)
  }

  private wait(bytes: number): number {
    this.bytes += bytes
    if (this.bytes > this.limitBytes) this.fault = 'too-long'
    return -1
  }
}

/** A line that ends in LF alone: its sender would wait for ever for our reading of it. */
function hasBareLineFeed(text: string, start: number): boolean {
  for (let at = text.indexOf('\n', start); at >= 0; at = text.indexOf('\n', at + 1))
    if (text.charCodeAt(at - 1) !== CR) return true
  return false
}
