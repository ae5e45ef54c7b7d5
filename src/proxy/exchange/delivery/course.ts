import { type Answer, answerOf } from '../../../answers/answers.ts'
import type { Forward } from '../../../routing/decide/decision.ts'
import type { UsedSecret } from '../../../routing/rules/request-context.ts'
import type { Failure } from '../../../upstreams/failure.ts'
import { withoutRequest } from '../../../routing/decide/without-request.ts'
import { poolOf, type Slot } from '../../upstream/upstream-group.ts'
import type { UpstreamPool } from '../../upstream/upstream-pool.ts'
import { decideByTable } from '../decide-request.ts'
import type { Incoming } from '../incoming.ts'
import { Attempts, type NextAttempt } from './attempts.ts'
import { tellNext, tellPassedOver, tellUnkept } from './delivery-log.ts'
import { wayOf } from './outgoing-request.ts'

/** Code in the log of a request that no connection came free for. */
export const CROWDED = 'QUEUE_TIMEOUT'
/** Code in the log of an upstream that checks say is down. */
const DOWN = 'UPSTREAM_DOWN'

const NONE: readonly number[] = []
const NO_SECRETS: readonly UsedSecret[] = []

/** Why an attempt was not the answer. */
export interface Setback {
  readonly failure: Failure
  /** As the log tells it. */
  readonly code: string
  /** What the upstream asked for; null: nothing. */
  readonly retryAfterMs: number | null
  /** Whether the whole body can be sent once more. */
  readonly isReplayable: boolean
}

/** Where one request is sent, and where next: its place at an upstream, and what failed so far. */
export class Course {
  /** What is sent at present. */
  forward: Forward
  /** The place that was taken last. */
  slot: Slot | null = null
  private readonly incoming: Incoming
  private attempts: Attempts | null = null
  private failedTargets: readonly number[] = NONE
  /** Secrets that left with attempts by other decisions. */
  private sentBefore: readonly UsedSecret[] = NO_SECRETS

  constructor(incoming: Incoming, forward: Forward) {
    this.incoming = incoming
    this.forward = forward
  }

  /** Every secret that left for an upstream, by whichever attempt. */
  get secrets(): readonly UsedSecret[] {
    const { secrets } = this.forward
    return this.sentBefore.length === 0 ? secrets : [...this.sentBefore, ...secrets]
  }

  /** Whether nothing was sent to the present upstream before. */
  get isFirst(): boolean {
    return this.failedTargets.length === 0
  }

  /** Takes a place at the upstream, or at the first fallback that has one; else says why there is none. */
  reserve(): UpstreamPool | Answer {
    for (;;) {
      const way = wayOf(this.incoming, this.forward)
      const group = this.incoming.context.pools.find(this.forward.upstream)
      if (group.isDown && this.passOver(DOWN)) continue
      this.slot = group.reserve(this.forward, way, this.failedTargets)
      if (this.slot !== null) return poolOf(this.slot, way) as UpstreamPool
      if (!this.passOver(CROWDED))
        return answerOf(group.isUsable ? 'upstream_overloaded' : 'upstream_unusable')
    }
  }

  /** Turns to the next attempt; how long to wait for it, and null: there is none. */
  turn({ failure, code, retryAfterMs, isReplayable }: Setback): number | null {
    const { forward } = this
    const slot = this.slot as Slot
    const isCrowded = code === CROWDED
    const failed = { forward, slot, failure, retryAfterMs, isReplayable, isCrowded }
    const next = this.openAttempts().next(failed)
    if (next !== null) this.turnTo(next, code)
    else if (!isReplayable) tellUnkept(this.incoming, forward, failure, code)
    return next === null ? null : next.delayMs
  }

  /** Turns to the next upstream at once, as there is no use in this one; false: there is none. */
  private passOver(code: string): boolean {
    const next = this.openAttempts().passOver(this.forward)
    if (next === null) return false
    this.turnTo(next, code)
    return true
  }

  /** There is no other attempt: all that is kept is what may be told. */
  forgetRequest(): void {
    this.forward = withoutRequest(this.forward)
    this.sentBefore = NO_SECRETS
    this.attempts = null
  }

  private openAttempts(): Attempts {
    const { incoming } = this
    this.attempts ??= new Attempts(
      incoming.request.method as string,
      () => decideByTable(incoming),
      (fallback, code) => tellPassedOver(incoming, this.forward, { fallback, code }),
    )
    return this.attempts
  }

  private turnTo(next: NextAttempt, code: string): void {
    tellNext(this.incoming, this.forward, next, code)
    const { forward, failedTargets } = next
    if (forward !== this.forward) this.sentBefore = this.secrets
    this.forward = forward
    this.failedTargets = failedTargets
  }
}
