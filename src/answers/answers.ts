/** What Keyway says when it answers by itself. */
export interface Answer {
  readonly status: number
  /** Stable; sent as `x-keyway-error` too. */
  readonly code: AnswerCode
  /** For the client: no credential, no upstream's address. */
  readonly message: string
  readonly retryAfterSeconds?: number
  /** Further fields, flat. */
  readonly fields?: readonly string[]
}

/** The code of an answer of Keyway's own. */
export type AnswerCode = keyof typeof ANSWERS

interface AnswerRow {
  readonly status: number
  /** What is said unless the moment knows more. */
  readonly message: string
  readonly retryAfterSeconds?: number
}

/** Every answer that Keyway makes itself, by its code; docs/wire.md says what to do about each. */
const ANSWERS = {
  ambiguous_path: {
    status: 400,
    message:
      'Servers read this path in several ways ("//", ";", "\\" or encoded signs in it), which would be decided differently.',
  },
  bad_body: { status: 400, message: 'The request body is malformed.' },
  bad_message: { status: 400, message: 'The message is malformed or ambiguous.' },
  bad_target: { status: 400, message: 'The request target is neither a path nor an http(s) URL.' },
  bad_value: {
    status: 400,
    message: "A value of this request can't be written where the configuration puts it.",
  },
  credential_conflict: { status: 400, message: 'Two different credentials were sent; send one.' },
  credential_malformed: {
    status: 400,
    message: 'What stands in the place of a credential is not one credential.',
  },
  handshake_with_body: { status: 400, message: 'A WebSocket handshake has no body.' },
  host_invalid: {
    status: 400,
    message: 'The Host field holds no host, or more than one and its port.',
  },
  host_missing: { status: 400, message: 'An HTTP/1.1 request needs a Host field.' },
  host_repeated: { status: 400, message: 'The request has more than one Host field.' },
  tls_missing: {
    status: 400,
    message: 'This port speaks TLS: the URL begins with https:// here, and not with http://.',
  },
  tls_unexpected: {
    status: 400,
    message: 'This port speaks no TLS: the URL begins with http:// here, and not with https://.',
  },
  transfer_coding: {
    status: 400,
    message: 'The only transfer coding of a request may be chunked.',
  },
  unsafe_path: {
    status: 400,
    message: 'The path holds "." or ".." as a segment, or bytes that no path may hold.',
  },
  unsendable: { status: 400, message: 'The request can not be written as HTTP.' },
  client_unauthenticated: { status: 401, message: 'This proxy wants a client token.' },
  credential_misplaced: {
    status: 403,
    message: 'A credential stands in a place where this route looks for none.',
  },
  credential_not_accepted: {
    status: 403,
    message: 'The upstream does not accept a credential of this kind.',
  },
  credential_refused: { status: 403, message: 'A credential of this kind is never forwarded.' },
  foreign_origin: {
    status: 403,
    message:
      'This request comes from a web page of another origin, or names another host; server.origins and server.hosts list those that may send it.',
  },
  rejected: { status: 404, message: 'The configuration refuses this request.' },
  no_route: { status: 404, message: 'No route matches this request.' },
  connect_refused: { status: 405, message: 'CONNECT is not served.' },
  trace_refused: { status: 405, message: 'TRACE is not forwarded.' },
  body_timeout: { status: 408, message: 'The request body stopped coming.' },
  headers_timeout: { status: 408, message: 'The header fields did not come in time.' },
  body_too_large: { status: 413, message: 'The request body is too large.' },
  chunk_extensions_too_large: { status: 413, message: 'The chunk extensions are too long.' },
  expectation: { status: 417, message: 'The only expectation that can be met is 100-continue.' },
  address_busy: {
    status: 429,
    message: 'This address has as many requests under way as one may have.',
    retryAfterSeconds: 1,
  },
  rate_limited: { status: 429, message: 'Too many requests; try again later.' },
  too_many_at_once: {
    status: 429,
    message: 'Too many requests are under way; wait for one to end.',
  },
  headers_too_large: { status: 431, message: 'The header fields are too long.' },
  too_many_fields: { status: 431, message: 'The request has too many header fields.' },
  upstream_failed: {
    status: 502,
    message: 'The upstream broke off the connection or sent no valid response.',
  },
  upstream_unreachable: { status: 502, message: 'The upstream could not be reached.' },
  upstream_untrusted: { status: 502, message: "The upstream's certificate could not be verified." },
  upstream_unusable: {
    status: 502,
    message: 'The upstream is not configured in a way that can be used.',
  },
  audit_unavailable: {
    status: 503,
    message: 'The use of a secret can not be noted just now, so it is not used.',
  },
  secret_unavailable: {
    status: 503,
    message: 'The credential for this service is not available at the moment.',
  },
  keys_resting: {
    status: 503,
    message: 'All keys for this service rest, as it has refused more requests by them.',
  },
  limits_unavailable: {
    status: 503,
    message: 'Requests can not be counted at the moment.',
    retryAfterSeconds: 1,
  },
  upstream_overloaded: {
    status: 503,
    message: 'Too many requests to this upstream are under way; try again shortly.',
    retryAfterSeconds: 1,
  },
  request_timeout: { status: 504, message: 'The request took longer than its route allows.' },
  upstream_connect_timeout: {
    status: 504,
    message: 'The upstream did not accept a connection in time.',
  },
  upstream_timeout: { status: 504, message: 'The upstream did not answer in time.' },
  loop_detected: {
    status: 508,
    message: 'This request came round: an upstream of this proxy leads back to it.',
  },
  http_version: { status: 505, message: 'Only HTTP/1.0 and HTTP/1.1 are spoken here.' },
}

/** Codes with the status that each has unless the file says another. */
export const ANSWER_STATUS: ReadonlyMap<AnswerCode, number> = new Map(
  Object.entries(ANSWERS).map(([code, { status }]) => [code as AnswerCode, status]),
)

/** The answer with a code; `message` says more than the table where the moment knows more. */
export function answerOf(code: AnswerCode, message: string = ANSWERS[code].message): Answer {
  const row: AnswerRow = ANSWERS[code]
  return { ...row, code, message }
}
