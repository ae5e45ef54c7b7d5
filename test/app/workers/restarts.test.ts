import { expect, test } from 'vitest'
import { createRestarts } from '../../../src/app/workers/restarts.ts'

const cases = [
  { name: 'one is replaced at once', ends: [0], waits: [0] },
  {
    name: 'those that follow soon wait ever longer, up to 10 s',
    ends: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((second) => second * 1_000),
    waits: [0, 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000],
  },
  { name: 'half a minute of calm forgives', ends: [0, 1_000, 31_001], waits: [0, 100, 0] },
]

test.each(cases)('$name', ({ ends, waits }) => {
  const restarts = createRestarts()
  expect(ends.map((at) => restarts.next(at))).toEqual(waits)
})
