import { Agent, METHODS, type Server as NodeServer, type RequestListener } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import type { Server } from 'node:net'
import httpProxy from '@fastify/http-proxy'
import fastify, { type FastifyInstance } from 'fastify'
import type { ProxyContext } from '../exchange/proxy-context.ts'
import { serveOn } from '../exchange/serve-request.ts'
import type { Http1InboundRequest } from './http1/http1-inbound-request.ts'
import type { Http1InboundResponse } from './http1/http1-inbound-response.ts'

/**
 * Builds the Fastify instance over a server that emits `request`, with @fastify/http-proxy registered once over everything; its
 * `preHandler` forwards. What a request asks for is looked up in the snapshot, not in Fastify's
 * router: Fastify sees `/` whatever came (`rewriteUrl`; the real target stays in `originalUrl`), so
 * that `/%zz`, `//x` and `{}` reach us byte for byte, and http-proxy's own look at the path always
 * succeeds.
 */
export async function createProxyPlugin(
  context: ProxyContext,
  server: Server,
): Promise<FastifyInstance> {
  const app = fastify({
    serverFactory: (handler: RequestListener) =>
      server.on('request', handler) as unknown as NodeServer,
    logger: false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    rewriteUrl: () => '/',
    routerOptions: { querystringParser: () => ({}) },
    genReqId: () => '',
    // No route has a schema: without this, ajv and fast-json-stringify would be loaded for nothing.
    schemaController: {
      compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas },
    },
  } as Parameters<typeof fastify>[0])
  app.removeAllContentTypeParsers()
  // No method has a body as far as Fastify goes: it would look at content types and refuse some.
  const methods = METHODS.filter((method) => method !== 'CONNECT')
  for (const method of methods)
    app.addHttpMethod(method, { hasBody: false, overrideExisting: true })
  // Not one for TLS, which would load it.
  const unasked = new Agent() as HttpsAgent
  await app.register(httpProxy, {
    // Never asked: `preHandler` takes every request before an upstream is looked up.
    upstream: 'http://keyway.invalid',
    httpMethods: methods,
    routes: ['/'],
    proxyPayloads: false,
    // Not undici, which the bundle leaves out (scripts/bundle.mjs).
    http: { agents: { 'http:': unasked, 'https:': unasked } },
    // Upgrades are ours (http1/): http-proxy answers 101 before it has asked the upstream,
    // and its WebSockets know no backpressure.
    websocket: false,
    // Not in `handler`: ahead of it http-proxy builds three URLs and decodes the path, on each
    // request, to find a destination that is not ours; a twentieth of all the time a request takes.
    preHandler(request, reply) {
      reply.hijack()
      const raw = request.raw as unknown as Http1InboundRequest
      const response = reply.raw as unknown as Http1InboundResponse
      serveOn({ context, connection: raw.connection, request: raw, response, handshake: null })
    },
  })
  await app.ready()
  return app as unknown as FastifyInstance
}

function noSchemas(): () => never {
  return () => {
    throw new Error('no route has a schema')
  }
}
