import type { NormalRetry } from '../config/shapes/normal-upstream.ts'
import { drawBackoff } from './backoff.ts'
import { type Failure, isAmong } from './failure.ts'
import type { RetryBudget } from './retry-budget.ts'

/** A request whose last attempt failed. */
export interface FailedAttempt {
  /** How often it was sent so far, from 1. */
  readonly attempt: number
  readonly failure: Failure
  /** What the upstream asked for; null: nothing. */
  readonly retryAfterMs: number | null
  readonly method: string
  /** Whether its whole body can be sent once more. */
  readonly isReplayable: boolean
  /** Whether it would go to a target, or with a key, that this failure says nothing about. */
  readonly isElsewhere: boolean
}

/** What a decision about a retry rests on. */
export interface RetrySources {
  readonly policy: NormalRetry
  readonly budget: Pick<RetryBudget, 'take'>
  readonly random: () => number
}

/** Statuses of servers' own faults that say that a request was not carried out, as all below 500 do. */
const REFUSALS: ReadonlySet<number> = new Set([503, 529])

/** How long to wait before the request is sent again; null: it is not. */
export function decideRetry(
  failed: FailedAttempt,
  { policy, budget, random }: RetrySources,
): number | null {
  const { attempt, failure, retryAfterMs, isElsewhere } = failed
  if (attempt > policy.attempts || !isAmong(failure, policy.on) || !isSafe(failed, policy))
    return null
  if (!isElsewhere && retryAfterMs !== null && retryAfterMs > policy.maxBackoffMs) return null
  if (!budget.take()) return null
  if (isElsewhere) return 0
  return Math.max(retryAfterMs ?? 0, drawBackoff(attempt, policy, random))
}

/** Whether sending it again can neither carry it out twice against the file's will nor cut its body. */
function isSafe({ failure, method, isReplayable }: FailedAttempt, policy: NormalRetry): boolean {
  if (failure.type === 'connect') return true
  if (!isReplayable) return false
  const wasRefused =
    failure.type === 'status' && (failure.status < 500 || REFUSALS.has(failure.status))
  return wasRefused || policy.methods.includes(method)
}
