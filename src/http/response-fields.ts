import { HOP_BY_HOP, lowerName } from './header-names.ts'

/** Thrown for a response whose framing can't be passed on safely. */
export class ResponseFramingError extends Error {
  override readonly name = 'ResponseFramingError'
  readonly code = 'KEYWAY_RESPONSE_FRAMING'
}

/**
 * Decodes a response's fields and leaves out those that RFC 9110 §7.6.1 forbids a proxy to forward.
 * `raw` is name, value, name, value… as undici's parser cut them out of the socket's bytes.
 */
export function readResponseFields(raw: readonly Buffer[]): string[] {
  const fields = decodeFields(raw)
  let kept = 0
  let connection: string | null = null
  let codings = 0
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string
    const value = fields[i + 1] as string
    if (mayBeHopByHop(name.length)) {
      const lower = lowerName(name)
      if (lower === 'connection')
        connection = connection === null ? value : `${connection},${value}`
      if (lower === 'transfer-encoding') assertChunked(value, ++codings)
      if (HOP_BY_HOP.has(lower)) continue
    }
    fields[kept++] = name
    fields[kept++] = value
  }
  fields.length = kept
  return connection === null ? fields : removeNamed(fields, connection)
}

/** Whether fields, raw as above, hold any that RFC 9110 §7.6.1 forbids a proxy to forward. */
export function hasHopByHop(raw: readonly Buffer[]): boolean {
  return raw.some((part, i) => i % 2 === 0 && HOP_BY_HOP.has(part.toString('latin1').toLowerCase()))
}

/** Lengths of the names in HOP_BY_HOP, so that most names are never folded to lower case. */
function mayBeHopByHop(length: number): boolean {
  return (
    length === 10 || length === 17 || length === 7 || length === 2 || (length > 15 && length < 20)
  )
}

/** As the parser knows it; it takes a tab behind for another coding, and the chunks for the body. */
const CHUNKED = /^chunked *$/i

/** The parser takes any other coding off with `chunked`, so the body would arrive still coded and unlabelled. */
function assertChunked(value: string, count: number): void {
  if (count > 1 || !CHUNKED.test(value)) {
    throw new ResponseFramingError('the response has a transfer coding other than chunked')
  }
}

function removeNamed(fields: string[], connection: string): string[] {
  const lower = connection.toLowerCase()
  if (lower === 'keep-alive' || lower === 'close') return fields
  const named = new Set(lower.split(',').map((name) => name.trim()))
  return fields.filter((_, i) => !named.has(lowerName(fields[i - (i % 2)] as string)))
}

/**
 * One decoding of the whole head and cuts out of that string: a call into C++ for each name and
 * value would cost more than everything else done to a response.
 */
function decodeFields(raw: readonly Buffer[]): string[] {
  const first = raw[0]
  const last = raw[raw.length - 1]
  if (first === undefined || last === undefined) return []
  const start = first.byteOffset
  const length = last.byteOffset + last.length - start
  if (!isOneRun(raw, first, length)) return raw.map((part) => part.toString('latin1'))
  const head = Buffer.from(first.buffer, start, length).toString('latin1')
  const fields = new Array<string>(raw.length)
  for (let i = 0; i < raw.length; i++) {
    const part = raw[i] as Buffer
    const from = part.byteOffset - start
    fields[i] = head.slice(from, from + part.length)
  }
  return fields
}

/** False where the head came in several reads: its parts then lie in different memory. */
function isOneRun(raw: readonly Buffer[], first: Buffer, length: number): boolean {
  const { buffer } = first
  let end = first.byteOffset
  for (const part of raw) {
    if (part.buffer !== buffer || part.byteOffset < end) return false
    end = part.byteOffset + part.length
  }
  return length >= 0
}
