import type { RequestHead } from './message.ts'

/** Why a message is refused before anything looks at what it asks for. */
export interface MessageFault {
  readonly status: number
  readonly code: string
  readonly message: string
  /** Another reader could see the message end elsewhere: nothing after it may be served. */
  readonly isFraming: boolean
}

/** No userinfo, path or white space may hide in a Host (RFC 9110 §7.2). */
const HOST_VALUE = /^[A-Za-z0-9._~!$&'()*+,;=:%[\]-]*$/

const FAULTS = {
  version: framingFault(505, 'http_version', 'Only HTTP/1.0 and HTTP/1.1 are spoken here.'),
  fields: fault(431, 'too_many_fields', 'The request has too many header fields.'),
  noHost: fault(400, 'host_missing', 'An HTTP/1.1 request needs a Host field.'),
  twoHosts: fault(400, 'host_repeated', 'The request has more than one Host field.'),
  host: fault(400, 'host_invalid', 'The Host field holds bytes that no host may hold.'),
  coding: framingFault(
    400,
    'transfer_coding',
    'The only transfer coding of a request may be chunked.',
  ),
  expectation: fault(417, 'expectation', 'The only expectation that can be met is 100-continue.'),
  oldCoding: framingFault(400, 'transfer_coding', 'HTTP/1.0 knows no transfer coding.'),
}

/**
 * Finds what Node's parser lets through although two readers could understand it differently:
 * versions other than 1.0 and 1.1, a Host missing, repeated or malformed, codings before `chunked`,
 * codings in HTTP/1.0, more fields than allowed. Everything else ambiguous the parser refuses itself.
 */
export function findFault(request: RequestHead, fieldLimit: number): MessageFault | null {
  const { rawHeaders, httpVersionMajor, httpVersionMinor } = request
  if (httpVersionMajor !== 1) return FAULTS.version
  const coding = request.headers['transfer-encoding']
  if (coding !== undefined) {
    if (httpVersionMinor === 0) return FAULTS.oldCoding
    if (coding.toLowerCase() !== 'chunked') return FAULTS.coding
  }
  // Only now: behind a message whose end is clear the connection may go on.
  if (rawHeaders.length > 2 * fieldLimit) return FAULTS.fields
  if (expectsContinue(request) && request.headers.expect?.toLowerCase() !== '100-continue') {
    return FAULTS.expectation
  }
  return findHostFault(rawHeaders, httpVersionMinor)
}

/** Whether the client waits for a sign before it sends its body; HTTP/1.0 knows none (RFC 9110 §10.1.1). */
export function expectsContinue({ headers, httpVersionMinor }: RequestHead): boolean {
  return headers.expect !== undefined && httpVersionMinor > 0
}

function findHostFault(rawHeaders: readonly string[], minor: number): MessageFault | null {
  let host: string | null = null
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue
    if (host !== null) return FAULTS.twoHosts
    host = rawHeaders[i + 1] as string
  }
  if (host === null) return minor === 0 ? null : FAULTS.noHost
  return HOST_VALUE.test(host) ? null : FAULTS.host
}

function fault(status: number, code: string, message: string): MessageFault {
  return { status, code, message, isFraming: false }
}

function framingFault(status: number, code: string, message: string): MessageFault {
  return { status, code, message, isFraming: true }
}
