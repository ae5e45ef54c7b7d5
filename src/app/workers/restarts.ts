/** Says how long to wait before a worker that ended is replaced. */
export interface Restarts {
  readonly next: (now: number) => number
}

const FIRST_MS = 100
const LONGEST_MS = 10_000
/** Workers that ended longer ago say nothing about the next. */
const CALM_MS = 30_000

/** Creates the clock of restarts: the first at once, those that follow soon after ever later. */
export function createRestarts(): Restarts {
  let last = Number.NEGATIVE_INFINITY
  let waitMs = 0
  return {
    next(now) {
      const isCalm = now - last > CALM_MS
      waitMs = isCalm ? 0 : Math.min(LONGEST_MS, Math.max(FIRST_MS, 2 * waitMs))
      last = now
      return waitMs
    },
  }
}
