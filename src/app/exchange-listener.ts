import type { AdminPages } from '../admin/admin-page.ts'
import type { OnExchange } from '../observability/exchange-record.ts'
import type { Logger } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics.ts'
import { createRefusalLog } from '../observability/refusal-log.ts'
import type { ProxyServer } from '../proxy/listener/proxy-server.ts'
import type { SnapshotStore } from '../routing/snapshot.ts'
import type { Observer } from './admin/observer.ts'

/** Joins what wants to hear of each request; gives null while nobody does, so that nothing is recorded. */
export function createExchangeListener(
  store: SnapshotStore,
  metrics: Metrics | null,
  observer: Observer | null,
  log: Logger,
): () => OnExchange | null {
  const logRefusal = createRefusalLog(log)
  const hasAccessLog = (): boolean => store.current.config.server.hasAccessLog
  const tell: OnExchange = (record) => {
    metrics?.onExchange(record)
    observer?.onExchange(record)
    logRefusal(record)
    if (hasAccessLog()) log.request(record)
  }
  return () => (metrics !== null || hasAccessLog() ? tell : null)
}

/** Reads the proxy's counts whenever the metrics are asked for. */
export function watchProxy(metrics: Metrics, proxy: ProxyServer): void {
  const { watch } = metrics
  watch('keyway_client_connections', 'Open client connections.', () => proxy.stats().connections)
  watch(
    'keyway_requests_in_flight',
    'Requests that hold a place at an upstream.',
    () => proxy.stats().inFlight,
  )
}

/** The page /metrics. */
export function createMetricsPage({ text, contentType }: Metrics): AdminPages {
  return { '/metrics': async () => ({ status: 200, type: contentType, body: await text() }) }
}
