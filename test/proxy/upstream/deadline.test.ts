import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Deadline } from '../../../src/proxy/upstream/deadline.ts'
import { earlierOf } from '../../../src/proxy/upstream/http1/keep-alive.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function open(): { deadline: Deadline; due: number[] } {
  const start = performance.now()
  const due: number[] = []
  const onDue = (): void => void due.push(performance.now() - start)
  return { deadline: new Deadline({ onDue }), due }
}

test('it is due once, when its time has come', () => {
  const { deadline, due } = open()
  deadline.set(100)
  vi.advanceTimersByTime(99)
  expect(due).toEqual([])
  vi.advanceTimersByTime(1_000)
  expect(due).toEqual([100])
  expect(vi.getTimerCount()).toBe(0)
})

test('put off on and on it is due by the last word, and takes one timer', () => {
  const { deadline, due } = open()
  const timer = vi.spyOn(globalThis, 'setTimeout')
  for (let at = 0; at < 10; at += 1) {
    deadline.set(100)
    vi.advanceTimersByTime(9)
  }
  expect(timer).toHaveBeenCalledTimes(1)
  timer.mockRestore()
  vi.advanceTimersByTime(1_000)
  expect(due).toEqual([181])
})

test('what is known to be set next takes no other timer, and is due by itself', () => {
  const { deadline, due } = open()
  const timer = vi.spyOn(globalThis, 'setTimeout')
  deadline.set(1_000, 200)
  vi.advanceTimersByTime(50)
  deadline.set(200)
  expect(timer).toHaveBeenCalledTimes(1)
  timer.mockRestore()
  vi.advanceTimersByTime(2_000)
  expect(due).toEqual([250])
})

test.each([
  { name: 'sooner', next: 200 },
  { name: 'later', next: 5_000 },
  { name: 'never', next: 0 },
])('what would be due $name next, and is not set, changes nothing', ({ next }) => {
  const { deadline, due } = open()
  deadline.set(1_000, next)
  vi.advanceTimersByTime(10_000)
  expect(due).toEqual([1_000])
  expect(vi.getTimerCount()).toBe(0)
})

test('an earlier time counts from then on', () => {
  const { deadline, due } = open()
  deadline.set(1_000)
  vi.advanceTimersByTime(10)
  deadline.set(20)
  vi.advanceTimersByTime(2_000)
  expect(due).toEqual([30])
})

test.each([
  { name: 'cleared', end: (deadline: Deadline) => deadline.clear() },
  { name: 'set to no time', end: (deadline: Deadline) => deadline.set(0) },
  { name: 'stopped', end: (deadline: Deadline) => deadline.stop() },
])('$name it is never due, until it is set again', ({ end }) => {
  const { deadline, due } = open()
  deadline.set(100)
  end(deadline)
  vi.advanceTimersByTime(1_000)
  expect(due).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
  deadline.set(50)
  vi.advanceTimersByTime(1_000)
  expect(due).toEqual([1_050])
})

test('stopped it gives its timer back at once', () => {
  const { deadline } = open()
  deadline.set(100)
  expect(vi.getTimerCount()).toBe(1)
  deadline.stop()
  expect(vi.getTimerCount()).toBe(0)
  deadline.stop()
})

test('it may be set again by whoever hears of it', () => {
  const due: number[] = []
  const onDue = (): void => {
    due.push(due.length)
    if (due.length < 3) deadline.set(10)
  }
  const deadline: Deadline = new Deadline({ onDue })
  deadline.set(10)
  vi.advanceTimersByTime(1_000)
  expect(due).toEqual([0, 1, 2])
})

test.each([
  { own: 0, theirs: 60_000, ms: 58_000 },
  { own: 0, theirs: 3_000, ms: 1_500 },
  { own: 0, theirs: 4_000, ms: 2_000 },
  { own: 5_000, theirs: 60_000, ms: 5_000 },
  { own: 90_000, theirs: 60_000, ms: 58_000 },
])('idle for $own ms by the file and $theirs ms by the upstream is $ms ms', (row) => {
  expect(earlierOf(row.own, row.theirs)).toBe(row.ms)
})
