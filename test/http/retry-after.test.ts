import { expect, test } from 'vitest'
import { parseHttpDate } from '../../src/http/fields/http-date.ts'
import { parseRetryAfter, readRetryAfter } from '../../src/http/fields/retry-after.ts'

const NOW = Date.UTC(1994, 10, 6, 8, 49, 0)

test.each([
  { text: '0', ms: 0 },
  { text: ' 120 ', ms: 120_000 },
  { text: 'Sun, 06 Nov 1994 08:49:37 GMT', ms: 37_000 },
  { text: 'Sunday, 06-Nov-94 08:49:37 GMT', ms: 37_000 },
  { text: 'Sun Nov  6 08:49:37 1994', ms: 37_000 },
  { text: 'Sun, 06 Nov 1994 08:48:00 GMT', ms: 0 },
  { text: '-1', ms: null },
  { text: '1.5', ms: null },
  { text: '9999999999999', ms: null },
  { text: 'soon', ms: null },
  { text: '', ms: null },
  { text: 'Sun, 06 Nov 1994 25:49:37 GMT', ms: null },
  { text: 'Sun, 06 Foo 1994 08:49:37 GMT', ms: null },
  { text: 'Sun, 06 Nov 1994 08:49:37', ms: null },
])('Retry-After: $text', ({ text, ms }) => {
  expect(parseRetryAfter(text, NOW)).toBe(ms)
})

test.each([
  { fields: ['Retry-After-Ms', '1500'], ms: 1_500 },
  { fields: ['retry-after', '60', 'retry-after-ms', ' 20 '], ms: 20 },
  { fields: ['retry-after-ms', '12.5', 'Retry-After', '60'], ms: 12.5 },
  { fields: ['retry-after-ms', '0', 'Retry-After', '60'], ms: 60_000 },
  { fields: ['retry-after-ms', '-1', 'Retry-After', '60'], ms: 60_000 },
  { fields: ['retry-after-ms', '', 'Retry-After', '60'], ms: 60_000 },
  { fields: ['retry-after-ms', '1e3'], ms: null },
  { fields: ['Retry-After', '2'], ms: 2_000 },
  { fields: ['X-Retry-After', '2'], ms: null },
])('fields that ask to wait: $fields', ({ fields, ms }) => {
  expect(readRetryAfter(fields, NOW)).toBe(ms)
})

test('two digits of a year are never far ahead', () => {
  const now = Date.UTC(2026, 0, 1)
  expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT', now)).toBe(
    Date.UTC(1994, 10, 6, 8, 49, 37),
  )
  expect(parseHttpDate('Friday, 06-Nov-26 08:49:37 GMT', now)).toBe(
    Date.UTC(2026, 10, 6, 8, 49, 37),
  )
})
