import type { NormalBalance, NormalEject } from '../config/shapes/normal-upstream.ts'
import { createEjection, type Ejection } from './ejection.ts'
import { createLeastRequests } from './least-requests.ts'
import { createRendezvous } from './rendezvous.ts'
import { createRoundRobin, type WeightOf } from './round-robin.ts'

/** What a balancer is built from. */
export interface BalancerOptions {
  /** `id` is what a key is hashed with: it outlives reloads and the target's place in the file. */
  readonly targets: readonly { readonly id: string; readonly weight: number }[]
  readonly balance: NormalBalance
  /** null: failures eject nobody. */
  readonly eject: NormalEject | null
  /** Requests under way at a target, other upstreams' included. */
  readonly inFlightOf: (index: number) => number
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
}

/** Chooses among the targets of one upstream, and is told what became of each choice. */
export interface Balancer {
  /**
   * The index of the target for a request; one of those to avoid only where all are. `key` is what it
   * is hashed by; null: it takes its turn.
   */
  readonly choose: (key: string | null, avoided: readonly number[]) => number
  readonly onSuccess: (index: number) => void
  /** Whether the target was ejected for it. */
  readonly onFailure: (index: number) => boolean
  /** Takes the verdict of active checks. */
  readonly onCheck: (index: number, verdict: 'up' | 'down') => void
  /** Whether active checks say of every target that it is down. */
  readonly isDown: () => boolean
  readonly describe: () => readonly TargetStatus[]
}

/** One target at one moment. */
export interface TargetStatus {
  readonly id: string
  readonly state: 'up' | 'down' | 'ejected' | 'recovering'
  /** Of its weight, from 0 to 1: what an ejected target has while it comes back. */
  readonly share: number
  readonly inFlight: number
}

interface Target {
  readonly id: string
  readonly weight: number
  readonly ejection: Ejection | null
  isUp: boolean
}

/**
 * Creates the balancer of an upstream. Where no target would be left, reasons against them are dropped
 * one after the other: ejections, then checks, then failures with this request. Ejections take out half
 * of the targets at most.
 */
export function createBalancer(options: BalancerOptions): Balancer {
  const { eject, inFlightOf, now } = options
  const targets = options.targets.map(
    ({ id, weight }): Target => ({
      id,
      weight,
      ejection: eject && createEjection(eject),
      isUp: true,
    }),
  )
  const at = (index: number): Target => targets[index] as Target
  const pick = createPick(options, targets)

  return {
    choose(key, avoided) {
      const time = eject === null ? 0 : now()
      for (const { weigh, mayRepeat } of WEIGHINGS) {
        const index = pick(key, (target) =>
          !mayRepeat && avoided.includes(target) ? 0 : weigh(at(target), time),
        )
        if (index >= 0) return index
      }
      return -1
    },
    onSuccess: (index) => at(index).ejection?.onSuccess(),
    onFailure(index) {
      const { ejection } = at(index)
      const time = now()
      if (!ejection?.onFailure(time) || !mayEject(targets, time)) return false
      ejection.eject(time)
      return true
    },
    onCheck(index, verdict) {
      at(index).isUp = verdict === 'up'
    },
    isDown: () => targets.every(({ isUp }) => !isUp),
    describe: () =>
      targets.map((target, index) => ({
        id: target.id,
        state: stateOf(target, now()),
        share: target.isUp ? (target.ejection?.share(now()) ?? 1) : 0,
        inFlight: inFlightOf(index),
      })),
  }
}

type Weigh = (target: Target, time: number) => number

const byShare: Weigh = ({ isUp, weight, ejection }, time) =>
  isUp ? weight * (ejection?.share(time) ?? 1) : 0
const byChecks: Weigh = ({ isUp, weight }) => (isUp ? weight : 0)
const byWeight: Weigh = ({ weight }) => weight

/** From the one that heeds all that is known to the one that heeds nothing. */
const WEIGHINGS: readonly { readonly weigh: Weigh; readonly mayRepeat: boolean }[] = [
  { weigh: byShare, mayRepeat: false },
  { weigh: byChecks, mayRepeat: false },
  { weigh: byWeight, mayRepeat: false },
  { weigh: byWeight, mayRepeat: true },
]

type Pick = (key: string | null, weightOf: WeightOf) => number

function createPick({ balance, inFlightOf }: BalancerOptions, targets: readonly Target[]): Pick {
  const { length: count } = targets
  if (balance.by === 'least-requests') {
    const pickLeast = createLeastRequests()
    return (_key, weightOf) => pickLeast({ count, weightOf, inFlightOf })
  }
  const pickInTurn = createRoundRobin(count)
  if (balance.by === 'round-robin') return (_key, weightOf) => pickInTurn(weightOf)
  const pickByKey = createRendezvous(targets.map(({ id }) => id))
  return (key, weightOf) => (key === null ? pickInTurn(weightOf) : pickByKey(key, weightOf))
}

function mayEject(targets: readonly Target[], time: number): boolean {
  const ejected = targets.filter(({ ejection }) => ejection?.isEjected(time)).length
  return 2 * (ejected + 1) <= targets.length
}

function stateOf({ isUp, ejection }: Target, time: number): TargetStatus['state'] {
  if (!isUp) return 'down'
  const share = ejection?.share(time) ?? 1
  if (share === 1) return 'up'
  return share === 0 ? 'ejected' : 'recovering'
}
