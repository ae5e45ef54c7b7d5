// Matching time of patterns that are catastrophic elsewhere. Linear growth doubles the time where
// the value doubles, quadratic growth makes it fourfold. The engine changes to a slower machine
// once, at some 10 to 60 KiB, so growth is taken on either side of that step; the time itself is
// that of 16 KiB, the most that a request's headers can hold. Exits 1 where one grows faster.
// --quick leaves out what is beyond the step.
import { compilePattern } from '../../dist/config/language/pattern.js'
import { PATTERNS } from './patterns.mjs'

const isQuick = process.argv.includes('--quick')
const SIDES = isQuick
  ? [[2048, 8192]]
  : [
      [2048, 8192],
      [65_536, 262_144],
    ]
const HEADERS_BYTES = 16_384
const ROUNDS = isQuick ? 15 : 5
const LIMIT = 3

/** With a named group around it a pattern is matched by another of the engine's machines. */
function ways(source) {
  return [
    ['test   ', compilePattern(source).test],
    ['capture', compilePattern(`(?<all>${source})`).capture],
  ]
}

function measure(match, size, [, unit, end]) {
  const value = unit.repeat(Math.ceil(size / unit.length)).slice(0, size - end.length) + end
  for (let i = 0; i < 3; i++) match(value)
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.hrtime.bigint()
    match(value)
    return Number(process.hrtime.bigint() - start) / 1e6
  })
  return Math.min(...times)
}

function growthOf(match, pattern, [small, large]) {
  const before = Math.max(measure(match, small, pattern), 0.002)
  return Math.sqrt(Math.max(measure(match, large, pattern), 0.002) / before)
}

/** A neighbour on the machine can slow one side: what grows too fast is measured again. */
function steadyGrowth(match, pattern) {
  let least = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 4 && least >= LIMIT; attempt++)
    least = Math.min(least, Math.max(...SIDES.map((side) => growthOf(match, pattern, side))))
  return least
}

let worst = 0
let failed = 0
for (const pattern of PATTERNS)
  for (const [way, match] of ways(pattern[0])) {
    const growth = steadyGrowth(match, pattern)
    const time = measure(match, HEADERS_BYTES, pattern)
    worst = Math.max(worst, time)
    if (growth >= LIMIT) failed += 1
    const figures = `x${growth.toFixed(2)} a doubling ${time.toFixed(3).padStart(9)} ms at 16 KiB`
    console.log(`${growth < LIMIT ? 'linear' : 'FASTER'}  ${way}  ${figures}  ${pattern[0]}`)
  }
console.log(`slowest ${worst.toFixed(2)} ms at 16 KiB`)
console.log(`${2 * PATTERNS.length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
