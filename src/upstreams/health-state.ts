/** How many answers in a row change a target's state. */
export interface HealthThresholds {
  readonly healthy: number
  readonly unhealthy: number
}

/** Whether a target is up, as active checks see it. */
export interface HealthState {
  readonly isUp: () => boolean
  /** Takes a check's outcome; the new state where it changes, else null. */
  readonly report: (isGood: boolean) => 'up' | 'down' | null
}

/**
 * Creates the state of one target. It starts as up, so that a start need not wait for checks, but
 * on trial: the first check alone decides.
 */
export function createHealthState({ healthy, unhealthy }: HealthThresholds): HealthState {
  let isUp = true
  let isOnTrial = true
  /** Outcomes in a row that contradict the state. */
  let against = 0
  return {
    isUp: () => isUp,
    report(isGood) {
      against = isGood === isUp ? 0 : against + 1
      const wanted = isOnTrial ? 1 : isUp ? unhealthy : healthy
      isOnTrial = false
      if (against < wanted) return null
      isUp = isGood
      against = 0
      return isUp ? 'up' : 'down'
    },
  }
}
