/** What can go wrong with a request at an upstream, beside the network's errors and a faulty response. */
export type UpstreamErrorCode =
  | 'UPSTREAM_CONNECT_TIMEOUT'
  | 'UPSTREAM_HEADERS_TIMEOUT'
  | 'UPSTREAM_IDLE_TIMEOUT'
  | 'UPSTREAM_CLOSED'
  | 'UPSTREAM_STALE'
  | 'UPSTREAM_REFUSED'
  | 'REQUEST_CANCELLED'
  | 'REQUEST_LENGTH'

const MESSAGES: Readonly<Record<UpstreamErrorCode, string>> = {
  UPSTREAM_CONNECT_TIMEOUT: 'the upstream took too long to connect',
  UPSTREAM_HEADERS_TIMEOUT: 'the upstream took too long to answer',
  UPSTREAM_IDLE_TIMEOUT: 'the upstream was silent for too long amid its response',
  UPSTREAM_CLOSED: 'the upstream closed the connection before it had answered',
  UPSTREAM_STALE: 'the upstream closed a kept connection just as it was used again',
  UPSTREAM_REFUSED: 'the upstream says that it did not begin with the request',
  REQUEST_CANCELLED: 'the request was cancelled',
  REQUEST_LENGTH: 'the body of the request has not the length that it announced',
}

/** A failure at an upstream; names no address. */
export class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly code: UpstreamErrorCode

  constructor(code: UpstreamErrorCode) {
    super(MESSAGES[code])
    this.code = code
  }
}
