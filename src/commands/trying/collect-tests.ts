import { createDiagnosticFormat } from '../../config/diagnostics/format-diagnostic.ts'
import { type PlacedTest, placeTests, readTestFile } from '../../testing/test-files.ts'
import type { CommandIo } from '../command.ts'
import type { LoadedFile } from '../load-file.ts'
import { paintOf } from '../reports/colours.ts'

/** A file's own tests and those of test files; prints what is wrong with one of these and gives null. */
export function collectTests(
  { file, text, snapshot, catalogue }: LoadedFile,
  testFiles: readonly string[],
  io: CommandIo,
): readonly PlacedTest[] | null {
  const tests = placeTests(file, text, snapshot.config.tests)
  for (const other of testFiles) {
    const { tests: more, diagnostics } = readTestFile(other, io.cwd, { catalogue, env: io.env })
    const errors = diagnostics.filter(({ severity }) => severity === 'error')
    const format = createDiagnosticFormat(paintOf(io, 'stderr'))
    for (const error of errors) io.stderr(`${format(error)}\n`)
    if (errors.length > 0) return null
    tests.push(...more)
  }
  return tests
}
