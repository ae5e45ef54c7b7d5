import type { OwnError } from '../client/errors.ts'

/** An error of Keyway's before its route says in which envelope. */
export type Failure = Omit<OwnError, 'errors'>

const UNREACHABLE: Failure = {
  status: 502,
  code: 'upstream_unreachable',
  message: 'The upstream could not be reached.',
}
const UNTRUSTED: Failure = {
  status: 502,
  code: 'upstream_untrusted',
  message: "The upstream's certificate could not be verified.",
}
const FAILED: Failure = {
  status: 502,
  code: 'upstream_failed',
  message: 'The upstream broke off the connection or sent no valid response.',
}
const CONNECT_TIMEOUT: Failure = {
  status: 504,
  code: 'upstream_connect_timeout',
  message: 'The upstream did not accept a connection in time.',
}
const TIMEOUT: Failure = {
  status: 504,
  code: 'upstream_timeout',
  message: 'The upstream did not answer in time.',
}

/** The request took longer than its route allows. */
export const TOTAL_TIMEOUT: Failure = {
  status: 504,
  code: 'request_timeout',
  message: 'The request took longer than its route allows.',
}

/** Every connection to the upstream is in use, and as many requests wait as may. */
export const OVERLOADED: Failure = {
  status: 503,
  code: 'upstream_overloaded',
  message: 'Too many requests to this upstream are under way; try again shortly.',
  retryAfterSeconds: 1,
}

/** The request's body is longer than its route allows. */
export const BODY_TOO_LARGE: Failure = {
  status: 413,
  code: 'body_too_large',
  message: 'The request body is too large.',
}

/** The client stopped sending amid its body. */
export const BODY_TIMEOUT: Failure = {
  status: 408,
  code: 'body_timeout',
  message: 'The request body stopped coming.',
}

/** The client's chunks can't be told apart. */
export const BAD_BODY: Failure = {
  status: 400,
  code: 'bad_body',
  message: 'The request body is malformed.',
}

/** The files that the upstream's settings name can't be read. */
export const UNUSABLE: Failure = {
  status: 502,
  code: 'upstream_unusable',
  message: 'The upstream is not configured in a way that can be used.',
}

const UNSENDABLE: Failure = {
  status: 400,
  code: 'unsendable',
  message: 'The request can not be written as HTTP.',
}

const BY_CODE: Readonly<Record<string, Failure>> = {
  UND_ERR_CONNECT_TIMEOUT: CONNECT_TIMEOUT,
  ETIMEDOUT: CONNECT_TIMEOUT,
  UND_ERR_HEADERS_TIMEOUT: TIMEOUT,
  UND_ERR_BODY_TIMEOUT: TIMEOUT,
  UND_ERR_INVALID_ARG: UNSENDABLE,
  UND_ERR_NOT_SUPPORTED: UNSENDABLE,
}

/** Says what an error of undici or the network means for the client; names no address. */
export function describeFailure(error: Error, wasConnected: boolean): Failure {
  const code = codeOf(error)
  const known = BY_CODE[code]
  if (known) return known
  if (wasConnected) return FAILED
  return isCertificateError(code) ? UNTRUSTED : UNREACHABLE
}

/** The error's code, safe for a log. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

function isCertificateError(code: string): boolean {
  return (
    code.startsWith('ERR_TLS') ||
    code.startsWith('CERT_') ||
    code.includes('SELF_SIGNED') ||
    code.startsWith('UNABLE_TO')
  )
}
