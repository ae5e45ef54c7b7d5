import { fuzzCredentials } from './credentials/fuzz-credentials.ts'
import type { Finding, Findings } from './findings.ts'
import { parseRunOptions, type RunOptions } from './options.ts'
import { fuzzPaths } from './paths/fuzz-paths.ts'
import { fuzzRequests } from './requests/fuzz-requests.ts'
import { fuzzResponses } from './responses/fuzz-responses.ts'

const PROGRAMS: Readonly<Record<string, (options: RunOptions) => Promise<Findings>>> = {
  requests: (options) => fuzzRequests(options),
  'tls-requests': (options) => fuzzRequests(options, 'tls'),
  responses: (options) => fuzzResponses(options),
  'tls-responses': (options) => fuzzResponses(options, 'tls'),
  paths: fuzzPaths,
  credentials: fuzzCredentials,
}

/** `npm run fuzz -- PROGRAM [OPTION…]`, one of PROGRAMS; all in turn where none is named. */
export async function main(args: readonly string[]): Promise<number> {
  const [first = ''] = args
  const named = PROGRAMS[first] === undefined ? Object.keys(PROGRAMS) : [first]
  const rest = PROGRAMS[first] === undefined ? args : args.slice(1)
  const options = parseRunOptions(rest, { count: 1_000_000_000, seconds: 60, quickSeconds: 8 })
  let count = 0
  for (const name of named) {
    const findings = await (PROGRAMS[name] as (options: RunOptions) => Promise<Findings>)(options)
    count += findings.count()
    for (const finding of findings.list()) printFinding(finding, name, options.seed)
  }
  console.log(count === 0 ? 'nothing found' : `${count} findings`)
  return count === 0 ? 0 : 1
}

function printFinding({ what, count, indexes, detail }: Finding, name: string, seed: number): void {
  console.log(`\n${what} (${count} ×, cases ${indexes.join(' ')})`)
  const [first] = indexes
  if (first !== undefined) console.log(`  npm run fuzz -- ${name} --seed ${seed} --only ${first}`)
  console.log(`  ${detail}`)
}
