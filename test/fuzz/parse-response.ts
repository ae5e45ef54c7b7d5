import {
  bad,
  type Fields,
  framingOf,
  type Outcome,
  parseChunked,
  parseHead,
  parseSized,
} from './parse-message.ts'

/** One response, as a reader understands it who takes nothing on trust. */
export interface ParsedResponse {
  readonly status: number
  readonly reason: string
  readonly fields: Fields
  readonly trailers: Fields
  readonly body: string
  readonly end: number
  /** How it said where its body ends. */
  readonly framing: 'none' | 'chunked' | 'length' | 'close'
}

/** Whether more can come on the connection. */
export type ConnectionState = 'open' | 'ended' | 'reset'

// Readers may ignore the reason phrase, whatever bytes it has (RFC 9112 §4).
const STATUS_LINE = /^HTTP\/1\.[01] ([1-9]\d\d)(?: (.*))?$/s

/** Reads one response to a request with `method`. */
export function parseResponse(
  bytes: string,
  start: number,
  method: string,
  connection: ConnectionState,
): Outcome<ParsedResponse> {
  const outcome = parseHead(bytes, start)
  if (outcome.state !== 'message') return outcome
  const { line, fields, end } = outcome.message
  const match = STATUS_LINE.exec(line)
  if (match === null) return bad('status line')
  const status = Number(match[1])
  const head = { status, reason: match[2] ?? '', fields, trailers: [] }
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD')
    return { state: 'message', message: { ...head, body: '', end, framing: 'none' } }
  const framing = framingOf(fields)
  if (framing === null) return bad('framing')
  if (framing === 'none') {
    if (connection === 'reset') return bad('reset')
    if (connection === 'open') return { state: 'incomplete' }
    const body = bytes.slice(end)
    return { state: 'message', message: { ...head, body, end: bytes.length, framing: 'close' } }
  }
  const rest = framing === 'chunked' ? parseChunked(bytes, end) : parseSized(bytes, end, framing)
  if (rest.state !== 'message') return rest
  const kind = framing === 'chunked' ? 'chunked' : 'length'
  return { state: 'message', message: { ...head, ...rest.message, framing: kind } }
}
