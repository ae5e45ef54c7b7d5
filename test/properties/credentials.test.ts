import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Count, credentialProperty } from './credentials/property.ts'

const RUNS = Number(process.env.PROPERTY_RUNS ?? 60)

test('what can be named leaves only for who accepts it', { timeout: 120_000 }, () => {
  const count: Count = { files: 0, forwarded: 0, refused: 0 }
  fc.assert(credentialProperty(count), { numRuns: RUNS, seed: 20_261_128 })
  // A generator of which all is refused would prove nothing.
  expect(count.forwarded).toBeGreaterThan(count.refused / 20)
})
