/** When a target is ejected, and how it comes back. */
export interface EjectSettings {
  /** Failures in a row. */
  readonly failures: number
  readonly forMs: number
  readonly recoverMs: number
}

/** One target as its own requests see it. */
export interface Ejection {
  readonly isEjected: (now: number) => boolean
  /** Its share of its weight: 0 while ejected, then growing to 1. */
  readonly share: (now: number) => number
  readonly onSuccess: () => void
  /** Whether the target is to be ejected for this; `eject` does it. */
  readonly onFailure: (now: number) => boolean
  readonly eject: (now: number) => void
}

/** Share that a target has at first when it comes back. */
const FIRST_SHARE = 0.1

/**
 * Creates the state of one target: failures in a row eject it for a while, then its share grows back
 * to the whole. One failure on the way back ejects it again.
 */
export function createEjection({ failures, forMs, recoverMs }: EjectSettings): Ejection {
  let inARow = 0
  let until = Number.NEGATIVE_INFINITY
  const isBack = (now: number): boolean => now >= until + recoverMs
  return {
    isEjected: (now) => now < until,
    share(now) {
      if (now < until) return 0
      return isBack(now) ? 1 : FIRST_SHARE + (1 - FIRST_SHARE) * ((now - until) / recoverMs)
    },
    onSuccess() {
      inARow = 0
    },
    onFailure(now) {
      if (now < until) return false
      inARow += 1
      return inARow >= failures || !isBack(now)
    },
    eject(now) {
      until = now + forMs
      inARow = 0
    },
  }
}
