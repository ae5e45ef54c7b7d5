import type { AnswerCode } from '../../../answers/answers.ts'
import type { Decision, Forward } from '../../../routing/decide/decision.ts'
import { decideRetry } from '../../../upstreams/decide-retry.ts'
import { type Failure, isAmong, isGatewayFailure } from '../../../upstreams/failure.ts'
import type { Slot } from '../../upstream/upstream-group.ts'

/** An attempt that failed before its response went to the client. */
export interface FailedAttempt {
  readonly forward: Forward
  readonly slot: Slot
  readonly failure: Failure
  /** What the upstream asked for; null: nothing. */
  readonly retryAfterMs: number | null
  /** Whether the whole body can be sent once more. */
  readonly isReplayable: boolean
  /** Whether it is no use to ask the same target again: it has no connection free. */
  readonly isCrowded: boolean
}

/** How a request goes on. */
export interface NextAttempt {
  readonly forward: Forward
  /** Targets of its upstream that failed. */
  readonly failedTargets: readonly number[]
  readonly delayMs: number
}

/** Nothing was sent, so it counts as a connection that could not be had. */
const NO_PLACE: Failure = { type: 'connect' }

/** Hears of a fallback's upstream that a request can't go to, and why. */
export type OnPassedOver = (upstream: string, code: AnswerCode) => void

/** The attempts of one request, and which comes next; made when the first one fails. */
export class Attempts {
  private readonly method: string
  private decide: () => Decision | null
  private readonly onPassedOver: OnPassedOver
  private count = 1
  private failedTargets: number[] = []
  /** Why the last attempt was not the answer. */
  private failure: Failure = NO_PLACE

  /**
   * `decide` decides the request as it was decided at first, which may take a pool's next key;
   * `onPassedOver` hears of a fallback that can't be taken.
   */
  constructor(method: string, decide: () => Decision | null, onPassedOver: OnPassedOver) {
    this.method = method
    this.decide = decide
    this.onPassedOver = onPassedOver
  }

  /** The next attempt; null: what failed is the answer. */
  next(failed: FailedAttempt): NextAttempt | null {
    this.failedTargets.push(failed.slot.index)
    this.failure = failed.failure
    return this.retry(failed) ?? this.fallBack(failed)
  }

  /** The attempt in place of one that can't be made, as its upstream has no place; null: none is left. */
  passOver(forward: Forward): NextAttempt | null {
    return this.findFallback(forward, [this.failure, NO_PLACE])
  }

  private retry(failed: FailedAttempt): NextAttempt | null {
    const { forward, failure, slot, retryAfterMs, isReplayable, isCrowded } = failed
    if (this.count > forward.retry.attempts || !isAmong(failure, forward.retry.on)) return null
    const hasOtherTarget =
      this.failedTargets.length < slot.group.slots.length && isTargetsFault(failure)
    if (isCrowded && !hasOtherTarget) return null
    const again = isKeyRefused(failed) ? this.decideAgain(forward) : forward
    if (again === null) return null
    const isElsewhere = hasOtherTarget || again.secret?.value !== forward.secret?.value
    const { method, count: attempt } = this
    const delayMs = decideRetry(
      { attempt, failure, retryAfterMs, method, isReplayable, isElsewhere },
      { policy: forward.retry, budget: slot.group.budget, random: Math.random },
    )
    if (delayMs === null) return null
    this.count += 1
    return { forward: again, failedTargets: this.failedTargets, delayMs }
  }

  /** With the next key of a pool; null: all of them rest. */
  private decideAgain(forward: Forward): Forward | null {
    const decision = this.decide()
    if (decision?.action !== 'forward') return null
    return decision.upstream.key === forward.upstream.key ? decision : forward
  }

  private fallBack({ forward, failure, isReplayable }: FailedAttempt): NextAttempt | null {
    if (failure.type !== 'connect' && !isReplayable) return null
    return this.findFallback(forward, [failure])
  }

  private findFallback({ fallbacks }: Forward, failures: readonly Failure[]): NextAttempt | null {
    for (const { upstream, on, decide } of fallbacks) {
      if (!failures.some((failure) => isAmong(failure, on))) continue
      const decision = decide()
      if (decision.action !== 'forward') {
        this.onPassedOver(upstream, decision.code)
        continue
      }
      this.decide = decide
      this.count = 1
      this.failedTargets = []
      return { forward: decision, failedTargets: this.failedTargets, delayMs: 0 }
    }
    return null
  }
}

function isKeyRefused({ failure, forward }: FailedAttempt): boolean {
  return failure.type === 'status' && failure.status === 429 && forward.secret !== null
}

/** Whether another target may do better at once. */
function isTargetsFault(failure: Failure): boolean {
  return failure.type !== 'status' || isGatewayFailure(failure.status)
}
