import type { Forward } from '../../routing/decide/decision.ts'
import type { TableTarget, TableUpstream } from '../../routing/table-upstream.ts'
import { type Balancer, createBalancer } from '../../upstreams/balancer.ts'
import { isGatewayFailure } from '../../upstreams/failure.ts'
import { createRetryBudget, type RetryBudget } from '../../upstreams/retry-budget.ts'
import type { Lane } from './call.ts'
import { type LastCheck, startHealthChecks } from './health-checks.ts'
import type { PoolStatus, UpstreamPool } from './upstream-pool.ts'

/** One target of an upstream as requests see it: its connections, and whom to tell how it went. */
export interface Slot {
  readonly group: UpstreamGroup
  readonly index: number
  readonly target: TableTarget
  /** null: its certificate files can't be read. */
  readonly pool: UpstreamPool | null
  /** For what HTTP/2 connections do not carry here, such as WebSockets; else `pool`. */
  readonly http1Pool: UpstreamPool | null
}

/** Which connections of a target carry a request. */
export type Way = 'any' | 'http1'

/** What a group is built from. */
export interface GroupSources {
  readonly upstream: TableUpstream
  readonly openPool: (target: TableTarget) => UpstreamPool | null
  readonly onChange: (target: TableTarget, state: 'up' | 'down' | 'ejected') => void
}

/** One target at one moment. */
export interface SlotStatus extends PoolStatus {
  readonly url: string
  readonly weight: number
  /** unusable: its certificate files can't be read. */
  readonly state: 'up' | 'down' | 'ejected' | 'recovering' | 'unusable'
  /** Of its weight, from 0 to 1: less than 1 while it comes back from an ejection. */
  readonly share: number
  /** null: it is not checked, or not yet. */
  readonly lastCheck: LastCheck | null
}

const NO_POOL: PoolStatus = { connections: 0, idle: 0, waiting: 0, inFlight: 0 }
const NONE: readonly number[] = []

/** The targets of one upstream, and what is known of them. */
export class UpstreamGroup {
  /** The upstream's. */
  readonly name: string
  readonly slots: readonly Slot[]
  readonly budget: RetryBudget
  /** null: there is one target and no check of it, so nothing to know. */
  private readonly balancer: Balancer | null
  private readonly onChange: GroupSources['onChange']
  private stops: readonly (() => void)[] = []
  /** By the target's index. */
  private readonly lastChecks = new Map<number, LastCheck>()

  constructor({ upstream, openPool, onChange }: GroupSources) {
    const { targets, config } = upstream
    this.name = config.name
    this.onChange = onChange
    this.budget = createRetryBudget(now)
    this.slots = targets.map((target, index) => {
      const pool = openPool(target)
      const http1Pool = config.http2 ? openPool(byHttp1(target)) : pool
      return { group: this, index, target, pool, http1Pool }
    })
    const hasChoice = targets.length > 1 || config.health !== null
    this.balancer = hasChoice ? this.createBalancer(upstream) : null
  }

  /** Whether active checks say that there is no use in asking. */
  get isDown(): boolean {
    return this.balancer?.isDown() ?? false
  }

  /** Whether any target's settings can be used. */
  get isUsable(): boolean {
    return this.slots.some(({ pool }) => pool !== null)
  }

  /** Takes a place at a target, one that failed for this request only where all did; null: all are full or unusable. */
  reserve({ balanceKey }: Forward, way: Way, failed: readonly number[] = NONE): Slot | null {
    let avoided = failed
    for (let turn = 0; turn < this.slots.length; turn++) {
      const slot = this.slots[this.balancer?.choose(balanceKey, avoided) ?? 0] as Slot
      if (poolOf(slot, way)?.reserve()) return slot
      avoided = [...avoided, slot.index]
    }
    return null
  }

  /** Counts a response of a target. */
  onStatus(slot: Slot, status: number): void {
    if (this.balancer === null) return
    if (isGatewayFailure(status)) this.onFailure(slot)
    else this.balancer.onSuccess(slot.index)
  }

  /** Counts a failure of a target; some in a row eject it. */
  onFailure({ index, target }: Slot): void {
    if (this.balancer?.onFailure(index)) this.onChange(target, 'ejected')
  }

  /** What is known of the targets; addresses, and no credential. */
  describe(): readonly SlotStatus[] {
    const states = this.balancer?.describe()
    return this.slots.map(({ target, pool }, index) => ({
      url: target.url,
      weight: target.weight,
      state: pool === null ? 'unusable' : (states?.[index]?.state ?? 'up'),
      share: pool === null ? 0 : (states?.[index]?.share ?? 1),
      lastCheck: this.lastChecks.get(index) ?? null,
      ...(pool?.describe() ?? NO_POOL),
    }))
  }

  /** Begins to ask the targets how they are, where the file says so. */
  startChecks(): void {
    this.stops = this.slots.flatMap(({ index, target, pool }) => {
      const { health } = target.config
      if (health === null || pool === null) return []
      const onChange = (state: 'up' | 'down'): void => {
        this.balancer?.onCheck(index, state)
        this.onChange(target, state)
      }
      const onChecked = (check: LastCheck): void => void this.lastChecks.set(index, check)
      const createLane = (): Lane => pool.createLane()
      return startHealthChecks({ settings: health, createLane, onChange, onChecked })
    })
  }

  stopChecks(): void {
    for (const stop of this.stops) stop()
    this.stops = []
  }

  private createBalancer({ targets, config }: TableUpstream): Balancer {
    return createBalancer({
      targets: targets.map(({ url, weight }) => ({ id: url, weight })),
      balance: config.balance,
      eject: config.eject,
      inFlightOf: (index) => this.slots[index]?.pool?.inFlight ?? 0,
      now,
    })
  }
}

function now(): number {
  return performance.now()
}

/** The connections that an attempt at a target takes. */
export function poolOf(slot: Slot, way: Way): UpstreamPool | null {
  return way === 'http1' ? slot.http1Pool : slot.pool
}

/** The same target by HTTP/1.1 alone, with a pool of its own: connections of the one can't serve the other. */
function byHttp1(target: TableTarget): TableTarget {
  const config = { ...target.config, http2: false }
  return { ...target, config, key: `${target.key} http1` }
}

/** Path and query as they leave for a target, whose base path may be another than the first's. */
export function targetPath({ upstream, target }: Forward, slot: Slot): string {
  const { basePath } = slot.target
  return basePath === upstream.basePath ? target : basePath + target.slice(upstream.basePath.length)
}
