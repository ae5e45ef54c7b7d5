import http2, { type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { headersOf } from '../../../config/language/place.ts'
import { loadCatalogue } from '../../../credentials/catalogue.ts'
import { lowerName } from '../../../http/header-names.ts'

const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR } = http2.constants

/** What goes wrong with one request on a connection that others may share. */
export class Http2Error extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Sends a request on a session and tells undici's (raw) handler what comes back. undici's own
 * HTTP/2 (client-h2.js of 7.30) lets requests with bodies wait for one another, and takes a graceful
 * GOAWAY for a reset of what is under way.
 */
export function sendOnSession(
  session: ClientHttp2Session,
  options: Dispatcher.DispatchOptions,
  handler: Dispatcher.DispatchHandler,
): void {
  let isAborted = false
  let exchange: Http2Exchange | null = null
  handler.onConnect?.((error) => {
    isAborted = true
    if (exchange === null) handler.onError?.(error ?? cancelled())
    else exchange.fail(error ?? cancelled())
  })
  if (isAborted) return
  try {
    const { body } = options
    const endStream = body === null || body === undefined
    const stream = session.request(writeHeaders(options), { endStream })
    exchange = new Http2Exchange(stream, options, handler)
    if (body instanceof Readable) body.pipe(stream)
    else if (!endStream) stream.end(body)
  } catch (error) {
    handler.onError?.(error as Error)
  }
}

const cancelled = (): Error => new Http2Error('ERR_HTTP2_CANCELLED', 'cancelled')

let sensitive: string[] | null = null

/** Credentials are not kept in the compression's table. */
function sensitiveHeaders(): string[] {
  sensitive ??= [...headersOf(loadCatalogue().places)]
  return sensitive
}

function writeHeaders(options: Dispatcher.DispatchOptions): http2.OutgoingHttpHeaders {
  const { method, path } = options
  const headers: http2.OutgoingHttpHeaders = { ':method': method, ':path': path }
  const fields = options.headers as readonly string[]
  for (let i = 0; i < fields.length; i += 2) {
    const name = lowerName(fields[i] as string)
    const value = fields[i + 1] as string
    const before = headers[name]
    if (name === 'host') headers[':authority'] = value
    else headers[name] = before === undefined ? value : [before as string, value].flat()
  }
  // Not in the types: names whose values are never indexed.
  return { ...headers, [http2.sensitiveHeaders]: sensitiveHeaders() } as http2.OutgoingHttpHeaders
}

/** One stream with the handler that hears of it: exactly one end, whatever the stream says. */
class Http2Exchange {
  private readonly stream: ClientHttp2Stream
  private readonly handler: Dispatcher.DispatchHandler
  private hasResponse = false
  private isOver = false

  constructor(
    stream: ClientHttp2Stream,
    { headersTimeout, bodyTimeout }: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ) {
    this.stream = stream
    this.handler = handler
    stream.setTimeout(headersTimeout ?? 0, () => this.onTimeout())
    stream.on('headers', (...event: unknown[]) => this.onHeaders(event[2] as string[]))
    stream.on('response', (...event: unknown[]) => {
      this.hasResponse = true
      stream.setTimeout(bodyTimeout ?? 0)
      this.onHeaders(event[2] as string[])
    })
    stream.on('data', (chunk: Buffer) => {
      if (!this.isOver && this.handler.onData?.(chunk) === false) stream.pause()
    })
    stream.on('end', () => this.onEnd())
    stream.on('error', (error) => this.fail(error))
    stream.on('close', () => this.fail(broken(stream.rstCode)))
  }

  /** Ends it by an error, once. */
  fail(error: Error): void {
    if (this.isOver) return
    this.isOver = true
    this.stream.close(NGHTTP2_CANCEL)
    this.handler.onError?.(error)
  }

  private onHeaders(raw: readonly string[]): void {
    if (this.isOver) return
    const status = Number(raw[raw.indexOf(':status') + 1])
    const fields: Buffer[] = []
    for (let i = 0; i < raw.length; i += 2)
      if (!raw[i]?.startsWith(':'))
        fields.push(
          Buffer.from(raw[i] as string, 'latin1'),
          Buffer.from(raw[i + 1] as string, 'latin1'),
        )
    this.handler.onHeaders?.(status, fields, () => this.stream.resume(), '')
  }

  private onEnd(): void {
    if (this.isOver) return
    if (!this.hasResponse || this.stream.rstCode !== NGHTTP2_NO_ERROR) {
      this.fail(broken(this.stream.rstCode))
      return
    }
    this.isOver = true
    // What the request still had to say is of no use any more.
    if (!this.stream.writableEnded) this.stream.close(NGHTTP2_NO_ERROR)
    this.handler.onComplete?.([])
  }

  private onTimeout(): void {
    const code = this.hasResponse ? 'UND_ERR_BODY_TIMEOUT' : 'UND_ERR_HEADERS_TIMEOUT'
    this.fail(new Http2Error(code, 'the upstream was silent for too long'))
  }
}

function broken(code: number | undefined): Error {
  return new Http2Error('ERR_HTTP2_STREAM_BROKEN', `the stream ended before its response: ${code}`)
}
