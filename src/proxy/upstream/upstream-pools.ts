import { tlsFaultOf } from '../../files/tls-files.ts'
import type { Logger } from '../../observability/logger.ts'
import type { RouteTable } from '../../routing/route-table.ts'
import type { TableTarget, TableUpstream } from '../../routing/table-upstream.ts'
import { type SlotStatus, UpstreamGroup } from './upstream-group.ts'
import { UpstreamPool } from './upstream-pool.ts'

/** The targets of all upstreams and their connections, as long as a table uses them. */
export interface UpstreamPools {
  readonly find: (upstream: TableUpstream) => UpstreamGroup
  /** Opens what a table uses and retires the rest; what stays keeps its connections and its health. */
  readonly follow: (table: RouteTable) => void
  /** Requests that hold a place in any pool. */
  readonly inFlight: () => number
  /** What is known of each upstream that the live table uses. */
  readonly describe: () => readonly UpstreamStatus[]
  readonly destroy: () => void
}

/** Hears of each target that changes its state. */
export type OnTarget = (change: {
  readonly upstream: string
  readonly target: string
  readonly state: 'up' | 'down' | 'ejected'
}) => void

/** One upstream at one moment. */
export interface UpstreamStatus {
  readonly name: string
  readonly retriesLeft: number
  readonly targets: readonly SlotStatus[]
}

/** Creates the pools; none connects before its first request or check. */
export function createUpstreamPools(log: Logger, onTarget?: OnTarget): UpstreamPools {
  const pools = new Map<string, UpstreamPool>()
  const groups = new Map<string, UpstreamGroup>()

  function openPool(target: TableTarget): UpstreamPool | null {
    const open = pools.get(target.key)
    if (open !== undefined) return open
    try {
      const pool = new UpstreamPool(target)
      pools.set(target.key, pool)
      return pool
    } catch (error) {
      log.error(
        { upstream: target.config.name, ...tlsFaultOf(error) },
        'upstream has unusable certificate files',
      )
      return null
    }
  }

  function openGroup(upstream: TableUpstream): UpstreamGroup {
    const { name } = upstream.config
    const group = new UpstreamGroup({
      upstream,
      openPool,
      onChange: ({ url: target }, state) => {
        onTarget?.({ upstream: name, target, state })
        logTarget(log, { upstream: name, target, state })
      },
    })
    groups.set(upstream.key, group)
    return group
  }

  function keepOrOpen(upstream: TableUpstream): UpstreamGroup {
    const group = groups.get(upstream.key)
    // Files that could not be read may be there by now.
    if (group?.slots.every(({ pool }) => pool !== null)) return group
    group?.stopChecks()
    const opened = openGroup(upstream)
    opened.startChecks()
    return opened
  }

  return {
    find: (upstream) => groups.get(upstream.key) ?? openGroup(upstream),
    follow({ upstreams }) {
      const remote = upstreams.filter(({ builtin }) => builtin === null)
      const live = new Set(remote.map(keepOrOpen))
      for (const [key, group] of groups) {
        if (live.has(group)) continue
        groups.delete(key)
        group.stopChecks()
      }
      const slots = [...live].flatMap((group) => group.slots)
      const used = new Set(slots.flatMap(({ pool, http1Pool }) => [pool, http1Pool]))
      for (const [key, pool] of pools) {
        if (used.has(pool)) continue
        pools.delete(key)
        pool.retire()
      }
    },
    inFlight: () => [...pools.values()].reduce((sum, pool) => sum + pool.inFlight, 0),
    describe: () => [...groups.values()].map(describeGroup),
    destroy() {
      for (const group of groups.values()) group.stopChecks()
      for (const pool of pools.values()) pool.destroy()
    },
  }
}

function describeGroup(group: UpstreamGroup): UpstreamStatus {
  return { name: group.name, retriesLeft: group.budget.left(), targets: group.describe() }
}

function logTarget(log: Logger, change: Parameters<OnTarget>[0]): void {
  log[change.state === 'up' ? 'info' : 'warn'](change, 'target changed its state')
}
