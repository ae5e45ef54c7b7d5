import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createAccessSample } from '../../src/observability/access-sample.ts'
import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'

const good = { origin: 'upstream', status: 200 } as ExchangeRecord

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

function take(
  share: number,
  records: readonly ExchangeRecord[],
): { taken: number[]; told: number[] } {
  const told: number[] = []
  const sample = createAccessSample((requests) => void told.push(requests))
  sample.setShare(share)
  const taken = records.flatMap((record, index) => (sample.takes(record) ? [index] : []))
  vi.runAllTimers()
  return { taken, told }
}

test.each([
  { name: 'all', share: 1, taken: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], told: [] },
  { name: 'the first of each ten', share: 0.1, taken: [0, 10], told: [10] },
  { name: 'two of three', share: 2 / 3, taken: [0, 1, 3, 4, 6, 7, 9, 10], told: [4] },
  { name: 'none', share: 0, taken: [], told: [12] },
])('of twelve that went well: $name', ({ share, taken, told }) => {
  expect(
    take(
      share,
      Array.from({ length: 12 }, () => good),
    ),
  ).toEqual({ taken, told })
})

test.each<Partial<ExchangeRecord>>([
  { status: 400 },
  { status: 503 },
  { origin: 'keyway', status: 204 },
  { origin: 'keyway', status: 499, code: 'client_left' },
])('never left out: %o', (fields) => {
  const { taken, told } = take(0, [{ ...good, ...fields }])
  expect({ taken, told }).toEqual({ taken: [0], told: [] })
})

test('what is left out is told ten seconds after the first of it, and again after the next', () => {
  const told: number[] = []
  const sample = createAccessSample((requests) => void told.push(requests))
  sample.setShare(0)
  sample.takes(good)
  vi.advanceTimersByTime(9_999)
  sample.takes(good)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(told).toEqual([2])
  sample.takes(good)
  vi.advanceTimersByTime(10_000)
  expect(told).toEqual([2, 1])
})

test('a process that ends tells what was left out before', () => {
  const told: number[] = []
  const once = vi.spyOn(process, 'once')
  const off = vi.spyOn(process, 'off')
  const sample = createAccessSample((requests) => void told.push(requests))
  sample.setShare(0)
  for (const record of [good, good, good]) sample.takes(record)
  expect(once.mock.calls).toEqual([['exit', expect.any(Function)]])
  const [, end] = once.mock.calls[0] as unknown as [string, () => void]
  end()
  expect(told).toEqual([3])
  expect(off.mock.calls).toEqual([['exit', end]])
})
