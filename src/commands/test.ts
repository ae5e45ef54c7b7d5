import { formatDiagnostic } from '../config/diagnostics/format-diagnostic.ts'
import { headersOf } from '../config/language/place.ts'
import { createRedactor } from '../credentials/show/redact.ts'
import { clientOfToken, standInSecret } from '../testing/request.ts'
import { runTest } from '../testing/run-test.ts'
import { findTestFiles, type PlacedTest, placeTests, readTestFile } from '../testing/test-files.ts'
import { type Command, type CommandIo, configFile, parseFlags, UsageError } from './command.ts'
import { type LoadedFile, loadFile } from './load-file.ts'
import { formatReport, isReportFormat, type ReportedTest } from './test-report.ts'
import { watchAndRun } from './test-watch.ts'

const FLAGS = {
  config: { type: 'string', short: 'c' },
  format: { type: 'string', default: 'text' },
  watch: { type: 'boolean' },
} as const

/** `keyway test`: decides every request under `tests:` and says what differed; nothing is sent. */
export const test: Command = async (args, io) => {
  const { values: flags, positionals } = parseFlags(args, FLAGS)
  const { format } = flags
  if (!isReportFormat(format))
    throw new UsageError(`--format is text, json or junit, not "${format}"`)
  const files = positionals.length > 0 ? positionals : [configFile(flags.config, io)]
  const run = (): number => {
    const runs = files.map((file) => testFile(file, io))
    const tests = runs.flatMap((one) => one ?? [])
    io.stdout(formatReport(tests, format))
    return runs.every((one) => one?.every(({ differences }) => differences.length === 0)) ? 0 : 1
  }
  return flags.watch ? watchAndRun(files, io, run) : run()
}

/** null: the file, or one of the test files beside it, is not valid. */
function testFile(file: string, io: CommandIo): ReportedTest[] | null {
  const loaded = loadFile(file, io, { readSecret: standInSecret, identifyClient: clientOfToken })
  if (loaded === null) return null
  const tests = collectTests(loaded, io)
  return tests?.map((placed) => report(placed, loaded)) ?? null
}

function collectTests(
  { file, text, snapshot, catalogue }: LoadedFile,
  io: CommandIo,
): PlacedTest[] | null {
  const tests = placeTests(file, text, snapshot.config.tests)
  for (const other of findTestFiles(file, io.cwd)) {
    const { tests: more, diagnostics } = readTestFile(other, io.cwd, { catalogue, env: io.env })
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    for (const error of errors) io.stderr(`${formatDiagnostic(error)}\n`)
    if (errors.length > 0) return null
    tests.push(...more)
  }
  return tests
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
