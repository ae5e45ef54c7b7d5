import { expect, test } from 'vitest'
import type { NormalLimit } from '../../src/config/shapes/normal-limit.ts'
import { createAdmission } from '../../src/limits/create-admission.ts'
import type { LimitStore } from '../../src/limits/limit-store.ts'
import { countOf, createMemoryStore } from '../../src/limits/memory-store.ts'
import type { LogFields, Logger } from '../../src/observability/logger.ts'
import type { Admission } from '../../src/routing/admission.ts'

function limit(parts: Partial<NormalLimit>): NormalLimit {
  return { name: 'one', routes: null, by: 'client', requests: null, atOnce: null, ...parts }
}

const hourly = (count: number): NormalLimit['requests'] => ({ count, windowMs: 3_600_000 })

interface TestLog {
  readonly log: Logger
  readonly lines: string[]
  readonly fields: LogFields[]
}

function createLog(): TestLog {
  const lines: string[] = []
  const fields: LogFields[] = []
  const write = (more: LogFields, message: string): void => {
    lines.push(message)
    fields.push(more)
  }
  const log = { fatal: write, error: write, warn: write, info: write, debug: write, trace: write }
  return { log: { ...log, request: () => undefined }, lines, fields }
}

const { log } = createLog()

function codeOf(admission: Admission): string {
  return admission.isAdmitted ? 'admitted' : admission.answer.code
}

test('as many requests as the limit says are admitted for each key', async () => {
  const admit = createAdmission({ store: createMemoryStore(), isOpenWhenAway: false, log })
  const two = limit({ requests: hourly(2) })
  const ask = async (key: string) => codeOf(await admit([{ limit: two, key }]))
  expect([await ask('a'), await ask('a'), await ask('a'), await ask('b')]).toEqual([
    'admitted',
    'admitted',
    'rate_limited',
    'admitted',
  ])
})

test('a place that is given back can be taken again', async () => {
  const admit = createAdmission({ store: createMemoryStore(), isOpenWhenAway: false, log })
  const charges = [{ limit: limit({ atOnce: 1 }), key: 'a' }]
  const first = await admit(charges)
  expect(codeOf(await admit(charges))).toBe('too_many_at_once')
  if (first.isAdmitted) first.release()
  expect(codeOf(await admit(charges))).toBe('admitted')
})

test('a request that one limit refuses counts towards no other and holds no place', async () => {
  const admit = createAdmission({ store: createMemoryStore(), isOpenWhenAway: false, log })
  const wide = { limit: limit({ name: 'wide', requests: hourly(3), atOnce: 3 }), key: 'a' }
  const narrow = { limit: limit({ name: 'narrow', requests: hourly(1) }), key: 'a' }
  const refused: string[] = []
  for (let turn = 0; turn < 5; turn++) refused.push(codeOf(await admit([wide, narrow])))
  expect(refused).toEqual(['admitted', ...Array(4).fill('rate_limited')])
  const after = [await admit([wide]), await admit([wide]), await admit([wide])].map(codeOf)
  expect(after).toEqual(['admitted', 'admitted', 'too_many_at_once'])
})

test('the refusal names the limit, and when to come again', async () => {
  const admit = createAdmission({ store: createMemoryStore(), isOpenWhenAway: false, log })
  const charges = [{ limit: limit({ requests: { count: 1, windowMs: 60_000 } }), key: 'a' }]
  await admit(charges)
  const refusal = await admit(charges)
  expect(refusal).toMatchObject({
    answer: {
      status: 429,
      retryAfterSeconds: 60,
      fields: ['ratelimit-policy', '"one";q=1;w=60', 'ratelimit', '"one";r=0;t=60'],
    },
  })
})

test.each([
  { resetMs: 0, seconds: 1 },
  { resetMs: 999, seconds: 1 },
  { resetMs: 1_000, seconds: 1 },
  { resetMs: 1_001, seconds: 2 },
])('who may come again in $resetMs ms is told so in whole seconds, never too soon', async (row) => {
  const { resetMs, seconds } = row
  const store = { ...createMemoryStore(), count: async () => ({ isOver: true, resetMs }) }
  const admit = createAdmission({ store, isOpenWhenAway: false, log })
  expect(await admit([{ limit: limit({ requests: hourly(1) }), key: 'a' }])).toMatchObject({
    answer: {
      retryAfterSeconds: seconds,
      fields: ['ratelimit-policy', '"one";q=1;w=3600', 'ratelimit', `"one";r=0;t=${seconds}`],
    },
  })
})

test('the refusal of a place names how many there are, and says to come again in a second', async () => {
  const admit = createAdmission({ store: createMemoryStore(), isOpenWhenAway: false, log })
  const charges = [{ limit: limit({ requests: hourly(9), atOnce: 1 }), key: 'a' }]
  await admit(charges)
  expect(await admit(charges)).toMatchObject({
    answer: {
      status: 429,
      retryAfterSeconds: 1,
      fields: [
        'ratelimit-policy',
        '"one";q=1;qu="concurrent-requests"',
        'ratelimit',
        '"one";r=0;t=1',
      ],
    },
  })
})

