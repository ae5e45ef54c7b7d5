import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Deadlines, type Watched } from '../../../src/proxy/listener/http1/deadlines.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Item extends Watched {
  readonly due: number[]
}

function watch(deadlines: Deadlines<Watched>, ms: number): Item {
  const start = Date.now()
  const due: number[] = []
  const item = {
    due,
    dueStep: deadlines.after(ms),
    onDue: () => void due.push(Date.now() - start),
  }
  deadlines.add(item)
  return item
}

test.each([
  { ms: 1_000, latest: 1_200 },
  { ms: 1_050, latest: 1_250 },
  { ms: 1, latest: 201 },
])('what is due in $ms ms is told once, not before and not after $latest', ({ ms, latest }) => {
  const deadlines = new Deadlines<Watched>(100)
  vi.advanceTimersByTime(37)
  const item = watch(deadlines, ms)
  vi.advanceTimersByTime(10_000)
  expect(item.due).toHaveLength(1)
  expect(item.due[0]).toBeGreaterThanOrEqual(ms)
  expect(item.due[0]).toBeLessThanOrEqual(latest)
})

test('what is due never is not told', () => {
  const deadlines = new Deadlines<Watched>(100)
  const item = watch(deadlines, 0)
  expect(item.dueStep).toBe(Number.POSITIVE_INFINITY)
  vi.advanceTimersByTime(100_000)
  expect(item.due).toEqual([])
})

test('each is told by its own time, and may set another', () => {
  const deadlines = new Deadlines<Watched>(100)
  const [late, early] = [watch(deadlines, 500), watch(deadlines, 200)]
  vi.advanceTimersByTime(300)
  expect([late.due, early.due]).toEqual([[], [300]])
  early.dueStep = deadlines.after(100)
  vi.advanceTimersByTime(1_000)
  expect([late.due, early.due]).toEqual([[600], [300, 500]])
})

test('one timer serves all, and goes with the last of them', () => {
  const deadlines = new Deadlines<Watched>(100)
  const items = [watch(deadlines, 500), watch(deadlines, 0)]
  expect([...deadlines.list()]).toEqual(items)
  expect(vi.getTimerCount()).toBe(1)
  for (const item of items) {
    expect(vi.getTimerCount()).toBe(1)
    deadlines.delete(item)
  }
  expect(vi.getTimerCount()).toBe(0)
  deadlines.delete(items[0] as Item)
  const again = watch(deadlines, 100)
  vi.advanceTimersByTime(1_000)
  expect(again.due).toEqual([200])
})
