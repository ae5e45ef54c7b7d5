import { describeError } from '../observability/describe-error.ts'
import type { Logger } from '../observability/logger.ts'
import type { RouteTable, TableTarget } from '../routing/decision.ts'
import { UpstreamPool } from './upstream-pool.ts'

/** The pools of all targets, by their connection settings. */
export interface UpstreamPools {
  /** The target's pool; null where its certificate files can't be read. */
  readonly find: (target: TableTarget) => UpstreamPool | null
  /** Opens the pools of a table and retires those it does not use. */
  readonly follow: (table: RouteTable) => void
  /** Requests that hold a place in any pool. */
  readonly inFlight: () => number
  readonly destroy: () => void
}

/** Creates the pools; none connects before its first request. */
export function createUpstreamPools(log: Logger): UpstreamPools {
  const pools = new Map<string, UpstreamPool>()

  function open(target: TableTarget): UpstreamPool | null {
    try {
      const pool = new UpstreamPool(target)
      pools.set(target.key, pool)
      return pool
    } catch (error) {
      log.error(
        { upstream: target.config.name, err: describeError(error) },
        'upstream has unreadable certificate files',
      )
      return null
    }
  }

  return {
    find: (target) => pools.get(target.key) ?? open(target),
    follow({ upstreams }) {
      const targets = upstreams.flatMap((upstream) => upstream.targets)
      const live = new Set(targets.map(({ key }) => key))
      for (const target of targets) if (!pools.has(target.key)) open(target)
      for (const [key, pool] of pools) {
        if (live.has(key)) continue
        pools.delete(key)
        pool.retire()
      }
    },
    inFlight: () => [...pools.values()].reduce((sum, pool) => sum + pool.inFlight, 0),
    destroy() {
      for (const pool of pools.values()) pool.destroy()
    },
  }
}