test('places are counted for each key and each limit, and a limit that is changed begins anew', async () => {
  const store = createMemoryStore()
  const admit = createAdmission({ store, isOpenWhenAway: false, log })
  const ask = async (parts: Partial<NormalLimit>, key: string) =>
    codeOf(await admit([{ limit: limit(parts), key }]))
  expect(await ask({ atOnce: 1 }, 'a')).toBe('admitted')
  expect(await ask({ atOnce: 1 }, 'a')).toBe('too_many_at_once')
  expect(await ask({ atOnce: 1 }, 'b')).toBe('admitted')
  expect(await ask({ name: 'two', atOnce: 1 }, 'a')).toBe('admitted')
  expect(await ask({ atOnce: 2 }, 'a')).toBe('admitted')
  expect(await ask({ requests: hourly(1) }, 'a')).toBe('admitted')
  expect(await ask({ requests: hourly(1) }, 'a')).toBe('rate_limited')
  expect(await ask({ requests: { count: 1, windowMs: 7_200_000 } }, 'a')).toBe('admitted')
  expect(await ask({ name: 'three', atOnce: 3 }, 'a')).toBe('admitted')
  expect(await ask({ name: 'three', atOnce: 1 }, 'a')).toBe('admitted')
})

test('each request under way has a lease of its own, and a place is given back once', async () => {
  const store = createMemoryStore()
  const two = { ...limit({ atOnce: 2 }), atOnce: 2 }
  const leases = [await store.enter(two, 'a'), await store.enter(two, 'a')]
  expect(leases).toEqual(['0', '1'])
  await store.leave(two, 'a', '0')
  expect(await store.enter(two, 'a')).toBe('2')
  expect(await store.enter(two, 'a')).toBe(null)
})

test('a fault of the store that is no refusal is passed on', async () => {
  await expect(countOf(Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(
    await createMemoryStore().count(
      { ...limit({}), requests: { count: 1, windowMs: 60_000 } },
      'a',
    ),
  ).toEqual({
    isOver: false,
    resetMs: 60_000,
  })
})

const away: LimitStore = {
  count: () => Promise.reject(new Error('away')),
  uncount: () => Promise.reject(new Error('away')),
  enter: () => Promise.reject(new Error('away')),
  leave: () => Promise.reject(new Error('away')),
  close: async () => {},
}

test.each([
  { isOpenWhenAway: true, expected: 'admitted', requests: 'pass' },
  { isOpenWhenAway: false, expected: 'limits_unavailable', requests: 'refused' },
])('a store that is away: $expected', async ({ isOpenWhenAway, expected, requests }) => {
  const { log, lines, fields } = createLog()
  const states: string[] = []
  let isAway = true
  const store: LimitStore = {
    ...away,
    count: async (...asked) => (isAway ? away.count(...asked) : { isOver: false, resetMs: 0 }),
  }
  const onStore = (state: string): void => void states.push(state)
  const admit = createAdmission({ store, isOpenWhenAway, log, onStore })
  const charges = [{ limit: limit({ requests: hourly(1) }), key: 'a' }]
  expect(codeOf(await admit(charges))).toBe(expected)
  expect(codeOf(await admit(charges))).toBe(expected)
  isAway = false
  expect(codeOf(await admit(charges))).toBe('admitted')
  expect(codeOf(await admit(charges))).toBe('admitted')
  expect(states).toEqual(['away', 'back'])
  expect(lines).toEqual(['limit store is away', 'limit store is back'])
  expect(fields).toMatchObject([{ error: { type: 'Error' }, requests }, {}])
})

test('each limit that let a request pass is told of, and the one that refused it', async () => {
  const told: string[] = []
  const admit = createAdmission({
    store: createMemoryStore(),
    isOpenWhenAway: false,
    log,
    onAllowed: (name) => void told.push(`allowed by ${name}`),
    onRefused: (name) => void told.push(`refused by ${name}`),
  })
  const wide = { limit: limit({ name: 'wide', requests: hourly(9) }), key: 'a' }
  const narrow = { limit: limit({ name: 'narrow', requests: hourly(1) }), key: 'a' }
  await admit([wide, narrow])
  expect(told.splice(0)).toEqual(['allowed by wide', 'allowed by narrow'])
  await admit([wide, narrow])
  expect(told).toEqual(['refused by narrow'])
})

test('a hundred thousand keys have a count of their own, and further ones share one', async () => {
  const store = createMemoryStore()
  const one = { ...limit({}), requests: { count: 1, windowMs: 3_600_000 } }
  for (let key = 0; key < 100_000; key += 1) await store.count(one, `key ${key}`)
  const counts = [await store.count(one, 'further'), await store.count(one, 'and another')]
  expect(counts.map(({ isOver }) => isOver)).toEqual([false, true])
})
