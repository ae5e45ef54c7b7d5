const END = Buffer.from('\r\n\r\n')
const LF = 10
const CR = 13

/** Why no head can come of the bytes any more: the first of these that the bytes show, however they are cut. */
export type HeadFault = 'too-long' | 'line-end' | 'beginning'

/** Collects the bytes of a message's head, whichever way they are cut. */
export class HeadCollector {
  /** From its first line to the CRLF of its last field; '' until it is whole. */
  text = ''
  /** Set where no head can come of the bytes. */
  fault: HeadFault | null = null
  private readonly limitBytes: number
  private readonly mayBegin: (byte: number) => boolean
  private parts = ''
  /** The last three bytes of `parts`, so that it need not be put together for each piece. */
  private tail = ''
  private hasBegun = false
  /** Whether the CR of an empty line came, and its LF not yet. */
  private isInEmptyLine = false
  private bytes = 0

  /** `mayBegin`: whether a head may have this byte as its first. What is no HTTP at all, such as a TLS handshake, may never come to the end of a head. */
  constructor(limitBytes: number, mayBegin: (byte: number) => boolean) {
    this.limitBytes = limitBytes
    this.mayBegin = mayBegin
  }

  /** Bytes of this head so far, with those of empty lines before it. */
  get size(): number {
    return this.bytes
  }

  /** Whether anything but empty lines has come. */
  get isBegun(): boolean {
    return this.hasBegun
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
    if (this.fault !== null || from === chunk.length) return -1
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
    if (this.bytes > this.limitBytes) this.fault = 'too-long'
    else if (at < chunk.length) this.begin(chunk[at] as number)
    return at
  }

  private begin(byte: number): void {
    this.hasBegun = true
    if (this.isInEmptyLine) this.fault = 'line-end'
    else if (!this.mayBegin(byte)) this.fault = 'beginning'
  }

  private complete(text: string, size: number, next: number): number {
    const emptyBytes = this.bytes - this.parts.length
    this.bytes += size
    if (this.bytes <= this.limitBytes) {
      this.text = text
      return next
    }
    // In pieces, what is wrong within the limit would have been seen before the limit.
    const seen = text.slice(0, this.limitBytes + 1 - emptyBytes)
    this.fault = hasBareLineFeed(seen, 0) ? 'line-end' : 'too-long'
    return -1
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
      this.bytes += to - from
      if (this.bytes > this.limitBytes) this.fault ??= 'too-long'
      return -1
    }
    const size = end + 4 - this.tail.length
    const text = this.parts + fresh.slice(0, Math.max(0, size))
    return this.complete(text.slice(0, this.parts.length + size - 2), size, from + size)
  }
}

/** Whether a line ends in LF alone: its sender would wait for ever for our reading of it. */
export function hasBareLineFeed(text: string, start: number): boolean {
  for (let at = text.indexOf('\n', start); at >= 0; at = text.indexOf('\n', at + 1))
    if (text.charCodeAt(at - 1) !== CR) return true
  return false
}
