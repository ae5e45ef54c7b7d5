import { headersOf } from '../config/language/place.ts'
import { createRedactor } from '../credentials/show/redact.ts'
import { measureCoverage } from '../proof/coverage.ts'
import { writeShown } from '../proof/showing/show-witness.ts'
import { createWorld } from '../proof/world.ts'
import { clientOfToken, standInSecret, viewOfTest } from '../testing/request.ts'
import { runTest } from '../testing/run-test.ts'
import { findTestFiles, type PlacedTest } from '../testing/test-files.ts'
import { type Command, type CommandIo, configFile, parseFlags, UsageError } from './command.ts'
import { type LoadedFile, loadFile } from './load-file.ts'
import { refuseSecondInput, STANDARD_INPUT } from './read-source.ts'
import { paintOf } from './reports/colours.ts'
import { formatReport, type ReportedTest, type ReportFormat } from './reports/test-report.ts'
import { collectTests } from './trying/collect-tests.ts'
import { formatCoverage } from './trying/test-coverage.ts'
import { generate } from './trying/test-generate.ts'
import { watchAndRun } from './trying/test-watch.ts'
import { testUsage } from './usage/test.ts'

/** `keyway test`: decides every request under `tests:` and says what differed; nothing is sent. */
export const test: Command = async (args, io) => {
  const { values: flags, positionals } = parseFlags(args, testUsage)
  const { format } = flags
  const files = positionals.length > 0 ? positionals : [configFile(flags.config, io)]
  refuseSecondInput(files)
  if (flags.watch && files.includes(STANDARD_INPUT))
    throw new UsageError('standard input does not change: --watch wants files')
  if (flags.generate) {
    const other = (['coverage', 'watch'] as const).find((name) => flags[name])
    if (other) throw new UsageError(`--generate writes tests, and does not go with --${other}`)
    return generateOne(files, io)
  }
  const run = (): number => {
    const runs = files.map((file) => testFile(file, io, flags.coverage ? format : null))
    const tests = runs.flatMap((one) => one?.tests ?? [])
    const isAlone = flags.coverage === true && format === 'json'
    if (!isAlone && (tests.length > 0 || runs.every((one) => one !== null)))
      io.stdout(formatReport(tests, format as ReportFormat, paintOf(io, 'stdout')))
    for (const one of runs) io.stdout(one?.coverage ?? '')
    return runs.every((one) => one?.tests.every(({ differences }) => differences.length === 0))
      ? 0
      : 1
  }
  return flags.watch ? watchAndRun(files, io, run) : run()
}

function generateOne(files: readonly string[], io: CommandIo): number {
  const [file, ...more] = files
  if (file === undefined || more.length > 0) throw new UsageError('--generate takes one file')
  return generate(file, io)
}

interface TestedFile {
  readonly tests: readonly ReportedTest[]
  /** What its tests reach; empty where that is not asked. */
  readonly coverage: string
}

/** null: the file, or one of the test files beside it, is not valid. */
function testFile(file: string, io: CommandIo, coverageFormat: string | null): TestedFile | null {
  const loaded = loadFile(file, io, { readSecret: standInSecret, identifyClient: clientOfToken })
  if (loaded === null) return null
  const tests = collectTests(loaded, findTestFiles(file, io.cwd), io)
  if (tests === null) return null
  return {
    tests: tests.map((placed) => report(placed, loaded)),
    coverage: coverageFormat === null ? '' : coverageOf(tests, loaded, io, coverageFormat),
  }
}

function coverageOf(
  tests: readonly PlacedTest[],
  { file, snapshot: { config }, catalogue }: LoadedFile,
  { env }: CommandIo,
  format: string,
): string {
  const requests = tests.map(({ test }) => viewOfTest(test, config))
  const world = createWorld(config, { catalogue, env })
  const coverage = measureCoverage(requests, world)
  return formatCoverage(file, coverage, { format, show: (one) => writeShown(one, world) })
}

function report(
  { test, file, line, column }: PlacedTest,
  { snapshot, classify, places }: LoadedFile,
): ReportedTest {
  const { config, table } = snapshot
  const { request, differences } = runTest(test, config, table)
  const redactor = createRedactor(classify, snapshot.scanner)
  redactor.hidePlaces(request, places)
  redactor.hideRequest(request.headers, headersOf(config.clients?.places ?? []))
  const { credential } = table.explain(request)
  if (credential) redactor.hide(credential.value)
  const hide = (text: string): string => redactor.redact(text)
  return {
    name: test.name,
    file,
    line,
    column,
    differences: differences.map(({ what, wanted, got }) => ({
      what,
      wanted: hide(wanted),
      got: hide(got),
    })),
  }
}
