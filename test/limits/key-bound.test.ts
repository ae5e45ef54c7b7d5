import { expect, test } from 'vitest'
import { createKeyBound } from '../../src/limits/key-bound.ts'

test('keys over the bound share a count until windows end', () => {
  let now = 0
  const bound = createKeyBound(2, 1_000, () => now)
  const shared = bound('never seen by the bound itself')
  expect(shared).toBe('never seen by the bound itself')
  expect(bound('second')).toBe('second')
  const third = bound('third')
  expect(third).not.toBe('third')
  expect(bound('fourth')).toBe(third)
  expect(bound('second')).toBe('second')
  now = 1_001
  expect(bound('third')).toBe('third')
})

test('a window ends on time, and only those that ended make room', () => {
  let now = 0
  const bound = createKeyBound(2, 1_000, () => now)
  bound('a')
  now = 500
  bound('b')
  now = 999
  expect(bound('c')).not.toBe('c')
  now = 1_000
  expect(bound('c')).toBe('c')
  expect(bound('b')).toBe('b')
  expect(bound('d')).not.toBe('d')
})

test('a key that comes again after its window has a new one', () => {
  let now = 0
  const bound = createKeyBound(1, 1_000, () => now)
  bound('a')
  now = 1_000
  expect(bound('a')).toBe('a')
  now = 1_999
  expect(bound('b')).not.toBe('b')
  now = 2_000
  expect(bound('b')).toBe('b')
})

test('the clock is that of the process, unless another is given', () => {
  const bound = createKeyBound(1, 3_600_000)
  expect([bound('a'), bound('a'), bound('b') === 'b']).toEqual(['a', 'a', false])
})
