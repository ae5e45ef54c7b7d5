import { type IncomingMessage, METHODS, type ServerOptions } from 'node:http'
import httpProxy from '@fastify/http-proxy'
import fastify, { type FastifyInstance } from 'fastify'
import type { NormalListen, ServerLimits } from '../../config/shapes/normal-config.ts'
import type { ProxyContext } from '../exchange/proxy-context.ts'
import { serveRequest } from '../exchange/serve-request.ts'
import { refuseBadMessage } from './bad-message.ts'
import { readCertificate } from './certificate.ts'
import { ALPN_PROTOCOLS } from './http2/accept-http2.ts'

/**
 * Builds the Fastify instance with @fastify/http-proxy registered once over everything; its
 * `preHandler` forwards. What a request asks for is looked up in the snapshot, not in Fastify's
 * router: Fastify sees `/` whatever came (`rewriteUrl`; the real target stays in `originalUrl`), so
 * that `/%zz`, `//x` and `{}` reach us byte for byte, and http-proxy's own look at the path always
 * succeeds.
 */
export async function createProxyPlugin(
  context: ProxyContext,
  listen: NormalListen,
  limits: ServerLimits,
): Promise<FastifyInstance> {
  const app = fastify({
    ...createServerOptions(listen, limits),
    logger: false,
    exposeHeadRoutes: false,
    keepAliveTimeout: limits.keepAliveMs,
    return503OnClosing: false,
    rewriteUrl: () => '/',
    routerOptions: { querystringParser: () => ({}), defaultRoute: refuseMethod },
    genReqId: () => '',
    // No route has a schema: without this, ajv and fast-json-stringify would be loaded for nothing.
    schemaController: {
      compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas },
    },
    clientErrorHandler: refuseBadMessage,
  } as Parameters<typeof fastify>[0])
  app.removeAllContentTypeParsers()
  // No method has a body as far as Fastify goes: it would look at content types and refuse some.
  const methods = METHODS.filter((method) => method !== 'CONNECT')
  for (const method of methods)
    app.addHttpMethod(method, { hasBody: false, overrideExisting: true })
  await app.register(httpProxy, {
    // Never asked: `preHandler` takes every request before an upstream is looked up.
    upstream: 'http://keyway.invalid',
    httpMethods: methods,
    routes: ['/'],
    proxyPayloads: false,
    // Not undici, which the bundle leaves out (scripts/no-undici.cjs).
    http: {},
    // Upgrades are ours (web-socket.ts): http-proxy answers 101 before it has asked the upstream,
    // and its WebSockets know no backpressure.
    websocket: false,
    // Not in `handler`: ahead of it http-proxy builds three URLs and decodes the path, on each
    // request, to find a destination that is not ours; a twentieth of all the time a request takes.
    preHandler(request, reply) {
      reply.hijack()
      serveRequest(context, request.raw, reply.raw)
    },
  })
  await app.ready()
  return app as unknown as FastifyInstance
}

/** RTSP's, which Node's parser takes where RTSP/1.0 stands behind, have no route; all of HTTP's have. */
function refuseMethod({ socket }: IncomingMessage): void {
  refuseBadMessage(new Error('no method of HTTP'), socket)
}

/** Time for a TLS handshake where the file sets none for a request's head. */
const HANDSHAKE_MS = 120_000

function createServerOptions({ tls }: NormalListen, limits: ServerLimits): object {
  const options: ServerOptions = {
    maxHeaderSize: limits.headersBytes,
    headersTimeout: limits.headersTimeoutMs,
    // A long upload is no fault; body-idle and total time-outs watch over it.
    requestTimeout: 0,
    connectionsCheckingInterval: 1_000,
    insecureHTTPParser: false,
    // Missing and repeated Host fields are refused by findFault, in our own words.
    requireHostHeader: false,
    noDelay: true,
  }
  if (tls === null) return { http: options }
  return {
    https: {
      ...options,
      ...readCertificate(tls),
      ALPNProtocols: ALPN_PROTOCOLS,
      handshakeTimeout: limits.headersTimeoutMs || HANDSHAKE_MS,
    },
  }
}

function noSchemas(): () => never {
  return () => {
    throw new Error('no route has a schema')
  }
}
