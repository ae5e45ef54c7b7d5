import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLogger } from '../../../src/observability/logger.ts'
import { createRefusalTeller, type Refusal } from '../../../src/proxy/exchange/refusal-teller.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout'] }))
afterEach(() => void vi.useRealTimers())

const REFUSAL: Refusal = { id: 'id-1', route: 'r', rule: 'n', status: 403, code: 'rejected' }
const BREACH = { id: 'id-1', route: 'r', upstream: 'up', code: 'client_left' }

function open(hasAccessLog = false) {
  const lines: Record<string, unknown>[] = []
  const write = (line: string): void => {
    const { time: _, pid: __, ...rest } = JSON.parse(line)
    lines.push(rest)
  }
  const log = createLogger({ destination: { write } })
  return { lines, teller: createRefusalTeller(log, () => hasAccessLog) }
}

test('why a request was refused is told, by its code and in words', () => {
  const { lines, teller } = open()
  teller.refused(REFUSAL)
  teller.refused({ ...REFUSAL, status: 502, code: 'upstream_failed' })
  expect(lines).toEqual([
    {
      ...REFUSAL,
      level: 'info',
      reason: 'The configuration refuses this request.',
      msg: 'request refused',
    },
    {
      ...REFUSAL,
      status: 502,
      code: 'upstream_failed',
      level: 'warn',
      reason: expect.stringMatching(/^The upstream/),
      msg: 'request refused',
    },
  ])
})

test.each([
  { status: 399, told: 0 },
  { status: 400, told: 1 },
  { status: 499, told: 1 },
])('an answer $status is told $told times', ({ status, told }) => {
  const { lines, teller } = open()
  teller.refused({ ...REFUSAL, status })
  expect(lines).toHaveLength(told)
})

test.each([
  { status: 499, level: 'info' },
  { status: 500, level: 'warn' },
])('an answer $status is told at the level $level', ({ status, level }) => {
  const { lines, teller } = open()
  teller.refused({ ...REFUSAL, status })
  expect(lines).toMatchObject([{ level }])
})

test('a client that left and an answer that was broken off are told', () => {
  const { lines, teller } = open()
  teller.left(BREACH)
  teller.brokenOff({ ...BREACH, code: 'upstream_failed' })
  expect(lines).toEqual([
    { ...BREACH, level: 'info', msg: 'request left by its client' },
    { ...BREACH, code: 'upstream_failed', level: 'warn', msg: 'answer broken off' },
  ])
})

test('where each request has a line only what that does not say is told', () => {
  const { lines, teller } = open(true)
  teller.refused(REFUSAL)
  teller.left(BREACH)
  teller.brokenOff(BREACH)
  expect(lines.map(({ msg }) => msg)).toEqual(['answer broken off'])
})

test('answers that were broken off count towards the flood too', () => {
  const { lines, teller } = open()
  for (let count = 0; count < 101; count += 1) teller.brokenOff(BREACH)
  expect(lines).toHaveLength(100)
})

test('of a flood a hundred are told each second, and how many were not', () => {
  const { lines, teller } = open()
  for (let count = 0; count < 103; count += 1) teller.refused(REFUSAL)
  expect(lines).toHaveLength(100)
  vi.advanceTimersByTime(999)
  expect(lines).toHaveLength(100)
  vi.advanceTimersByTime(1)
  expect(lines.slice(100)).toEqual([
    { level: 'warn', lines: 3, msg: 'lines about refused requests were left out' },
  ])
  teller.left(BREACH)
  expect(lines).toHaveLength(102)
  vi.advanceTimersByTime(10_000)
  expect(lines).toHaveLength(102)
  expect(vi.getTimerCount()).toBe(0)
})
