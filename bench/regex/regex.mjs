// Matching time of patterns that are catastrophic elsewhere, on values of 16 KiB, the most that a
// request's headers can hold, and on eight times as much. Linear growth doubles the time where the
// value doubles, quadratic growth makes it fourfold; between the two sizes the engine may change to
// a slower machine once, which is why the limit is not 2. Exits 1 where one grows faster.
import { compilePattern } from '../../dist/config/pattern.js'
import { PATTERNS } from './patterns.mjs'

const SIZES = [16_384, 131_072]
const ROUNDS = 9
const LIMIT = 3.3

function measure(test, value) {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.hrtime.bigint()
    test(value)
    return Number(process.hrtime.bigint() - start) / 1e6
  })
  return Math.min(...times)
}

function valueOf(size, unit, end) {
  return unit.repeat(Math.ceil(size / unit.length)).slice(0, size - end.length) + end
}

let worst = 0
const failed = []

/** With a named group around it a pattern is matched by another of the engine's machines. */
function ways(source) {
  const captured = compilePattern(`(?<all>${source})`)
  return [
    ['test   ', compilePattern(source).test],
    ['capture', captured.capture],
  ]
}

for (const [source, unit, end] of PATTERNS)
  for (const [way, match] of ways(source)) {
    for (let i = 0; i < 3; i++) match(valueOf(SIZES[0], unit, end))
    const times = SIZES.map((size) => measure(match, valueOf(size, unit, end)))
    const growth = Math.cbrt(times[1] / Math.max(times[0], 0.001))
    worst = Math.max(worst, times[0])
    const isLinear = growth < LIMIT
    if (!isLinear) failed.push(`${way} ${source}`)
    const figures = `x${growth.toFixed(2)} a doubling ${times[0].toFixed(3).padStart(9)} ms at 16 KiB`
    console.log(`${isLinear ? 'linear' : 'FASTER'}  ${way}  ${figures}  ${source}`)
  }
const passed = 2 * PATTERNS.length - failed.length
console.log(`slowest ${worst.toFixed(2)} ms\n${passed} passed, ${failed.length} failed`)
process.exitCode = failed.length > 0 ? 1 : 0
