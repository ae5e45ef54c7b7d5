import { createFindings, type Findings } from '../findings.ts'
import type { RunOptions } from '../options.ts'
import { createRandom } from '../random.ts'
import { createPathOracle, PIECES } from './oracle.ts'

/** Decides generated paths, and holds what becomes of them against how servers would read them. */
export async function fuzzPaths(options: RunOptions): Promise<Findings> {
  const findings = createFindings()
  const findFault = createPathOracle()
  const end = performance.now() + options.durationMs
  let index = options.from
  for (; index < options.from + options.count; index += 1) {
    if (index % 1_000 === 0 && performance.now() > end) break
    const path = generatePath(options.seed, index)
    if (options.isVerbose) console.log(path)
    const fault = findFault(path)
    if (fault !== null) findings.add(fault, index, path)
  }
  console.log(`paths: seed ${options.seed}, ${index - options.from} paths`)
  return findings
}

function generatePath(seed: number, index: number): string {
  const random = createRandom(seed, index)
  let path = random.pick([
    '/',
    '/',
    '/v1',
    '/v1/admin',
    '/v1/models',
    '/t/a/keys',
    '/up',
    '/a/b',
    '//',
  ])
  for (let count = random.between(0, 8); count > 0; count -= 1) path += random.pick(PIECES)
  return path
}
