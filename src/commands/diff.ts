import { describeChangedClasses } from '../proof/changes/change-words.ts'
import { compareWorlds } from '../proof/changes/compare-worlds.ts'
import { createWorlds } from '../proof/world.ts'
import { describeChanges } from '../reload/diff.ts'
import { compareDecisions } from '../routing/decide/explain/compare-decisions.ts'
import { clientOfToken, standInSecret, viewOfTest } from '../testing/request.ts'
import { type Command, parseFlags, UsageError } from './command.ts'
import { type LoadedFile, loadTwoFiles } from './load-file.ts'
import { refuseSecondInput } from './read-source.ts'
import { type ChangedDecision, DIFF_FORMATS, type DiffReport } from './reports/diff-report.ts'
import { diffUsage } from './usage/diff.ts'

/** `keyway diff`: what differs between two configurations, in words and in decisions on all requests. */
export const diff: Command = async (args, io) => {
  const { values: flags, positionals } = parseFlags(args, diffUsage)
  const format = DIFF_FORMATS[flags.format as keyof typeof DIFF_FORMATS]
  const [oldFile, newFile, ...rest] = positionals
  if (oldFile === undefined || newFile === undefined || rest.length > 0)
    throw new UsageError('diff wants two files: the old one and the new one')
  refuseSecondInput([oldFile, newFile])
  const standIns = { readSecret: standInSecret, identifyClient: clientOfToken }
  const [before, after] = await loadTwoFiles([oldFile, newFile], io, standIns)
  if (before === null || after === null) return 1
  const report = compare(before, after, io.env)
  io.stdout(format(report))
  const isSame = report.classes.length === 0 && report.undetermined.length === 0
  return flags['exit-code'] && !isSame ? 1 : 0
}

function compare(
  before: LoadedFile,
  after: LoadedFile,
  env: Readonly<Record<string, string | undefined>>,
): DiffReport {
  const [old, now] = [before.snapshot.config, after.snapshot.config]
  const worlds = createWorlds(old, now, {
    catalogue: after.catalogue,
    env,
    tables: [before.snapshot.table, after.snapshot.table],
  })
  const { changes, doubts } = compareWorlds(...worlds)
  return {
    oldFile: before.file,
    newFile: after.file,
    changes: describeChanges(old, now),
    decisions: compareOnTests(before, after),
    classes: describeChangedClasses(changes, after.snapshot.routeLines, [old, now]),
    undetermined: doubts,
  }
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
