import { expect, test } from 'vitest'
import { parseRate } from '../../../src/config/language/rate.ts'

test.each([
  ['1/s', { count: 1, windowMs: 1_000 }],
  ['60/m', { count: 60, windowMs: 60_000 }],
  ['1000/h', { count: 1_000, windowMs: 3_600_000 }],
  ['500/10m', { count: 500, windowMs: 600_000 }],
  ['5/250ms', { count: 5, windowMs: 250 }],
])('%s', (text, rate) => {
  expect(parseRate(text)).toEqual(rate)
})
