import type { NormalStore } from '../config/shapes/normal-limit.ts'
import type { LimitStore } from '../limits/limit-store.ts'
import type { Logger } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics/create-metrics.ts'
import type { Admit } from '../routing/admission.ts'
import type { Observer } from './admin/observer.ts'

/** What openLimits builds from. */
export interface LimitsOptions {
  /** null: in memory. */
  readonly store: NormalStore | null
  /** Counts for all workers of this machine; null: this process serves alone. */
  readonly shared: LimitStore | null
  readonly log: Logger
  readonly metrics: Metrics | null
  readonly observer: Observer | null
}

/** Counts requests towards the file's limits. */
export interface Limits {
  readonly admit: Admit
  readonly close: () => Promise<void>
}

/** Opens the limits; their libraries are loaded with the first request that has one. */
export function openLimits(options: LimitsOptions): Limits {
  let opened: Promise<OpenLimits> | null = null
  return {
    async admit(charges) {
      opened ??= open(options)
      return (await opened).admit(charges)
    },
    async close() {
      await (await opened)?.store.close()
    },
  }
}

interface OpenLimits {
  readonly admit: Admit
  readonly store: LimitStore
}

async function open({
  store: where,
  shared,
  log,
  metrics,
  observer,
}: LimitsOptions): Promise<OpenLimits> {
  const { createAdmission } = await import('../limits/create-admission.ts')
  const store = await openStore(where, shared)
  const isOpenWhenAway = where?.isOpenWhenAway ?? false
  const admit = createAdmission({
    store,
    isOpenWhenAway,
    log,
    onAllowed: metrics?.limits.onAllowed,
    onRefused: metrics?.limits.onRefused,
    onUncounted: metrics?.limits.onUncounted,
    onStore(state) {
      metrics?.limits.onStore(state)
      observer?.feed.publish({ type: 'limit-store', state })
    },
  })
  return { admit, store }
}

async function openStore(
  where: NormalStore | null,
  shared: LimitStore | null,
): Promise<LimitStore> {
  if (where !== null) return (await import('../limits/redis-store.ts')).openRedisStore(where.redis)
  return shared ?? (await import('../limits/memory-store.ts')).createMemoryStore()
}
