import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import { type LimitStore, limitId, type RateLimit } from './limit-store.ts'
import { countOf } from './memory-store.ts'
import { followFaults } from './redis-faults.ts'

/** A request that waits longer for the store counts it as away. */
const COMMAND_MS = 500
const CONNECT_MS = 2_000
const RECONNECT_MS = 500
/** A place whose machine does not say for so long that it is still taken is free again. */
const LEASE_MS = 30_000
const RENEW_MS = 10_000

const PREFIX = 'keyway'

/** Places are members of a sorted set, scored by when they end; Redis' own clock counts. */
const ENTER = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`

const RENEW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], 'XX', now + ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1`

/**
 * Opens a store in Redis, which several machines share; `url` may hold a password. Resolves once it
 * answers, or has had the time to: it may come later.
 */
export async function openRedisStore(url: string): Promise<LimitStore> {
  const redis = connect(url)
  const asked = followFaults(redis)
  await firstAnswer(redis)
  const windows = new Map<string, RateLimiterRedis>()
  const held = new Map<string, string>()
  const renewing = setInterval(() => renew(redis, held), RENEW_MS).unref()

  function windowOf(limit: RateLimit): RateLimiterRedis {
    const id = limitId(limit)
    const { count, windowMs } = limit.requests
    let window = windows.get(id)
    if (window === undefined) {
      window = new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `${PREFIX}:rate:${id}`,
        points: count,
        duration: windowMs / 1000,
        rejectIfRedisNotReady: true,
      })
      windows.set(id, window)
    }
    return window
  }

  return {
    count: async (limit, key) => asked(countOf(windowOf(limit).consume(key))),
    async uncount(limit, key) {
      await windowOf(limit).reward(key)
    },
    async enter(limit, key) {
      const places = `${PREFIX}:at-once:${limitId(limit)}:${key}`
      const lease = randomUUID()
      const isIn = await asked(redis.eval(ENTER, 1, places, limit.atOnce, LEASE_MS, lease))
      if (isIn !== 1) return null
      held.set(lease, places)
      return lease
    },
    async leave(_limit, _key, lease) {
      const places = held.get(lease)
      held.delete(lease)
      if (places !== undefined) await redis.zrem(places, lease)
    },
    async close() {
      clearInterval(renewing)
      redis.disconnect()
    },
  }
}

function connect(url: string): Redis {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_MS,
    commandTimeout: COMMAND_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => RECONNECT_MS,
    connectionName: 'keyway',
  })
  return redis
}

function firstAnswer(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, CONNECT_MS)
    const settle = (): void => {
      clearTimeout(timer)
      resolve()
    }
    redis.once('ready', settle)
    redis.once('close', settle)
  })
}

function renew(redis: Redis, held: ReadonlyMap<string, string>): void {
  for (const [lease, places] of held)
    redis.eval(RENEW, 1, places, LEASE_MS, lease).catch(() => undefined)
}
