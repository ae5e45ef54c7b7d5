import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { NormalAddress } from '../config/shapes/normal-config.ts'
import { listenOn } from '../listening/listen.ts'
import { describeError } from '../observability/describe-error.ts'
import type { Logger } from '../observability/logger.ts'
import { type AdminAnswer, type AdminPages, textAnswer } from './admin-page.ts'

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
  readonly pages: AdminPages
  readonly log: Logger
}

/** Creates the admin listener: GET and HEAD of fixed pages, apart from the proxy so that load on one never starves the other's port. */
export function createAdminServer(options: AdminServerOptions): AdminServer {
  const server = createServer(
    { maxHeaderSize: 8_192, headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 5_000 },
    (request, response) => void respond(request, response, options),
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
): Promise<void> {
  const answer = await answerFor(request, options)
  response.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(answer.status === 405 ? { allow: 'GET, HEAD' } : {}),
  })
  response.end(answer.body)
}

async function answerFor(
  { method, url = '/' }: IncomingMessage,
  { pages, log }: AdminServerOptions,
): Promise<AdminAnswer> {
  const [path = '/'] = url.split('?')
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined
  if (page === undefined) return textAnswer(404, `no such page; there is ${listed(pages)}`)
  if (method !== 'GET' && method !== 'HEAD') return textAnswer(405, 'GET and HEAD only')
  try {
    return await page()
  } catch (error) {
    log.error({ page: path, error: describeError(error) }, 'admin page failed')
    return textAnswer(500, 'this page failed; the log says why')
  }
}

const listed = (pages: AdminPages): string => Object.keys(pages).join(', ')

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
