import type { Logger } from '../observability/logger.ts'
import { describeError } from '../observability/describe-error.ts'
import type { RouteTable, TableUpstream } from '../routing/decision.ts'
import { UpstreamPool } from './upstream-pool.ts'

/** The pools of all upstreams, by their connection settings. */
export interface UpstreamPools {
  /** The upstream's pool; null where its certificate files can't be read. */
  readonly find: (upstream: TableUpstream) => UpstreamPool | null
  /** Opens the pools of a table and retires those it does not use. */
  readonly follow: (table: RouteTable) => void
  /** Requests that hold a place in any pool. */
  readonly inFlight: () => number
  readonly destroy: () => void
}

/** Creates the pools; none connects before its first request. */
export function createUpstreamPools(log: Logger): UpstreamPools {
  const pools = new Map<string, UpstreamPool>()

  function open(upstream: TableUpstream): UpstreamPool | null {
    try {
      const pool = new UpstreamPool(upstream)
      pools.set(upstream.key, pool)
      return pool
    } catch (error) {
      log.error(
        { upstream: upstream.config.name, err: describeError(error) },
        'upstream has unreadable certificate files',
      )
      return null
    }
  }

  return {
    find: (upstream) => pools.get(upstream.key) ?? open(upstream),
    follow({ upstreams }) {
      const remote = upstreams.filter(({ builtin }) => builtin === null)
      const live = new Set(remote.map(({ key }) => key))
      for (const upstream of remote) if (!pools.has(upstream.key)) open(upstream)
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
