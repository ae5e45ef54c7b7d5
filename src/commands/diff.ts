import { describeChanges } from '../reload/diff.ts'
import { compareDecisions, type DecisionDifference } from '../routing/decide/compare-decisions.ts'
import { clientOfToken, standInSecret, viewOfTest } from '../testing/request.ts'
import { type Command, parseFlags, UsageError } from './command.ts'
import { type LoadedFile, loadFile } from './load-file.ts'
import { diffUsage } from './usage/diff.ts'

/** `keyway diff`: what differs between two configurations, in words and in decisions. */
export const diff: Command = async (args, io) => {
  const { values: flags, positionals } = parseFlags(args, diffUsage)
  const [oldFile, newFile, ...rest] = positionals
  if (oldFile === undefined || newFile === undefined || rest.length > 0)
    throw new UsageError('diff wants two files: the old one and the new one')
  const standIns = { readSecret: standInSecret, identifyClient: clientOfToken }
  const before = loadFile(oldFile, io, standIns)
  const after = loadFile(newFile, io, standIns)
  if (before === null || after === null) return 1
  const report = {
    changes: describeChanges(before.snapshot.config, after.snapshot.config),
    decisions: compareOnTests(before, after),
  }
  io.stdout(flags.format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report))
  return 0
}

interface ChangedDecision {
  readonly test: string
  readonly differences: readonly DecisionDifference[]
}

/** The requests of both files' tests, each once. */
function compareOnTests(before: LoadedFile, after: LoadedFile): ChangedDecision[] {
  const requests = new Map(
    [before, after].flatMap(({ snapshot }) =>
      snapshot.config.tests.map((test) => [JSON.stringify(test.request), test] as const),
    ),
  )
  return [...requests.values()].flatMap((test) => {
    const [was, is] = [before, after].map(({ snapshot }) =>
      snapshot.table.decide(viewOfTest(test, snapshot.config)),
    )
    const differences = was && is ? compareDecisions(was, is) : []
    return differences.length > 0 ? [{ test: test.name, differences }] : []
  })
}

interface Report {
  readonly changes: readonly string[]
  readonly decisions: readonly ChangedDecision[]
}

function formatReport({ changes, decisions }: Report): string {
  if (changes.length === 0 && decisions.length === 0) return 'nothing differs\n'
  const lines = decisions.flatMap(({ test, differences }) => [
    `  "${test}"`,
    ...differences.map(({ what, before, after }) => `    ${what}: ${before} → ${after}`),
  ])
  const decided =
    lines.length > 0 ? ['decided otherwise, of the requests under tests:', ...lines] : []
  return `${[...changes, ...decided].join('\n')}\n`
}
