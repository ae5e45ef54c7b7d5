import type { LimitStore } from '../limits/limit-store.ts'
import type { Logger } from '../observability/logger.ts'
import type { Tracing } from '../observability/tracing.ts'
import { createProxyServer, type ProxyServer } from '../proxy/listener/proxy-server.ts'
import { watchCertificate } from '../reload/watch-certificate.ts'
import type { NoteSecrets } from '../routing/secret-notes.ts'
import { createExchangeListener } from './exchange-listener.ts'
import { openLimits } from './limits.ts'
import type { LiveConfig } from './open-config.ts'
import { wakeUp } from './rest-until-asked.ts'
import { watchProxy } from './watch-proxy.ts'

/** What createLiveProxy builds from. */
export interface LiveProxyOptions {
  readonly live: LiveConfig
  readonly log: Logger
  /** Processes that share the limit on connections. */
  readonly processes: number
  /** Counts the file's limits for all of them; default: this one counts alone. */
  readonly limitStore?: LimitStore
  /** Records requests as spans; null: nobody does. */
  readonly tracing: Tracing | null
  /** Gives who takes note of what secrets are used for; null: nobody does. */
  readonly notary: () => NoteSecrets | null
}

/** A proxy over a live configuration. */
export interface LiveProxy extends ProxyServer {
  /** Renews the listener's certificate when its files change, from now on; returns what stops it. */
  readonly watch: (pollMs?: number) => () => void
}

/** Creates the proxy, its records and its metrics; listens on nothing yet. */
export function createLiveProxy(options: LiveProxyOptions): LiveProxy {
  const { live, log, processes, limitStore, notary, tracing } = options
  const { store, metrics, observer } = live
  const { listen, limits, store: where } = store.current.config.server
  const counted = openLimits({ store: where, shared: limitStore ?? null, log, metrics, observer })
  const part = (count: number): number => Math.ceil(count / processes)
  const { connections, connectionsPerAddress, requestsPerAddress } = limits
  const proxy = createProxyServer({
    listen,
    limits: {
      ...limits,
      connections: part(connections),
      connectionsPerAddress: connectionsPerAddress && part(connectionsPerAddress),
      requestsPerAddress: requestsPerAddress && part(requestsPerAddress),
    },
    store,
    log,
    admit: counted.admit,
    notary,
    tracing,
    onTarget(change) {
      metrics?.upstreams.onTarget(change)
      observer?.feed.publish({ type: 'target', ...change })
    },
    onRetry: metrics?.upstreams.onRetry,
    onFirstConnection: wakeUp,
    listener: createExchangeListener(store, metrics, observer, log),
  })
  if (metrics !== null) watchProxy(metrics, proxy, store)
  return {
    ...proxy,
    async drain(drainMs) {
      await proxy.drain(drainMs)
      await counted.close()
    },
    watch(pollMs) {
      if (listen.tls === null) return () => {}
      return watchCertificate({ files: listen.tls, renew: proxy.renewCertificate, log, pollMs })
    },
  }
}
