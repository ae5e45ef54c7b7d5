import type { Registry } from 'prom-client'
import { isLive, type LiveNames } from './live-names.ts'
import { registerSeries } from './register-series.ts'
import { registerCounts } from './request-metrics.ts'

/** Counters of what limits allow and refuse. */
export interface LimitMetrics {
  /** Counts one request that a limit of the file counted, and let pass. */
  readonly onAllowed: (limit: string) => void
  /** Counts one request that a limit of the file refused. */
  readonly onRefused: (limit: string) => void
  /** Counts one request that came while the store of the limits was away. */
  readonly onUncounted: (outcome: 'passed' | 'refused') => void
  /** Notes whether the store of the limits answers. */
  readonly onStore: (state: 'away' | 'back') => void
  readonly retain: (names: LiveNames) => void
}

/** Creates the counters of limits; their store is thought to answer. */
export function createLimitMetrics(registry: Registry): LimitMetrics {
  const allowed = registerCounts(registry, {
    name: 'keyway_allowed_requests_total',
    help: 'Requests that a limit of the file counted and let pass, by limit.',
    type: 'counter',
  })
  const refused = registerCounts(registry, {
    name: 'keyway_limited_requests_total',
    help: 'Requests that a limit of the file refused, by limit.',
    type: 'counter',
  })
  const uncounted = registerCounts(registry, {
    name: 'keyway_limit_store_away_requests_total',
    help: 'Requests that came while the store of the limits was away, by what became of them.',
    type: 'counter',
  })
  let isUp = true
  registerSeries(
    registry,
    {
      name: 'keyway_limit_store_up',
      help: 'Whether the store of the limits answers: 1, or 0 while it is away.',
      type: 'gauge',
      aggregator: 'min',
    },
    () => [{ labels: {}, value: isUp ? 1 : 0 }],
  )
  return {
    onAllowed: (limit) => allowed.add({ limit }),
    onRefused: (limit) => refused.add({ limit }),
    onUncounted: (outcome) => uncounted.add({ outcome }),
    onStore(state) {
      isUp = state === 'back'
    },
    retain(names) {
      for (const counts of [allowed, refused]) counts.retain((labels) => isLive(names, labels))
    },
  }
}
