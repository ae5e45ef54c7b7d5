import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Metric, Registry } from 'prom-client'
import type { OnExchange } from '../exchange-record.ts'
import type { MetricObject } from './exposition.ts'
import { createLimitMetrics, type LimitMetrics } from './limit-metrics.ts'
import type { LiveNames } from './live-names.ts'
import { registerProcessMetrics } from './process-metrics.ts'
import { registerSeries, type Series, type SeriesDescription } from './register-series.ts'
import { createReloadMetrics, type ReloadMetrics, type ReloadStart } from './reload-metrics.ts'
import { createRequestMetrics, registerCounts } from './request-metrics.ts'
import { createUpstreamMetrics, type UpstreamMetrics } from './upstream-metrics.ts'

/** Counters of one process, for Prometheus. */
export interface Metrics {
  readonly onExchange: OnExchange
  readonly onReload: ReloadMetrics['onReload']
  /** Counts one request that the shadow configuration decides otherwise, by what differs. */
  readonly onShadowDifference: (whats: readonly string[]) => void
  readonly limits: Omit<LimitMetrics, 'retain'>
  readonly upstreams: Pick<UpstreamMetrics, 'onRetry' | 'onTarget'>
  /** Reads a metric's numbers at each scrape, such as open connections. */
  readonly watch: (description: SeriesDescription, read: () => readonly Series[]) => void
  /** Forgets the series of whatever the running file names no more. */
  readonly retain: (names: LiveNames) => void
  /** All metrics at this moment. */
  readonly read: () => Promise<MetricObject[]>
}

/** What createMetrics builds from. */
export interface MetricsOptions extends ReloadStart {
  /** Version of Keyway. */
  readonly version: string
}

/** Reads one metric after the other, as requests are served meanwhile. */
async function readAll(registry: Registry): Promise<MetricObject[]> {
  const all: MetricObject[] = []
  for (const metric of registry.getMetricsAsArray() as unknown as Metric[]) {
    all.push(await metric.get())
    await nextTurn()
  }
  return all
}

/** Creates the metrics; labels hold names from the file and fixed words, never what a client sent. */
export function createMetrics({ version, ...start }: MetricsOptions): Metrics {
  const registry = new Registry()
  registerProcessMetrics(registry, version)
  const reloads = createReloadMetrics(registry, start)
  const requests = createRequestMetrics(registry)
  const upstreams = createUpstreamMetrics(registry)
  const limits = createLimitMetrics(registry)
  const shadow = registerCounts(registry, {
    name: 'keyway_shadow_differences_total',
    help: 'Requests that the shadow configuration decides otherwise, by what differs first.',
    type: 'counter',
  })
  return {
    onExchange(record) {
      requests.onExchange(record)
      upstreams.onExchange(record)
    },
    onReload: reloads.onReload,
    onShadowDifference: ([first = 'answer']) =>
      shadow.add({ what: first.split(' ', 1)[0] as string }),
    limits,
    upstreams,
    watch: (description, read) => registerSeries(registry, description, read),
    retain(names) {
      for (const part of [requests, upstreams, limits]) part.retain(names)
    },
    read: () => readAll(registry),
  }
}
