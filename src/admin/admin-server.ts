import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { NormalAddress } from '../config/shapes/normal-config.ts'
import { listenOn } from '../listening/listen.ts'
import { describeError } from '../observability/describe-error.ts'
import type { Logger } from '../observability/logger.ts'
import { createAdminGuard, type GuardOptions } from './admin-guard.ts'
import {
  type AdminAction,
  type AdminAnswer,
  type AdminPages,
  type AdminStream,
  textAnswer,
} from './admin-page.ts'

/** The listener for those who run Keyway. */
export interface AdminServer {
  /** Resolves to the bound address; rejects where it can't be had. */
  listen(): Promise<NormalAddress>
  /** Stops listening and breaks off what is open. */
  close(): Promise<void>
}

/** What createAdminServer builds from. */
export interface AdminServerOptions {
  readonly address: NormalAddress
  /** Reads the token that is asked for; null, and by default: none is. */
  readonly readToken?: GuardOptions['readToken']
  readonly pages: AdminPages
  /** What is done by POST, by path. */
  readonly actions?: Readonly<Record<string, AdminAction>>
  /** What goes on until the client leaves, by path. */
  readonly streams?: Readonly<Record<string, AdminStream>>
  readonly log: Logger
}

const BODY_BYTES = 256 * 1024

/** Creates the admin listener, apart from the proxy so that load on one never starves the other's port. */
export function createAdminServer(options: AdminServerOptions): AdminServer {
  const { address, readToken = null } = options
  const guard = createAdminGuard({ address, readToken })
  const server = createServer(
    { maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 5_000 },
    (request, response) => void respond(request, response, options, guard),
  )
  server.maxConnections = 64
  return {
    listen: () => listenOn(server, options.address),
    close: () => close(server),
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: AdminServerOptions,
  guard: ReturnType<typeof createAdminGuard>,
): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  const refused = guard(request, path)
  const stream = own(options.streams ?? {}, path)
  if (refused === null && stream !== undefined && request.method === 'GET') return stream(response)
  write(response, refused ?? (await answerFor(request, path, options)))
}

/** No other site may frame a page, and a page loads nothing from elsewhere. */
const POLICY =
  "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

function write(response: ServerResponse, { status, type, body, allow }: AdminAnswer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': POLICY,
    'referrer-policy': 'no-referrer',
    ...(allow === undefined ? {} : { allow }),
    ...(status === 401 ? { 'www-authenticate': 'Basic realm="keyway", charset="UTF-8"' } : {}),
  })
  response.end(body)
}

async function answerFor(
  request: IncomingMessage,
  path: string,
  options: AdminServerOptions,
): Promise<AdminAnswer> {
  const { pages, actions = {}, streams = {}, log } = options
  const page = own(pages, path)
  const action = own(actions, path)
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  if (page === undefined && action === undefined && own(streams, path) === undefined)
    return textAnswer(404, `no such page; there is ${listPages(options)}`)
  try {
    const { accept = '' } = request.headers
    if (isRead && page !== undefined) return await page({ accept })
    if (request.method === 'POST' && action !== undefined)
      return await act(action, await readBody(request))
    return action === undefined
      ? { ...textAnswer(405, 'GET and HEAD only'), allow: 'GET, HEAD' }
      : { ...textAnswer(405, 'POST only'), allow: 'POST' }
  } catch (error) {
    log.error({ page: path, error: describeError(error) }, 'admin page failed')
    return textAnswer(500, 'this page failed; the log says why')
  }
}

function listPages({ pages, actions = {}, streams = {} }: AdminServerOptions): string {
  const posted = Object.keys(actions).map((path) => `POST ${path}`)
  return [...Object.keys({ ...pages, ...streams }), ...posted].join(', ')
}

function act(action: AdminAction, body: string | null): AdminAnswer | Promise<AdminAnswer> {
  return body === null ? textAnswer(413, 'the body is too large') : action(body)
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > BODY_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
