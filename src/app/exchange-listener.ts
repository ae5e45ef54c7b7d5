import type { OnExchange } from '../observability/exchange-record.ts'
import type { Logger } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics/create-metrics.ts'
import { createRefusalLog } from '../observability/refusal-log.ts'
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
