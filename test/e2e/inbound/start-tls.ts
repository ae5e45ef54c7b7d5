import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import http2, {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { join } from 'node:path'
import { closeAfter, type Pair, type PairOptions, startPair } from '../../support/start-pair.ts'

const folder = join(import.meta.dirname, '../../fixtures/tls')

/** A file of the tests' certificates. */
export const tlsFile = (name: string): string => join(folder, name)

/** The CA that signed the proxy's certificate. */
export const ca: string = readFileSync(tlsFile('ca.pem'), 'utf8')

/** Keys of `server` for a listener with TLS. */
export function tlsServer(more = ''): string {
  const tls = `{ cert: ${tlsFile('server.pem')}, key: ${tlsFile('server.key')} }`
  return `server: { listen: { address: '127.0.0.1:1', tls: ${tls} }${more} }`
}

/** A pair whose proxy listens with TLS, and an HTTP/2 connection to it. */
export interface Http2Pair extends Pair {
  readonly session: ClientHttp2Session
}

/** Starts a proxy with TLS and connects to it; all of it closes when the test is over. */
export async function startHttp2(options: PairOptions = {}, more = ''): Promise<Http2Pair> {
  const pair = await startPair({ ...options, server: tlsServer(more) })
  return { ...pair, session: await connectHttp2(pair.address) }
}

/** Opens an HTTP/2 connection; it is gone when the test is over. */
export async function connectHttp2(
  { port }: { readonly port: number },
  settings: http2.Settings = {},
): Promise<ClientHttp2Session> {
  const session = http2.connect(`https://localhost:${port}`, { ca, settings })
  session.on('error', () => undefined)
  closeAfter(async () => session.destroy())
  await once(session, 'connect')
  return session
}

/** What came of one stream. */
export interface Outcome {
  readonly status: number | null
  readonly headers: IncomingHttpHeaders
  /** Statuses of interim responses. */
  readonly interim: readonly number[]
  readonly body: string
  /** How it ended: with END_STREAM, or with the name of the code that reset it. */
  readonly ending: string
}

/** Opens a stream, to `localhost` unless the fields say otherwise. */
export function open(
  session: ClientHttp2Session,
  fields: OutgoingHttpHeaders,
  body?: string,
): ClientHttp2Stream {
  const authority = 'host' in fields ? {} : { ':authority': 'localhost' }
  const endStream = body === undefined
  const stream = session.request({ ...authority, ...fields }, { endStream })
  stream.on('error', () => undefined)
  if (!endStream) stream.end(body)
  return stream
}

/** Waits for the end of a stream. */
export async function outcomeOf(stream: ClientHttp2Stream): Promise<Outcome> {
  let headers: IncomingHttpHeaders = {}
  let body = ''
  let hasEnded = false
  const interim: number[] = []
  stream.on('headers', (fields) => interim.push(Number(fields[':status'])))
  stream.on('response', (fields) => {
    headers = fields
  })
  stream.on('data', (chunk: Buffer) => {
    body += chunk.toString('latin1')
  })
  stream.on('end', () => {
    hasEnded = true
  })
  if (!stream.closed) await new Promise((resolve) => stream.once('close', resolve))
  const status = Number(headers[':status']) || null
  const ending = stream.rstCode === 0 && hasEnded ? 'end' : nameOf(stream.rstCode)
  return { status, headers, interim, body, ending }
}

/** Name of an HTTP/2 error code. */
export function nameOf(code: number): string {
  const names = Object.entries(http2.constants).filter(([name]) => /^NGHTTP2_[A-Z_]+$/.test(name))
  const errors = names.slice(names.findIndex(([name]) => name === 'NGHTTP2_NO_ERROR'))
  return errors.find(([, value]) => value === code)?.[0].slice('NGHTTP2_'.length) ?? String(code)
}

/** One request and its outcome. */
export function exchange(
  session: ClientHttp2Session,
  fields: OutgoingHttpHeaders,
  body?: string,
): Promise<Outcome> {
  return outcomeOf(open(session, fields, body))
}
