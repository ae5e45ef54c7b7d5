/**
 * A reader of HTTP/1 messages that takes RFC 9112 at its word and shares no line with Keyway or
 * with its parsers: what it refuses, Keyway may not pass on. Bytes are latin1 text throughout.
 */
export type Outcome<T> =
  | { readonly state: 'message'; readonly message: T }
  /** More bytes could make it a message. */
  | { readonly state: 'incomplete' }
  | { readonly state: 'bad'; readonly reason: string }

/** Name, in lower case, and value of each field, in order. */
export type Fields = readonly (readonly [name: string, value: string])[]

/** The start line and fields of a message, and where its body begins. */
export interface Head {
  readonly line: string
  readonly fields: Fields
  readonly end: number
}

/** A body without its framing; `isWhole` is false where the bytes end before it does. */
export type BodyOutcome = Outcome<{
  readonly body: string
  readonly trailers: Fields
  readonly end: number
}>

const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*)$/

/** Reads a head: lines that end in CRLF, no folding, no control characters. */
export function parseHead(bytes: string, start: number): Outcome<Head> {
  const close = bytes.indexOf('\r\n\r\n', start)
  if (close < 0) return { state: 'incomplete' }
  const [line = '', ...lines] = bytes.slice(start, close).split('\r\n')
  if (/[\r\n]/.test(line)) return bad('start line')
  const fields = parseFields(lines)
  if (fields === null) return bad('field')
  return { state: 'message', message: { line, fields, end: close + 4 } }
}

function parseFields(lines: readonly string[]): Fields | null {
  const fields: [string, string][] = []
  for (const line of lines) {
    const match = FIELD.exec(line)
    if (match === null) return null
    fields.push([(match[1] as string).toLowerCase(), (match[2] as string).replace(/[\t ]+$/, '')])
  }
  return fields
}

/** The values of a field. */
export function valuesOf(fields: Fields, name: string): string[] {
  return fields.filter(([other]) => other === name).map(([, value]) => value)
}

/** How a message's body is delimited; `close` only for responses. null: it can't be told for sure. */
export function framingOf(fields: Fields): 'none' | 'chunked' | number | null {
  const lengths = valuesOf(fields, 'content-length')
  const codings = valuesOf(fields, 'transfer-encoding')
  if (codings.length > 0) {
    if (lengths.length > 0 || codings.length > 1) return null
    return codings[0]?.toLowerCase() === 'chunked' ? 'chunked' : null
  }
  if (lengths.length === 0) return 'none'
  const [length = ''] = lengths
  if (lengths.length > 1 || !/^\d+$/.test(length)) return null
  // What is too long to be is a body that never ends.
  return Number(length)
}

/** Reads a body of a known length. */
export function parseSized(bytes: string, start: number, length: number): BodyOutcome {
  const end = start + length
  if (bytes.length < end) return { state: 'incomplete' }
  return { state: 'message', message: { body: bytes.slice(start, end), trailers: [], end } }
}

// What an extension says is nobody's business; readers differ on its quotes, none lets it hold a line's end.
const EXTENSION = '[\\t ]*;[\\t\\x20-\\x7e\\x80-\\xff]*'
const CHUNK_LINE = new RegExp(`^([0-9A-Fa-f]+)(?:${EXTENSION})?$`)

/** Reads a chunked body, extensions and trailers included. */
export function parseChunked(bytes: string, start: number): BodyOutcome {
  let body = ''
  let at = start
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return { state: 'incomplete' }
    const match = CHUNK_LINE.exec(bytes.slice(at, lineEnd))
    if (match === null) return bad('chunk size')
    const size = Number.parseInt(match[1] as string, 16)
    if (!Number.isSafeInteger(size)) return bad('chunk size')
    at = lineEnd + 2
    if (size === 0) return parseTrailers(bytes, at, body)
    if (bytes.length < at + size + 2) return { state: 'incomplete' }
    if (bytes.slice(at + size, at + size + 2) !== '\r\n') return bad('chunk end')
    body += bytes.slice(at, at + size)
    at += size + 2
  }
}

function parseTrailers(bytes: string, start: number, body: string): BodyOutcome {
  if (bytes.startsWith('\r\n', start))
    return { state: 'message', message: { body, trailers: [], end: start + 2 } }
  const close = bytes.indexOf('\r\n\r\n', start)
  if (close < 0) return { state: 'incomplete' }
  const trailers = parseFields(bytes.slice(start, close).split('\r\n'))
  if (trailers === null) return bad('trailer')
  return { state: 'message', message: { body, trailers, end: close + 4 } }
}

/** A refusal. */
export function bad(reason: string): { readonly state: 'bad'; readonly reason: string } {
  return { state: 'bad', reason }
}
