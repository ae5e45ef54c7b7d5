/** How many retries the requests of an upstream have earned. */
export interface RetryBudget {
  /** A request was sent: it earns `ratio` of a retry. */
  readonly earn: (ratio: number) => void
  /** Pays for a retry; false where there is nothing left. */
  readonly take: () => boolean
  /** Retries in hand. */
  readonly left: () => number
}

/** Retries that a quiet upstream always has in hand; one is given back each second. */
export const RESERVE = 10

/** Retries that can be saved up, so that a long calm does not pay for a storm. */
const LIMIT = 100

/**
 * Creates a budget (a token bucket): while an upstream is down, retries stay a fraction of its
 * requests and do not multiply its load. `now` is in milliseconds and never goes back.
 */
export function createRetryBudget(now: () => number): RetryBudget {
  let tokens = RESERVE
  let at = now()
  return {
    earn(ratio) {
      if (tokens < LIMIT) tokens = Math.min(LIMIT, tokens + ratio)
    },
    take() {
      const then = at
      at = now()
      if (tokens < RESERVE) tokens = Math.min(RESERVE, tokens + (at - then) / 1000)
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
    left: () => Math.floor(tokens),
  }
}
