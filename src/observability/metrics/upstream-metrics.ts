import type { Registry } from 'prom-client'
import { entryOf } from '../entry-of.ts'
import type { ExchangeRecord } from '../exchange-record.ts'
import { Histogram } from './histogram.ts'
import { isLive, type LiveNames } from './live-names.ts'
import { registerSeries } from './register-series.ts'
import { registerCounts } from './request-metrics.ts'

/** Counters of what happens at upstreams. */
export interface UpstreamMetrics {
  readonly onExchange: (record: ExchangeRecord) => void
  /** An attempt follows another, at the same upstream or another. */
  readonly onRetry: (failed: string, next: string) => void
  readonly onTarget: (change: TargetChange) => void
  readonly retain: (names: LiveNames) => void
}

/** A target's new state. */
export interface TargetChange {
  readonly upstream: string
  readonly target: string
  readonly state: string
}

/** Seconds; long ones matter, as a model may think for minutes. */
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300]

const FIRST_BYTE = 'keyway_upstream_first_byte_seconds'

/** Creates the counters of upstreams, at nothing. */
export function createUpstreamMetrics(registry: Registry): UpstreamMetrics {
  const waits = new Map<string, Histogram>()
  registerSeries(
    registry,
    {
      name: FIRST_BYTE,
      help: 'Time an upstream took to the first byte of its answer, a new connection included.',
      type: 'histogram',
    },
    () => [...waits].flatMap(([upstream, wait]) => wait.read(FIRST_BYTE, { upstream })),
  )
  const retries = registerCounts(registry, {
    name: 'keyway_upstream_retries_total',
    help: 'Attempts that followed a failed one at the same upstream.',
    type: 'counter',
  })
  const fallbacks = registerCounts(registry, {
    name: 'keyway_upstream_fallbacks_total',
    help: 'Requests that an upstream passed on to the next, its fallback.',
    type: 'counter',
  })
  const ejections = registerCounts(registry, {
    name: 'keyway_upstream_ejections_total',
    help: 'Times that a target was ejected for its failures.',
    type: 'counter',
  })
  return {
    onExchange({ upstream, upstreamMs }) {
      if (upstream === null || upstreamMs === null) return
      entryOf(waits, upstream, createWait).add(upstreamMs)
    },
    onRetry(failed, next) {
      if (failed === next) retries.add({ upstream: failed })
      else fallbacks.add({ upstream: failed, next })
    },
    onTarget({ upstream, target, state }) {
      if (state === 'ejected') ejections.add({ upstream, target })
    },
    retain(names) {
      for (const upstream of waits.keys()) if (!names.hasUpstream(upstream)) waits.delete(upstream)
      for (const counts of [retries, fallbacks, ejections])
        counts.retain((labels) => isLive(names, labels))
    },
  }
}

function createWait(): Histogram {
  return new Histogram(BUCKETS)
}
