import type { SecretReading } from './secret-source.ts'

/** Several API keys of one service, used in turn. */
export interface SecretPool {
  /** The next key that does not rest; null: there is none. */
  readonly read: () => string | null
  /** Puts the key with this value on cool-down, for `retryAfterMs` or the pool's own time. */
  readonly rest: (value: string, retryAfterMs: number | null) => void
  /** Until a key may be used again, where all usable ones rest; else null. */
  readonly retryAfterMs: () => number | null
}

export interface SecretPoolOptions {
  readonly cooldownMs: number
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number
}

/** A longer rest is likelier a fault of the upstream's than a wish. */
const LONGEST_REST_MS = 3_600_000

interface Rest {
  /** The value that rests: a key rotated meanwhile does not. */
  readonly value: string
  readonly until: number
}

/** Takes turns over keys that are read anew each time. */
export function createSecretPool(
  keys: readonly (() => SecretReading)[],
  { cooldownMs, now }: SecretPoolOptions,
): SecretPool {
  const rests: (Rest | undefined)[] = []
  let next = 0

  const read = (): string | null => {
    for (let turn = 0; turn < keys.length; turn++) {
      const index = (next + turn) % keys.length
      const value = keys[index]?.().value ?? null
      if (value === null || waitMs(rests[index], value, now()) > 0) continue
      next = index + 1
      return value
    }
    return null
  }
  const rest = (value: string, retryAfterMs: number | null): void => {
    const until = now() + Math.min(retryAfterMs ?? cooldownMs, LONGEST_REST_MS)
    keys.forEach((key, index) => {
      if (key().value === value) rests[index] = { value, until }
    })
  }
  const retryAfterMs = (): number | null => {
    const waits = keys.flatMap((key, index) => {
      const { value } = key()
      return value === null ? [] : [waitMs(rests[index], value, now())]
    })
    const shortest = Math.min(...waits)
    return waits.length === 0 || shortest === 0 ? null : shortest
  }
  return { read, rest, retryAfterMs }
}

function waitMs(rest: Rest | undefined, value: string, now: number): number {
  return rest?.value === value ? Math.max(0, rest.until - now) : 0
}
