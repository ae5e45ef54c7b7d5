/** Says whether one more is allowed now. */
export type Allowance = (now: number) => boolean

/** Creates an allowance of `burst` at once, which comes back at `perSecond`; `now` is in milliseconds and grows. */
export function createAllowance(burst: number, perSecond: number): Allowance {
  let left = burst
  let last: number | null = null
  return (now) => {
    if (last !== null) left = Math.min(burst, left + ((now - last) * perSecond) / 1000)
    last = now
    left -= 1
    return left >= 0
  }
}
