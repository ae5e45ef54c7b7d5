import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { createKeyBound } from './key-bound.ts'
import { type Count, type LimitStore, limitId, type RateLimit } from './limit-store.ts'

/** Keys of one limit that have a count of their own at a time; further ones share one. */
const KEY_LIMIT = 100_000

interface Window {
  readonly limiter: RateLimiterMemory
  readonly bound: (key: string) => string
}

/** Creates a store in this process's memory; it grows with no client's doing. */
export function createMemoryStore(): LimitStore {
  const windows = new Map<string, Window>()
  const places = new Map<string, number>()
  let leases = 0

  function windowOf(limit: RateLimit): Window {
    const id = limitId(limit)
    const { count, windowMs } = limit.requests
    let window = windows.get(id)
    if (window === undefined) {
      const limiter = new RateLimiterMemory({ points: count, duration: windowMs / 1000 })
      window = { limiter, bound: createKeyBound(KEY_LIMIT, windowMs) }
      windows.set(id, window)
    }
    return window
  }

  return {
    async count(limit, key) {
      const { limiter, bound } = windowOf(limit)
      return countOf(limiter.consume(bound(key)))
    },
    async uncount(limit, key) {
      const { limiter, bound } = windowOf(limit)
      await limiter.reward(bound(key))
    },
    async enter(limit, key) {
      const id = `${limitId(limit)}\0${key}`
      const taken = places.get(id) ?? 0
      if (taken >= limit.atOnce) return null
      places.set(id, taken + 1)
      return String(leases++)
    },
    async leave(limit, key) {
      const id = `${limitId(limit)}\0${key}`
      const left = (places.get(id) ?? 1) - 1
      if (left > 0) places.set(id, left)
      else places.delete(id)
    },
    async close() {},
  }
}

/** The library resolves where there is room and rejects with the same where there is none. */
export async function countOf(consumed: Promise<RateLimiterRes>): Promise<Count> {
  try {
    const { msBeforeNext } = await consumed
    return { isOver: false, resetMs: msBeforeNext }
  } catch (refused) {
    if (refused instanceof Error) throw refused
    return { isOver: true, resetMs: (refused as RateLimiterRes).msBeforeNext }
  }
}
