/** Stands between an upstream's socket and undici's parser while a response's head is awaited. */
export interface StatusLines {
  /** Set when a request is written; clears itself at the first line of the final response. */
  isAwaited: boolean
  /** What the parser may see of `chunk`; null: more must come first. */
  readonly pass: (chunk: Buffer) => Buffer | null
}

/** What an upstream's 100 is turned into, so that the parser takes it for any other interim response. */
export const HIDDEN_STATUS = 199

const LINE_LIMIT = 8 * 1024
const HEAD_LIMIT = 64 * 1024
const LF = 10

/**
 * Makes two things right that undici's parser does not: a 100 that nobody asked for breaks the
 * connection there though RFC 9110 §15.2 has it ignored, and a reason phrase that comes in two
 * reads loses its beginning. So status lines and interim heads pass whole, and 100 passes as 199.
 */
export function createStatusLines(): StatusLines {
  let held: Buffer | null = null
  const lines: StatusLines = {
    isAwaited: false,
    pass(chunk) {
      if (!lines.isAwaited) return chunk
      const bytes = held === null ? chunk : Buffer.concat([held, chunk])
      held = null
      const end = passableEnd(bytes, lines)
      if (end < bytes.length) held = bytes.subarray(end)
      return end === 0 ? null : bytes.subarray(0, end)
    },
  }
  return lines
}

/** How many bytes may pass: whole interim heads, then everything from a whole final status line on. */
function passableEnd(bytes: Buffer, lines: StatusLines): number {
  let start = 0
  while (start < bytes.length) {
    const lineEnd = bytes.indexOf(LF, start)
    if (lineEnd < 0 && bytes.length - start < LINE_LIMIT) return start
    if (lineEnd < 0 || !isInterim(bytes, start)) break
    const headEnd = bytes.indexOf('\r\n\r\n', start, 'latin1')
    if (headEnd < 0 && bytes.length - start < HEAD_LIMIT) return start
    if (headEnd < 0) break
    hideContinue(bytes, start)
    start = headEnd + 4
  }
  if (start < bytes.length) lines.isAwaited = false
  return bytes.length
}

const DIGIT_ONE = 49
const STATUS_OFFSET = 'HTTP/1.1 '.length

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
