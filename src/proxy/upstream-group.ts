import type { TableTarget, TableUpstream } from '../routing/decision.ts'
import { type Balancer, createBalancer } from '../upstreams/balancer.ts'
import { createRetryBudget, type RetryBudget } from '../upstreams/retry-budget.ts'
import type { UpstreamPool } from './upstream-pool.ts'

/** One target of an upstream as requests see it: its connections, and whom to tell how it went. */
export interface Slot {
  readonly group: UpstreamGroup
  readonly index: number
  readonly target: TableTarget
  /** null: its certificate files can't be read. */
  readonly pool: UpstreamPool | null
  /** For WebSockets, which HTTP/2 connections do not carry here; else `pool`. */
  readonly upgradePool: UpstreamPool | null
}

/** A slot with connections. */
export interface OpenSlot extends Slot {
  readonly pool: UpstreamPool
  readonly upgradePool: UpstreamPool
}

/** Hears when a target is ejected. */
export type OnEjected = (target: TableTarget) => void

/** The targets of one upstream, and what is known of them. */
export class UpstreamGroup {
  readonly slots: readonly Slot[]
  readonly budget: RetryBudget
  /** null: there is one target and no check of it, so nothing to choose. */
  readonly balancer: Balancer | null
  private readonly onEjected: OnEjected

  constructor(
    { targets, config }: TableUpstream,
    openPool: (target: TableTarget) => UpstreamPool | null,
    onEjected: OnEjected,
  ) {
    const now = (): number => performance.now()
    this.onEjected = onEjected
    this.budget = createRetryBudget(now)
    this.slots = targets.map((target, index) => {
      const pool = openPool(target)
      const upgradePool = config.http2 ? openPool(withoutHttp2(target)) : pool
      return { group: this, index, target, pool, upgradePool }
    })
    const { balance, eject, health } = config
    this.balancer =
      targets.length < 2 && health === null
        ? null
        : createBalancer({
            targets: targets.map(({ url, weight }) => ({ id: url, weight })),
            balance,
            eject,
            inFlightOf: (index) => this.slots[index]?.pool?.inFlight ?? 0,
            now,
          })
  }

  /** Whether active checks say that there is no use in asking. */
  get isDown(): boolean {
    return this.balancer?.isDown() ?? false
  }

  /** The slot that takes a request; one of those tried only where all were. null: the upstream has none. */
  choose(key: string | null, tried: readonly number[]): Slot | null {
    const index = this.balancer === null ? 0 : this.balancer.choose(key, tried)
    return this.slots[index] ?? null
  }

  /** Counts a failure of a target; some in a row eject it. */
  onFailure({ index, target }: Slot): void {
    if (this.balancer?.onFailure(index)) this.onEjected(target)
  }
}

/** A pool of its own: connections of the one can't serve the other. */
function withoutHttp2(target: TableTarget): TableTarget {
  const config = { ...target.config, http2: false }
  return { ...target, key: `${target.key} upgrade`, config }
}
