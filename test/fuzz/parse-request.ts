import { METHODS } from 'node:http'
import {
  bad,
  type Fields,
  framingOf,
  type Outcome,
  parseChunked,
  parseHead,
  parseSized,
  valuesOf,
} from './parse-message.ts'

/** One request, as a reader understands it who takes nothing on trust. */
export interface ParsedRequest {
  readonly method: string
  readonly target: string
  readonly minor: 0 | 1
  readonly fields: Fields
  readonly body: string
  readonly end: number
  /** After it no HTTP comes on this connection. */
  readonly isLast: boolean
  /** Why it must go nowhere although its bounds are clear; null: it may go on. */
  readonly refusal: string | null
}

/** Limit on a head with room for what different readers count. */
const HEAD_BYTES = 20_000

/** In other letters than these a method is another one, which some take for the same (RFC 9110 §9.1). */
const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS)

// Node's parser reads RTSP and ICE as HTTP, and doesn't say so; the framing is the same.
// More than one space is allowed to be read so (RFC 9112 §3).
const REQUEST_LINE =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) +([\x21-\x7e\x80-\xff]+) +(?:HTTP|RTSP|ICE)\/1\.([01])$/

/** Reads one request from `start`; empty lines before it are skipped (RFC 9112 §2.2). */
export function parseRequest(bytes: string, start: number): Outcome<ParsedRequest> {
  let from = start
  while (bytes.startsWith('\r\n', from)) from += 2
  const outcome = parseHead(bytes, from)
  if (outcome.state !== 'message') return outcome
  const { line, fields, end } = outcome.message
  if (end - from > HEAD_BYTES) return bad('long head')
  const match = REQUEST_LINE.exec(line)
  if (match === null) return bad('request line')
  const [, method = '', target = '', minor] = match
  const framing = framingOf(fields)
  if (framing === null || (framing === 'chunked' && minor === '0')) return bad('framing')
  const rest =
    framing === 'chunked'
      ? parseChunked(bytes, end)
      : parseSized(bytes, end, framing === 'none' ? 0 : framing)
  if (rest.state !== 'message') return rest
  const hasBody = framing === 'chunked' || (framing !== 'none' && framing > 0)
  const bare = { method, target, minor: minor === '1' ? 1 : 0, fields, ...rest.message } as const
  const request = { ...bare, hasBody }
  return {
    state: 'message',
    message: { ...bare, isLast: isLast(request), refusal: findRefusal(request) },
  }
}

/** Reads what a client sent on one connection; `isClear` is false where a rest is left that is no request. */
export function parseRequests(bytes: string): {
  readonly requests: readonly ParsedRequest[]
  readonly isClear: boolean
} {
  const requests: ParsedRequest[] = []
  let at = 0
  while (/[^\r\n]/.test(bytes.slice(at, at + 64))) {
    const outcome = parseRequest(bytes, at)
    if (outcome.state !== 'message') return { requests, isClear: false }
    requests.push(outcome.message)
    at = outcome.message.end
    if (outcome.message.isLast) return { requests, isClear: at >= bytes.length }
  }
  return { requests, isClear: /^(?:\r\n)*\r?$/.test(bytes.slice(at)) }
}

type Bare = Omit<ParsedRequest, 'isLast' | 'refusal'> & { readonly hasBody: boolean }

function isLast({ method, minor, fields, hasBody }: Bare): boolean {
  const options = connectionOptions(fields)
  if (options.includes('close') || method === 'CONNECT') return true
  if (minor === 0) return !options.includes('keep-alive')
  // One with a body is refused, and its connection goes on as any does (RFC 9112 §9.3).
  return method === 'GET' && isWebSocket(fields) && !hasBody
}

function connectionOptions(fields: Fields): string[] {
  const options = valuesOf(fields, 'connection').join(',').split(',')
  return options.map((option) => option.trim().toLowerCase())
}

function isWebSocket(fields: Fields): boolean {
  if (!connectionOptions(fields).includes('upgrade')) return false
  return /^websocket$/i.test(valuesOf(fields, 'upgrade').join(','))
}

function findRefusal({ method, target, minor, fields, hasBody }: Bare): string | null {
  const hosts = valuesOf(fields, 'host')
  if (hosts.length > 1) return 'two hosts'
  if (hosts.length === 0 && minor === 1) return 'no host'
  if (!isHost(hosts[0] ?? '')) return 'bad host'
  if (fields.length > 100) return 'too many fields'
  if (!KNOWN_METHODS.has(method) && KNOWN_METHODS.has(method.toUpperCase())) return 'letters'
  if (method === 'TRACE' || method === 'CONNECT') return method
  if (minor === 1 && expectations(fields).some((one) => one !== '100-continue'))
    return 'expectation'
  const path = target.split('?')[0] as string
  if (/#|^\*$|^[^/:]+$/.test(path)) return 'target'
  if (/(^|[/\\])(\.|%2e){2}([/\\]|$)/i.test(path)) return 'escape'
  if (isWebSocket(fields) && hasBody && method === 'GET') return 'handshake with body'
  return null
}

/** Whether a text is `uri-host [":" port]` (RFC 9110 §7.2), told by what may not be in it. */
function isHost(text: string): boolean {
  const port = /:[0-9]*$/.exec(text)?.[0] ?? ''
  const host = text.slice(0, text.length - port.length)
  if (/^\[.*\]$/.test(host))
    return /^\[(?:v[0-9a-f]+\.[^\s[\]@/?#%"<>\\^`{|}]+|[0-9a-f:.]+(?:%[a-z0-9._~-]+)?)\]$/i.test(
      host,
    )
  return !/[^!-~]|[[\]@/?#"<>\\^`{|}:]|%(?![0-9a-f]{2})/i.test(host)
}

function expectations(fields: Fields): string[] {
  const all = valuesOf(fields, 'expect')
  return all.flatMap((value) => value.split(',').map((one) => one.trim().toLowerCase()))
}
