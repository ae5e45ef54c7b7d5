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
