import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULT_RETRY } from '../../src/config/normalize/normalize-upstream.ts'
import type { NormalRetry } from '../../src/config/shapes/normal-upstream.ts'
import { drawBackoff } from '../../src/upstreams/backoff.ts'
import { decideRetry, type FailedAttempt } from '../../src/upstreams/decide-retry.ts'
import { classifyError, isAmong, isGatewayFailure } from '../../src/upstreams/failure.ts'
import { createRetryBudget, RESERVE } from '../../src/upstreams/retry-budget.ts'

const FAILED: FailedAttempt = {
  attempt: 1,
  failure: { type: 'connect' },
  retryAfterMs: null,
  method: 'POST',
  isReplayable: true,
  isElsewhere: false,
}

const status = (status: number): Partial<FailedAttempt> => ({ failure: { type: 'status', status } })

const decisions: readonly {
  name: string
  failed: Partial<FailedAttempt>
  policy?: Partial<NormalRetry>
  delay: number | null
}[] = [
  { name: 'no connection', failed: {}, delay: 50 },
  { name: 'no connection, body gone half', failed: { isReplayable: false }, delay: 50 },
  { name: 'no connection, another target is there', failed: { isElsewhere: true }, delay: 0 },
  { name: 'no connection, twice', failed: { attempt: 2 }, delay: null },
  {
    name: 'no connection, twice of three',
    failed: { attempt: 2 },
    policy: { attempts: 3 },
    delay: 100,
  },
  { name: 'retries off', failed: {}, policy: { attempts: 0 }, delay: null },
  {
    name: 'a reset, which the file does not name',
    failed: { failure: { type: 'reset' } },
    delay: null,
  },
  {
    name: 'a reset of a GET',
    failed: { failure: { type: 'reset' }, method: 'GET' },
    policy: { on: ['reset'] },
    delay: 50,
  },
  {
    name: 'a reset of a POST, which may have been carried out',
    failed: { failure: { type: 'reset' } },
    policy: { on: ['reset'] },
    delay: null,
  },
  {
    name: 'a reset of a POST that may be carried out twice',
    failed: { failure: { type: 'reset' } },
    policy: { on: ['reset'], methods: ['POST'] },
    delay: 50,
  },
  {
    name: 'a time-out of a PUT',
    failed: { failure: { type: 'timeout' }, method: 'PUT' },
    policy: { on: ['timeout'] },
    delay: 50,
  },
  { name: '429', failed: status(429), policy: { on: [429] }, delay: 50 },
  {
    name: '429, body too long to keep',
    failed: { ...status(429), isReplayable: false },
    policy: { on: [429] },
    delay: null,
  },
  {
    name: '429 with Retry-After',
    failed: { ...status(429), retryAfterMs: 2_000 },
    policy: { on: [429] },
    delay: 2_000,
  },
  {
    name: '429 with a long Retry-After for this key, and another one at hand',
    failed: { ...status(429), retryAfterMs: 60_000, isElsewhere: true },
    policy: { on: [429] },
    delay: 0,
  },
  {
    name: '429 with a long Retry-After',
    failed: { ...status(429), retryAfterMs: 5_001 },
    policy: { on: [429] },
    delay: null,
  },
  {
    name: '429 with the longest Retry-After',
    failed: { ...status(429), retryAfterMs: 5_000 },
    policy: { on: [429] },
    delay: 5_000,
  },
  { name: '409 of a POST', failed: status(409), policy: { on: [409] }, delay: 50 },
  { name: '500 of a POST', failed: status(500), policy: { on: ['5xx'] }, delay: null },
  { name: '499 under 5xx', failed: status(499), policy: { on: ['5xx'] }, delay: null },
  {
    name: '500 of a GET',
    failed: { ...status(500), method: 'GET' },
    policy: { on: ['5xx'] },
    delay: 50,
  },
  {
    name: '503 of a POST, which was not carried out',
    failed: status(503),
    policy: { on: [503] },
    delay: 50,
  },
  { name: '529 of a POST under 5xx', failed: status(529), policy: { on: ['5xx'] }, delay: 50 },
  { name: '502 of a POST', failed: status(502), policy: { on: [502] }, delay: null },
  {
    name: '502 of a GET',
    failed: { ...status(502), method: 'GET' },
    policy: { on: ['5xx'] },
    delay: 50,
  },
  {
    name: 'a status that the file does not name',
    failed: status(500),
    policy: { on: [503] },
    delay: null,
  },
]

