/** How long to wait between attempts. */
export interface BackoffSettings {
  readonly backoffMs: number
  readonly maxBackoffMs: number
}

/**
 * A random wait before the `retry`th retry, from 1: up to `backoffMs`, doubled each time, at most
 * `maxBackoffMs` (full jitter, so that clients that failed together do not come back together).
 */
export function drawBackoff(
  retry: number,
  { backoffMs, maxBackoffMs }: BackoffSettings,
  random: () => number,
): number {
  return random() * Math.min(maxBackoffMs, backoffMs * 2 ** (retry - 1))
}
