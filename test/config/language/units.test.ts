import { describe, expect, test } from 'vitest'
import { parseDuration, parseSize } from '../../../src/config/language/units.ts'

describe('a length of time in milliseconds', () => {
  test.each([
    ['0s', 0],
    ['1ms', 1],
    ['250ms', 250],
    ['1s', 1_000],
    ['90s', 90_000],
    ['1m', 60_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['24h', 86_400_000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  test.each(['', '5', 's', '5 s', '-5s', '1.5s', '5S', '1d', '5ms ', '1h30m', '5toString'])(
    '%j is none',
    (text) => {
      expect(parseDuration(text)).toBeNaN()
    },
  )
})

describe('a size in bytes', () => {
  test.each([
    ['0B', 0],
    ['10B', 10],
    ['1KiB', 1_024],
    ['64KiB', 65_536],
    ['1MiB', 1_048_576],
    ['32MiB', 33_554_432],
    ['1GiB', 1_073_741_824],
  ])('%s', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes)
  })

  test.each(['', '5', 'KiB', '5KB', '5kib', '1.5MiB', '-1B', '5m', '5toString'])(
    '%j is none',
    (text) => {
      expect(parseSize(text)).toBeNaN()
    },
  )
})
