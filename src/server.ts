import { type AdminServer, createAdminServer } from './admin/admin-server.ts'
import { createHealthPages, type Readiness } from './admin/health.ts'
import type { Diagnostic } from './config/diagnostic.ts'
import type { NormalAddress, NormalServer } from './config/normal-config.ts'
import { createExchangeListener, createMetricsPage, watchProxy } from './exchange-listener.ts'
import { openConfig } from './live-config.ts'
import { createLogger, type Logger } from './observability/logger.ts'
import { createProxyServer, type ProxyServer } from './proxy/proxy-server.ts'
import type { ReloadResult } from './reload/reload.ts'
import { watchCertificate } from './reload/watch-certificate.ts'
import type { Snapshot } from './routing/snapshot.ts'
import { ListenError } from './server-errors.ts'

/** What createKeyway builds from. */
export interface KeywayOptions {
  /** The configuration file; relative names start from the working directory. */
  readonly config: string
  /** A second configuration file: every request is decided by it too, and acted on by the first alone. */
  readonly shadow?: string | undefined
  /** Default: the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Default: JSON lines to standard output. */
  readonly log?: Logger
  /** Takes the findings about each file that is loaded, the first one's warnings too; default: nobody does. */
  readonly print?: (diagnostics: readonly Diagnostic[]) => void
  /** How often the file is looked at; null: it is not live. Default: 200. */
  readonly pollMs?: number | null
}

/** Where a started proxy can be reached. */
export interface KeywayAddresses {
  readonly proxy: NormalAddress
  /** null: turned off. */
  readonly admin: NormalAddress | null
}

/** A proxy with its configuration, its admin listener and its watcher. */
export interface Keyway {
  /** The live configuration. */
  readonly snapshot: Snapshot
  /** Listens, then watches the file; throws ListenError where an address can't be had. */
  start(): Promise<KeywayAddresses>
  /** Reads the file anew, changed or not; never throws. */
  reload(): Promise<ReloadResult>
  /** Takes no more requests, lets open ones finish for the file's drain time, then ends everything. */
  drain(): Promise<void>
}

/** Builds a proxy from a file; throws ConfigurationError where the file is bad. Nothing listens yet. */
export async function createKeyway(options: KeywayOptions): Promise<Keyway> {
  const { log = createLogger() } = options
  const live = await openConfig({ ...options, log })
  const { store } = live
  const { server } = store.current.config

  let readiness: Readiness = 'starting'
  const { metrics } = live
  const health = createHealthPages(() => readiness)
  const pages = metrics === null ? health : { ...health, ...createMetricsPage(metrics) }
  const admin = server.admin && createAdminServer({ address: server.admin, pages, log })
  const listener = createExchangeListener(store, metrics, log)
  const proxy = createProxyServer({
    listen: server.listen,
    limits: server.limits,
    store,
    log,
    listener,
  })
  if (metrics !== null) watchProxy(metrics, proxy)
  const watchTls = (pollMs: number | undefined): (() => void) => {
    const files = server.listen.tls
    if (files === null) return () => {}
    return watchCertificate({ files, renew: proxy.renewCertificate, log, pollMs })
  }
  let stopWatching: () => void = () => {}

  return {
    get snapshot() {
      return store.current
    },
    async start() {
      const addresses = await listen(server, proxy, admin)
      readiness = 'ready'
      if (options.pollMs !== null) {
        const stops = [live.watch(options.pollMs), watchTls(options.pollMs)]
        stopWatching = () => {
          for (const stop of stops) stop()
        }
      }
      return addresses
    },
    reload: live.reload,
    async drain() {
      readiness = 'draining'
      stopWatching()
      await proxy.drain(store.current.config.server.limits.drainMs)
      await admin?.close()
    },
  }
}

// The admin listener comes first, so that whoever asks is told "starting" and not refused.
async function listen(
  server: NormalServer,
  proxy: ProxyServer,
  admin: AdminServer | null,
): Promise<KeywayAddresses> {
  const adminAddress = await admin?.listen().catch((error: unknown) => {
    throw new ListenError('server.admin', server.admin, error)
  })
  try {
    return { proxy: await proxy.listen(), admin: adminAddress ?? null }
  } catch (error) {
    await admin?.close()
    throw new ListenError('server.listen', server.listen.address, error)
  }
}