describe('decideRetry', () => {
  test.each(decisions)('$name', ({ failed, policy, delay }) => {
    const sources = {
      policy: { ...DEFAULT_RETRY, ...policy },
      budget: { take: () => true },
      random: () => 0.5,
    }
    expect(decideRetry({ ...FAILED, ...failed }, sources)).toBe(delay)
  })

  test('takes from the budget only where it would retry', () => {
    let taken = 0
    const budget = {
      take: () => {
        taken += 1
        return false
      },
    }
    const sources = { policy: DEFAULT_RETRY, budget, random: () => 0.5 }
    expect(decideRetry({ ...FAILED, attempt: 2 }, sources)).toBe(null)
    expect(taken).toBe(0)
    expect(decideRetry(FAILED, sources)).toBe(null)
    expect(taken).toBe(1)
  })
})

test('statuses by which a gateway tells of trouble', () => {
  const statuses = [200, 429, 500, 501, 502, 503, 504, 505, 529]
  expect(statuses.filter(isGatewayFailure)).toEqual([502, 503, 504])
})

describe('the retry budget', () => {
  test('has a reserve, then a share of the requests', () => {
    const budget = createRetryBudget(() => 0)
    expect(Array.from({ length: RESERVE + 1 }, budget.take)).toEqual([
      ...Array.from({ length: RESERVE }, () => true),
      false,
    ])
    for (let request = 0; request < 4; request++) budget.earn(0.2)
    expect(budget.take()).toBe(false)
    budget.earn(0.2)
    budget.earn(0.2)
    expect(budget.take()).toBe(true)
  })

  test('says how many whole retries are left', () => {
    const budget = createRetryBudget(() => 0)
    budget.take()
    budget.earn(0.5)
    expect(budget.left()).toBe(RESERVE - 1)
    budget.earn(0.5)
    expect(budget.left()).toBe(RESERVE)
  })

  test('gives the reserve back to a quiet upstream', () => {
    let time = 0
    const budget = createRetryBudget(() => time)
    for (let retry = 0; retry < RESERVE; retry++) budget.take()
    time = 1_000
    expect([budget.take(), budget.take()]).toEqual([true, false])
  })

  test('bounds retries by the reserve, the seconds and the share of requests', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.record({ tries: fc.nat(3), waitMs: fc.nat(50) }), { maxLength: 500 }),
        (ratio, requests) => {
          let time = 0
          const budget = createRetryBudget(() => time)
          let retries = 0
          for (const { tries, waitMs } of requests) {
            time += waitMs
            budget.earn(ratio)
            for (let retry = 0; retry < tries; retry++) if (budget.take()) retries += 1
          }
          const bound = RESERVE + time / 1_000 + ratio * requests.length
          expect(retries).toBeLessThanOrEqual(bound + 1e-6)
        },
      ),
    )
  })

  test('a long calm does not pay for a storm', () => {
    const budget = createRetryBudget(() => 0)
    for (let request = 0; request < 10_000; request++) budget.earn(0.2)
    let retries = 0
    while (budget.take()) retries += 1
    expect(retries).toBe(100)
  })
})

describe('back-off', () => {
  test.each([
    { retry: 1, most: 100 },
    { retry: 2, most: 200 },
    { retry: 4, most: 800 },
    { retry: 9, most: 5_000 },
  ])('draws up to $most ms before retry $retry', ({ retry, most }) => {
    expect(drawBackoff(retry, DEFAULT_RETRY, () => 1)).toBe(most)
    expect(drawBackoff(retry, DEFAULT_RETRY, () => 0)).toBe(0)
  })
})

describe('failures', () => {
  test.each([
    { code: 'ECONNREFUSED', stage: 'connecting', failure: { type: 'connect' } },
    { code: 'ENOTFOUND', stage: 'connecting', failure: { type: 'connect' } },
    { code: 'UPSTREAM_CONNECT_TIMEOUT', stage: 'connecting', failure: { type: 'connect' } },
    { code: 'SELF_SIGNED_CERT_IN_CHAIN', stage: 'connecting', failure: { type: 'connect' } },
    { code: 'ECONNRESET', stage: 'exchanging', failure: { type: 'reset' } },
    { code: 'HPE_INVALID_CONSTANT', stage: 'exchanging', failure: { type: 'reset' } },
    { code: 'UPSTREAM_HEADERS_TIMEOUT', stage: 'exchanging', failure: { type: 'timeout' } },
    { code: 'UNSENDABLE', stage: 'connecting', failure: null },
  ] as const)('$code', ({ code, stage, failure }) => {
    expect(classifyError(code, stage)).toEqual(failure)
  })

  test('5xx names every server error, a status itself', () => {
    expect(isAmong({ type: 'status', status: 529 }, ['5xx'])).toBe(true)
    expect(isAmong({ type: 'status', status: 429 }, ['5xx'])).toBe(false)
    expect(isAmong({ type: 'status', status: 429 }, ['connect', 429])).toBe(true)
    expect(isAmong({ type: 'reset' }, ['connect', '5xx'])).toBe(false)
  })
})
