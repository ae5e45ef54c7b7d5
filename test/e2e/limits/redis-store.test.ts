import { Redis } from 'ioredis'
import { expect, onTestFinished, test } from 'vitest'
import type { NormalLimit } from '../../../src/config/shapes/normal-limit.ts'
import type { ConcurrencyLimit, LimitStore, RateLimit } from '../../../src/limits/limit-store.ts'
import { openRedisStore } from '../../../src/limits/redis-store.ts'
import { startRedis } from './start-redis.ts'

const base: NormalLimit = { name: 'one', routes: null, by: 'client', requests: null, atOnce: null }
const rate = (count: number, windowMs = 3_600_000): RateLimit => ({
  ...base,
  requests: { count, windowMs },
})
const places = (atOnce: number): ConcurrencyLimit => ({ ...base, atOnce })

interface Opened {
  readonly store: LimitStore
  readonly url: string
  /** Asks the server itself. */
  readonly redis: Redis
  readonly freeze: () => void
  readonly stop: () => Promise<void>
}

async function open(): Promise<Opened> {
  const server = await startRedis()
  const store = await openRedisStore(server.url)
  const redis = new Redis(server.url, { retryStrategy: () => null })
  redis.on('error', () => undefined)
  onTestFinished(async () => {
    await store.close()
    redis.disconnect()
    await server.stop()
  })
  return { store, url: server.url, redis, freeze: server.freeze, stop: server.stop }
}

test('requests are counted for each key, until their window ends', async () => {
  const { store, redis } = await open()
  const first = await store.count(rate(2), 'a')
  expect(first.isOver).toBe(false)
  expect(first.resetMs).toBeGreaterThan(3_000_000)
  expect(first.resetMs).toBeLessThanOrEqual(3_600_000)
  expect((await store.count(rate(2), 'a')).isOver).toBe(false)
  const third = await store.count(rate(2), 'a')
  expect(third.isOver).toBe(true)
  expect(third.resetMs).toBeGreaterThan(3_000_000)
  expect((await store.count(rate(2), 'b')).isOver).toBe(false)
  // A limit that is changed begins anew.
  expect((await store.count(rate(1), 'a')).isOver).toBe(false)
  expect((await redis.keys('*')).sort()).toEqual([
    'keyway:rate:one 1/3600000 :a',
    'keyway:rate:one 2/3600000 :a',
    'keyway:rate:one 2/3600000 :b',
  ])
})

test('a request that is taken back makes room for another', async () => {
  const { store } = await open()
  await store.count(rate(1), 'a')
  await store.uncount(rate(1), 'a')
  expect((await store.count(rate(1), 'a')).isOver).toBe(false)
  expect((await store.count(rate(1), 'a')).isOver).toBe(true)
})

test('places are taken and given back, for each key, and shared by machines', async () => {
  const { store, url, redis } = await open()
  const other = await openRedisStore(url)
  onTestFinished(() => other.close())
  const lease = await store.enter(places(2), 'a')
  expect(lease).toMatch(/^[0-9a-f-]{36}$/)
  expect(await other.enter(places(2), 'a')).not.toBe(null)
  expect(await store.enter(places(2), 'a')).toBe(null)
  expect(await other.enter(places(2), 'a')).toBe(null)
  expect(await store.enter(places(2), 'b')).not.toBe(null)
  expect((await redis.keys('*')).sort()).toEqual([
    'keyway:at-once:one / 2:a',
    'keyway:at-once:one / 2:b',
  ])
  // Nobody gives back a place that is not his.
  await other.leave(places(2), 'a', lease as string)
  expect(await store.enter(places(2), 'a')).toBe(null)
  await store.leave(places(2), 'a', lease as string)
  expect(await store.enter(places(2), 'a')).not.toBe(null)
})

test('a place whose machine is gone is free again, and goes by itself', async () => {
  const { store, redis } = await open()
  await store.enter(places(1), 'a')
  const key = 'keyway:at-once:one / 1:a'
  const ttl = await redis.pttl(key)
  expect(ttl).toBeGreaterThan(20_000)
  expect(ttl).toBeLessThanOrEqual(30_000)
  const [, ends] = await redis.zrange(key, 0, -1, 'WITHSCORES')
  const [seconds = 0] = await redis.time()
  expect(Number(ends)).toBeGreaterThan(seconds * 1000 + 20_000)
  expect(Number(ends)).toBeLessThanOrEqual((seconds + 1) * 1000 + 30_000)
  await redis.zadd(key, 'XX', seconds * 1000 - 1, (await redis.zrange(key, 0, 0))[0] as string)
  expect(await store.enter(places(1), 'a')).not.toBe(null)
})

test('a store that is away rejects what it is asked, and is opened all the same', async () => {
  const { store, url, stop } = await open()
  expect((await store.count(rate(1), 'a')).isOver).toBe(false)
  await stop()
  await expect(store.count(rate(1), 'a')).rejects.toThrow()
  await expect(store.enter(places(1), 'a')).rejects.toThrow()
  const late = await openRedisStore(url)
  await expect(late.count(rate(1), 'a')).rejects.toThrow()
  await late.close()
})

test('a store that does not answer is away', async () => {
  const { store, freeze } = await open()
  expect((await store.count(rate(1), 'a')).isOver).toBe(false)
  freeze()
  await expect(store.count(rate(1), 'a')).rejects.toThrow()
  await expect(store.enter(places(1), 'a')).rejects.toThrow()
})

test('its connections bear a name', async () => {
  const { redis } = await open()
  expect(await redis.client('LIST')).toContain(' name=keyway ')
})

test('a store that is not there, or refuses its user, says so and shows none', async () => {
  const server = await startRedis()
  const told = async (url: string): Promise<unknown> => {
    const store = await openRedisStore(url)
    onTestFinished(() => store.close())
    return store.count(rate(1), 'a').catch(({ message }: Error) => message)
  }
  const where = `127.0.0.1:${server.port}`
  expect(await told(`redis://nobody:TEST@${where}`)).toBe(`${where} can't be asked: WRONGPASS`)
  await server.stop()
  expect(await told(server.url)).toBe(`${where} can't be asked: ECONNREFUSED`)
})
