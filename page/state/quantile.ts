import { DURATION_BOUNDS_MS } from '../../src/observability/traffic.ts'

/** The milliseconds that a share of the requests took at most, by their counts; null: there were none. */
export function quantile(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let rest = total * share
  for (const [index, count] of counts.entries()) {
    if (rest <= count && count > 0) {
      const low = DURATION_BOUNDS_MS[index - 1] ?? 0
      const high = DURATION_BOUNDS_MS[index] ?? low
      return low + (high - low) * (rest / count)
    }
    rest -= count
  }
  return DURATION_BOUNDS_MS.at(-1) ?? null
}
