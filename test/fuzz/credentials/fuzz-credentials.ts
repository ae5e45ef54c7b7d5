import fc from 'fast-check'
import {
  type Count,
  credentialProperty,
  REQUESTS_A_FILE,
} from '../../properties/credentials/property.ts'
import { createFindings, type Findings } from '../findings.ts'
import type { RunOptions } from '../options.ts'

/** Files that are made from one seed; a finding is shrunk within them. */
const FILES_A_SEED = 100

/**
 * Decides generated requests by generated files, and holds what would leave against a reader of the
 * catalogue that shares no line with Keyway. A case is a hundred files with their requests.
 */
export async function fuzzCredentials(options: RunOptions): Promise<Findings> {
  const findings = createFindings()
  const count: Count = { files: 0, forwarded: 0, refused: 0 }
  const end = performance.now() + options.durationMs
  const casesWanted = Math.ceil(options.count / (FILES_A_SEED * REQUESTS_A_FILE))
  for (let index = options.from; index < options.from + casesWanted; index += 1) {
    if (performance.now() > end) break
    const seed = options.seed * 1_000_003 + index
    const result = fc.check(credentialProperty(count), { numRuns: FILES_A_SEED, seed })
    if (result.failed) {
      const error = result.errorInstance instanceof Error ? result.errorInstance.message : ''
      findings.add(
        error.split(':', 1)[0] ?? 'a fault',
        index,
        describe(result.counterexample, error),
      )
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
  const requests = count.forwarded + count.refused
  console.log(
    `credentials: seed ${options.seed}, ${requests} requests by ${count.files} files, ${count.forwarded} forwarded`,
  )
  return findings
}

function describe(counterexample: unknown, error: string): string {
  const [file] = Array.isArray(counterexample) ? counterexample : [null]
  return `${error}\n  by ${JSON.stringify(file)}`
}
