import type { Server } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type {
  NormalAddress,
  NormalListen,
  ServerLimits,
} from '../../config/shapes/normal-config.ts'
import { readTlsFiles } from '../../files/tls-files.ts'
import { listenOn } from '../../listening/listen.ts'
import type { OpenRoute } from '../../observability/open-requests.ts'
import type { AddressShare } from '../client/address-share.ts'
import { isHttp2, isTlsServer } from '../client/connections.ts'
import type { ProxyContext } from '../exchange/proxy-context.ts'
import type { UpstreamStatus } from '../upstream/upstream-pools.ts'
import { type AdmittedConnections, admitConnections } from './admit-connections.ts'
import { createListener } from './create-listener.ts'
import { acceptHttp1, type InboundHttp1 } from './http1/accept-http1.ts'
import { acceptHttp2, type InboundHttp2 } from './http2/accept-http2.ts'
import { createProxyPlugin } from './proxy-plugin.ts'
import { createServing, type ServingOptions } from './serving.ts'
import { watchHandshakes } from './watch-handshakes.ts'

/** What the proxy is built from. */
export interface ProxyServerOptions extends Omit<ServingOptions, 'mount'> {
  readonly listen: NormalListen
  /** Called before anything of it is read. */
  readonly onFirstConnection?: () => void
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
  /** Reads the certificate's files for the connections to come; throws TlsFileError where they can't be used. */
  readonly renewCertificate: () => void
}

/** Creates the proxy over the snapshots of a store; listens on nothing yet. */
export function createProxyServer(options: ProxyServerOptions): ProxyServer {
  const { listen, limits, onFirstConnection = () => {} } = options
  const { context, connectionShare, unfollow } = createServing(options)
  const { pools } = context
  let open: OpenProxy | null = null
  return {
    async listen() {
      open = await openProxy(context, listen, limits, connectionShare)
      open.server.once('connection', onFirstConnection)
      return listenOn(open.server, listen.address)
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
      const server = open?.server
      if (listen.tls !== null && server !== undefined && isTlsServer(server))
        server.setSecureContext(readTlsFiles(listen.tls))
    },
  }
}

interface OpenProxy {
  readonly server: Server
  readonly app: FastifyInstance
  readonly connections: AdmittedConnections
  readonly http1: InboundHttp1
  /** null: there is no handshake to choose it in. */
  readonly http2: InboundHttp2 | null
}

async function openProxy(
  context: ProxyContext,
  listen: NormalListen,
  limits: ServerLimits,
  share: AddressShare,
): Promise<OpenProxy> {
  const server = createListener(listen, limits)
  const connections = admitConnections(server, limits.connections, share)
  const app = await createProxyPlugin(context, server)
  const http1 = acceptHttp1(context, limits, (...messages) => server.emit('request', ...messages))
  const opened = { server, app, connections, http1 }
  if (!isTlsServer(server)) {
    server.on('connection', http1.take)
    return { ...opened, http2: null }
  }
  const http2 = acceptHttp2(context, limits)
  watchHandshakes(server, context.unread.noHandshake)
  server.on('secureConnection', (socket) => (isHttp2(socket) ? http2 : http1).take(socket))
  return { ...opened, http2 }
}

async function closeProxy(
  { server, app, connections, http1, http2 }: OpenProxy,
  drainMs: number,
  onCut: () => void,
): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  http1.shutDown()
  http2?.shutDown()
  const cut = setTimeout(() => {
    onCut()
    connections.destroyAll()
  }, drainMs)
  await closed
  clearTimeout(cut)
  await app.close()
  // What was cut hears of it in this turn, and says so before the end is told.
  await new Promise(setImmediate)
}
