import { expect, test } from 'vitest'
import type { NormalLimit } from '../../src/config/shapes/normal-limit.ts'
import { createAdmission } from '../../src/limits/create-admission.ts'
import type { LimitStore } from '../../src/limits/limit-store.ts'
import { createMemoryStore } from '../../src/limits/memory-store.ts'
import type { LogFields, Logger } from '../../src/observability/logger.ts'
import type { Admission } from '../../src/routing/admission.ts'

function limit(parts: Partial<NormalLimit>): NormalLimit {
  return { name: 'one', routes: null, by: 'client', requests: null, atOnce: null, ...parts }
}

const hourly = (count: number): NormalLimit['requests'] => ({ count, windowMs: 3_600_000 })

function createLog(): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = []
  const write = (_: LogFields, message: string): void => void lines.push(message)
  const log = { fatal: write, error: write, warn: write, info: write, debug: write, trace: write }
  return { log: { ...log, request: () => undefined }, lines }
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

const away: LimitStore = {
  count: () => Promise.reject(new Error('away')),
  uncount: () => Promise.reject(new Error('away')),
  enter: () => Promise.reject(new Error('away')),
  leave: () => Promise.reject(new Error('away')),
  close: async () => {},
}

test.each([
  { isOpenWhenAway: true, expected: 'admitted' },
  { isOpenWhenAway: false, expected: 'limits_unavailable' },
])('a store that is away: $expected', async ({ isOpenWhenAway, expected }) => {
  const { log, lines } = createLog()
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
  expect(states).toEqual(['away', 'back'])
  expect(lines).toEqual(['limit store is away', 'limit store is back'])
})
