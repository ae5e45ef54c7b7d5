import { Server as TlsServer } from 'node:https'
import type { FastifyInstance } from 'fastify'
import type {
  NormalAddress,
  NormalListen,
  ServerLimits,
} from '../../config/shapes/normal-config.ts'
import { listenOn } from '../../listening/listen.ts'
import type { OpenRoute } from '../../observability/open-requests.ts'
import type { AddressShare } from '../client/address-share.ts'
import { type Connections, trackConnections } from '../client/connections.ts'
import type { ProxyContext } from '../exchange/proxy-context.ts'
import type { UpstreamStatus } from '../upstream/upstream-pools.ts'
import { readCertificate } from './certificate.ts'
import { acceptHttp2, type InboundHttp2 } from './http2/accept-http2.ts'
import { createProxyPlugin } from './proxy-plugin.ts'
import { createServing, type ServingOptions } from './serving.ts'
import { acceptUpgrades } from './web-socket.ts'

/** What the proxy is built from. */
export interface ProxyServerOptions extends Omit<ServingOptions, 'mount'> {
  readonly listen: NormalListen
}

/** Counts at one moment. */
export interface ProxyStats {
  /** Open client connections. */
  readonly connections: number
  /** Requests taken since the start. */
  readonly requests: number
  /** Requests that hold a place at an upstream. */
  readonly inFlight: number
  /** Requests from their decision to their end, by route and by how they are answered. */
  readonly open: readonly OpenRoute[]
}

/** The proxy's listener. */
export interface ProxyServer {
  /** Starts to listen; resolves to the bound address. */
  readonly listen: () => Promise<NormalAddress>
  /** Stops accepting, lets open requests finish, cuts the rest after `drainMs`, closes the upstream connections. */
  readonly drain: (drainMs: number) => Promise<void>
  readonly stats: () => ProxyStats
  /** What is known of each upstream. */
  readonly upstreams: () => readonly UpstreamStatus[]
  /** Reads the certificate's files for the connections to come; throws CertificateError where they can't be used. */
  readonly renewCertificate: () => void
}

/** Creates the proxy over the snapshots of a store; listens on nothing yet. */
export function createProxyServer(options: ProxyServerOptions): ProxyServer {
  const { listen, limits } = options
  const { context, connectionShare, unfollow } = createServing(options)
  const { pools } = context
  let open: OpenProxy | null = null
  return {
    async listen() {
      open = await openProxy(context, listen, limits, connectionShare)
      return listenOn(open.app.server, listen.address)
    },
    async drain(drainMs) {
      context.isDraining = true
      unfollow()
      const onCut = (): void => {
        context.isCut = true
      }
      if (open !== null) await closeProxy(open, drainMs, onCut)
      pools.destroy()
    },
    stats: () => ({
      connections: open?.connections.count() ?? 0,
      requests: context.requests,
      inFlight: pools.inFlight(),
      open: context.open.read(),
    }),
    upstreams: pools.describe,
    renewCertificate() {
      const server = open?.app.server
      if (listen.tls !== null && server instanceof TlsServer)
        server.setSecureContext(readCertificate(listen.tls))
    },
  }
}

interface OpenProxy {
  readonly app: FastifyInstance
  readonly connections: Connections
  /** null: clients speak HTTP/1.1 alone, for want of TLS. */
  readonly http2: InboundHttp2 | null
}

async function openProxy(
  context: ProxyContext,
  listen: NormalListen,
  limits: ServerLimits,
  share: AddressShare,
): Promise<OpenProxy> {
  const app = await createProxyPlugin(context, listen, limits)
  const { server } = app
  server.maxHeadersCount = 0
  // Expectations are answered when the body is wanted; until then these are requests like others.
  server.on('checkContinue', (request, response) => server.emit('request', request, response))
  server.on('checkExpectation', (request, response) => server.emit('request', request, response))
  const http2 = server instanceof TlsServer ? acceptHttp2(server, context, limits) : null
  acceptUpgrades(server, context)
  const connections = trackConnections(server, limits.connections, share)
  return { app, connections, http2 }
}

async function closeProxy(
  { app, connections, http2 }: OpenProxy,
  drainMs: number,
  onCut: () => void,
): Promise<void> {
  const closed = app.close()
  connections.shutDown()
  http2?.shutDown()
  const cut = setTimeout(() => {
    onCut()
    connections.destroyAll()
  }, drainMs)
  await closed
  clearTimeout(cut)
  // What was cut hears of it in this turn, and says so before the end is told.
  await new Promise(setImmediate)
}
