import { type KeyRests, LONGEST_REST_MS } from './key-rests.ts'
import type { SecretReading } from './secret-source.ts'

/** A key that begins to rest. */
export interface KeyRest {
  /** Its place in the pool, from 0. */
  readonly index: number
  readonly restsMs: number
}

/** Several API keys of one service, used in turn. */
export interface SecretPool {
  /** The next key that does not rest; null: there is none. */
  readonly read: () => string | null
  /** Puts the key with this value on cool-down, for `retryAfterMs` or the pool's own time; null: it is none, or rests already. */
  readonly rest: (value: string, retryAfterMs: number | null) => KeyRest | null
  /** Until a key may be used again, where all usable ones rest; else null. */
  readonly retryAfterMs: () => number | null
}

export interface SecretPoolOptions {
  readonly cooldownMs: number
  readonly rests: KeyRests
}

/** Takes turns over keys that are read anew each time. */
export function createSecretPool(
  keys: readonly (() => SecretReading)[],
  { cooldownMs, rests }: SecretPoolOptions,
): SecretPool {
  let next = 0
  const read = (): string | null => {
    for (let turn = 0; turn < keys.length; turn++) {
      const index = (next + turn) % keys.length
      const value = keys[index]?.().value ?? null
      if (value === null || rests.waitMs(value) > 0) continue
      next = index + 1
      return value
    }
    return null
  }
  const rest = (value: string, retryAfterMs: number | null): KeyRest | null => {
    const index = keys.findIndex((key) => key().value === value)
    if (index < 0) return null
    const isNew = rests.waitMs(value) === 0
    const restsMs = Math.min(retryAfterMs ?? cooldownMs, LONGEST_REST_MS)
    rests.rest(value, restsMs)
    return isNew && restsMs > 0 ? { index, restsMs } : null
  }
  const retryAfterMs = (): number | null => {
    const values = keys.map((key) => key().value).filter((value) => value !== null)
    const shortest = Math.min(...values.map(rests.waitMs))
    return values.length === 0 || shortest === 0 ? null : shortest
  }
  return { read, rest, retryAfterMs }
}
