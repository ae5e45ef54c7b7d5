import { expect, test } from 'vitest'
import { parseHttpDate } from '../../src/http/fields/http-date.ts'

const NOW = Date.UTC(2026, 0, 1)

test.each([
  ['Thu, 01 Jan 2026 00:00:00 GMT', Date.UTC(2026, 0, 1)],
  ['Thu, 31 Dec 2026 23:59:59 GMT', Date.UTC(2026, 11, 31, 23, 59, 59)],
  // A leap second (RFC 9110 §5.6.7).
  ['Sat, 31 Dec 2016 23:59:60 GMT', Date.UTC(2017, 0, 1)],
  ['Sat Jan  1 00:00:00 2000', Date.UTC(2000, 0, 1)],
  ['Sat Jan 31 00:00:00 2000', Date.UTC(2000, 0, 31)],
  ['Monday, 01-Jun-76 00:00:00 GMT', Date.UTC(2076, 5, 1)],
  ['Monday, 01-Jun-77 00:00:00 GMT', Date.UTC(1977, 5, 1)],
  ['Thu, 00 Jan 2026 00:00:00 GMT', null],
  ['Thu, 32 Jan 2026 00:00:00 GMT', null],
  ['Thu, 01 Jan 2026 24:00:00 GMT', null],
  ['Thu, 01 Jan 2026 00:60:00 GMT', null],
  ['Thu, 01 Jan 2026 00:00:61 GMT', null],
  ['Thu, 01 jan 2026 00:00:00 GMT', null],
  ['Thu, 01 Jan 2026 00:00:00 GMT ', null],
  [' Thu, 01 Jan 2026 00:00:00 GMT', null],
  ['Thu, 1 Jan 2026 00:00:00 GMT', null],
  ['Thu, 01 Jan 26 00:00:00 GMT', null],
  ['Sat Jan  1 00:00:00 2000 GMT', null],
  ['Mon, 01-Jun-76 00:00:00 GMT', null],
])('%s', (text, time) => {
  expect(parseHttpDate(text, NOW)).toBe(time)
})
