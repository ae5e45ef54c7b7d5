import type { ClientHttp2Session, OutgoingHttpHeaders } from 'node:http2'
import { headersOf } from '../../../config/language/place.ts'
import { loadCatalogue } from '../../../credentials/catalogue.ts'
import { lowerName } from '../../../http/fields/header-names.ts'
import type { CallHandler, OutgoingRequest } from '../call.ts'
import { writeRepeated } from '../../../http/fields/write-repeated.ts'
import { UpstreamError } from '../upstream-error.ts'
import { Http2Call } from './http2-call.ts'

/** A session, and the requests under way on it. */
export interface CalledSession {
  readonly session: ClientHttp2Session
  readonly calls: Set<Http2Call>
}

/**
 * Sends a request on a session and tells its handler what comes back. Not by undici, whose HTTP/2
 * (client-h2.js of 7.30) lets requests with bodies wait for one another, and takes a graceful GOAWAY
 * for a reset of what is under way.
 */
export function sendOnSession(
  { session, calls }: CalledSession,
  request: OutgoingRequest,
  host: string,
  handler: CallHandler,
): void {
  const first = new FirstCall()
  handler.onConnect(first)
  if (first.isCancelled) {
    handler.onError(new UpstreamError('REQUEST_CANCELLED'))
    return
  }
  try {
    const { body } = request
    const options = { endStream: body === null }
    const headers = writeHeaders(request, host)
    const stream = writeRepeated(headers, (written) => session.request(written, options))
    const call = new Http2Call(stream, request, handler, calls)
    first.call = call
    if (Buffer.isBuffer(body)) stream.end(body)
    else body?.pipeTo(call)
  } catch (error) {
    handler.onError(error as Error)
  }
}

/** What a handler holds before there is a stream. */
class FirstCall {
  isCancelled = false
  call: Http2Call | null = null

  cancel(): void {
    this.isCancelled = true
    this.call?.cancel()
  }

  resume(): void {
    this.call?.resume()
  }
}

let sensitive: object | null = null

/** Credentials are not kept in the compression's table. Not in the types: names whose values are never indexed. */
function sensitiveHeaders(): object {
  const { sensitiveHeaders: key } = process.getBuiltinModule('node:http2')
  return { [key]: [...headersOf(loadCatalogue().places)] }
}

function writeHeaders(
  { method, target, fields }: OutgoingRequest,
  host: string,
): OutgoingHttpHeaders {
  // Any name may be a field's: `constructor`, say.
  const headers: OutgoingHttpHeaders = Object.create(null)
  headers[':method'] = method
  headers[':path'] = target
  headers[':authority'] = host
  // Hot: a loop by hand.
  for (let i = 0; i < fields.length; i += 2) {
    const name = lowerName(fields[i] as string)
    const value = fields[i + 1] as string
    const before = headers[name]
    if (name === 'host') headers[':authority'] = value
    else headers[name] = before === undefined ? value : [before as string, value].flat()
  }
  sensitive ??= sensitiveHeaders()
  return Object.assign(headers, sensitive)
}
