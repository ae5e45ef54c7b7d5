import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPathOracle, PIECES } from '../fuzz/paths/oracle.ts'

const RUNS = Number(process.env.PROPERTY_RUNS ?? 100) * 50

test('whoever reads it, a path that goes on is decided as it would be then, and stays below its base path', () => {
  const findFault = createPathOracle()
  const paths = fc
    .tuple(
      fc.constantFrom('/', '/v1', '/v1/admin', '/v1/models', '/t/a/keys', '/up', '/a/b'),
      fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }),
    )
    .map(([start, pieces]) => start + pieces.join(''))
  fc.assert(
    fc.property(paths, (path) => {
      expect(findFault(path)).toBeNull()
    }),
    { numRuns: RUNS },
  )
})
