/** What an upstream's 100 is turned into, so that the parser takes it for any other interim response. */
export const HIDDEN_STATUS = 199

const LINE_LIMIT = 8 * 1024
const HEAD_LIMIT = 64 * 1024
const LF = 10
const CR = 13
/** No line of HTTP begins with it: the parser refuses the response. */
const REFUSED = 0

/**
 * Stands between an upstream's socket and undici's parser while a response's head is awaited. It
 * makes two things right that the parser does not: a 100 that nobody asked for breaks the connection
 * there though RFC 9110 §15.2 has it ignored, and a reason phrase that comes in two reads loses its
 * beginning. So status lines and interim heads pass whole, and 100 passes as 199.
 */
export class StatusLines {
  /** Set by whoever reads the socket where it broke; cleared by expectHead. */
  isBroken = false
  private isLatestHttp10 = false
  private held: Buffer | null = null
  private isAwaited = false

  /** Whether the response that passed last is one of HTTP/1.0. */
  get isHttp10(): boolean {
    return this.isLatestHttp10
  }

  /** Called when a request is written: from now to the final response's first line, lines are held together. */
  expectHead(): void {
    // What a connection that broke has left behind is no part of the next one's response.
    this.held = null
    this.isAwaited = true
    this.isBroken = false
  }

  /** What the parser may see of `chunk`; null: more must come first. */
  pass(chunk: Buffer): Buffer | null {
    if (!this.isAwaited) return chunk
    const bytes = this.held === null ? chunk : Buffer.concat([this.held, chunk])
    this.held = null
    const { end, final } = findPassable(bytes)
    this.isAwaited = final < 0
    if (!this.isAwaited) this.isLatestHttp10 = bytes[final + MINOR_OFFSET] === DIGIT_ZERO
    if (end < bytes.length) this.held = bytes.subarray(end)
    return end === 0 ? null : bytes.subarray(0, end)
  }
}

/**
 * How many bytes may pass: whole interim heads, then everything from a whole final status line on,
 * which begins at `final`; -1: it is yet to come.
 */
function findPassable(bytes: Buffer): { readonly end: number; readonly final: number } {
  let start = 0
  while (start < bytes.length) {
    // The parser passes over what stands before a line.
    while (bytes[start] === CR || bytes[start] === LF) start += 1
    const lineEnd = bytes.indexOf(LF, start)
    if (lineEnd < 0 && bytes.length - start < LINE_LIMIT) return { end: start, final: -1 }
    if (lineEnd >= 0 && hasBareReturn(bytes, start, lineEnd)) bytes[start] = REFUSED
    if (lineEnd < 0 || !isInterim(bytes, start)) break
    const headEnd = bytes.indexOf('\r\n\r\n', start, 'latin1')
    if (headEnd < 0 && bytes.length - start < HEAD_LIMIT) return { end: start, final: -1 }
    if (headEnd < 0) break
    hideContinue(bytes, start)
    start = headEnd + 4
  }
  return { end: bytes.length, final: start < bytes.length ? start : -1 }
}

const DIGIT_ZERO = 48
const DIGIT_ONE = 49
const MINOR_OFFSET = 'HTTP/1.'.length
const STATUS_OFFSET = 'HTTP/1.1 '.length

/** The parser takes two CR for the end of a status line; to other readers the line goes on. */
function hasBareReturn(bytes: Buffer, start: number, lineEnd: number): boolean {
  const at = bytes.indexOf(CR, start)
  return at >= 0 && at < lineEnd - 1
}

/** 1xx other than 101, after which no HTTP follows. */
function isInterim(bytes: Buffer, start: number): boolean {
  if (bytes[start + STATUS_OFFSET] !== DIGIT_ONE) return false
  const status = bytes.toString('latin1', start + STATUS_OFFSET, start + STATUS_OFFSET + 3)
  return /^1\d\d$/.test(status) && status !== '101'
}

function hideContinue(bytes: Buffer, start: number): void {
  const at = start + STATUS_OFFSET
  if (bytes.toString('latin1', at, at + 3) === '100')
    bytes.write(String(HIDDEN_STATUS), at, 'latin1')
}
