import type { Paint } from '../../config/diagnostics/paint.ts'
import type { Difference } from '../../testing/run-test.ts'
import { type Annotation, formatAnnotations } from './github.ts'
import { formatSarif, type SarifResult } from './sarif.ts'

/** One test's outcome, with credentials already hidden. */
export interface ReportedTest {
  readonly name: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly differences: readonly Difference[]
}

/** How a report can be written. */
export type ReportFormat = 'text' | 'json' | 'junit' | 'github' | 'sarif'

/** Writes a report on tests in one of the forms of `--format`. */
export function formatReport(
  tests: readonly ReportedTest[],
  format: ReportFormat,
  paint: Paint,
): string {
  return FORMATS[format](tests, paint)
}

const FORMATS: Readonly<
  Record<ReportFormat, (tests: readonly ReportedTest[], paint: Paint) => string>
> = {
  text: formatText,
  json: (tests) => `${JSON.stringify({ ...count(tests), tests }, null, 2)}\n`,
  junit: formatJunit,
  github: (tests) => formatAnnotations(tests.flatMap(toAnnotation)),
  sarif: (tests) => formatSarif('keyway test', tests.flatMap(toResults)),
}

interface Counts {
  readonly passed: number
  readonly failed: number
}

function count(tests: readonly ReportedTest[]): Counts {
  const failed = tests.filter(({ differences }) => differences.length > 0).length
  return { passed: tests.length - failed, failed }
}

/** One line a difference, so that it can be searched and cut. */
function formatText(tests: readonly ReportedTest[], paint: Paint): string {
  const lines = tests.flatMap(({ name, file, line, column, differences }) =>
    differences.map(
      (one) => `${file}:${line}:${column} ${paint.error('failed')} "${name}": ${describe(one)}`,
    ),
  )
  const { passed, failed } = count(tests)
  const summary = failed === 0 ? paint.good(`${passed} passed`) : `${passed} passed`
  const failures = failed === 0 ? '0 failed' : paint.error(`${failed} failed`)
  return `${[...lines, `${summary}, ${failures}`].join('\n')}\n`
}

function describe({ what, wanted, got }: Difference): string {
  return `${what}: wanted ${wanted}, got ${got}`
}

/** One for each test that fails. */
function toAnnotation({ name, file, line, column, differences }: ReportedTest): Annotation[] {
  if (differences.length === 0) return []
  const message = differences.map(describe).join('\n')
  return [{ level: 'error', file, line, column, title: `test failed: ${name}`, message }]
}

function toResults({ name, file, line, column, differences }: ReportedTest): SarifResult[] {
  return differences.map((one) => ({
    rule: 'test-failed',
    level: 'error',
    message: `"${name}": ${describe(one)}`,
    file,
    line,
    column,
  }))
}

function formatJunit(tests: readonly ReportedTest[]): string {
  const { failed } = count(tests)
  const cases = tests.map(({ name, file, line, differences }) => {
    const failures = differences.map(
      (one) => `<failure message="${escapeXml(describe(one))}">${file}:${line}</failure>`,
    )
    const attributes = `name="${escapeXml(name)}" classname="${escapeXml(file)}" line="${line}"`
    return `    <testcase ${attributes}>${failures.join('')}</testcase>`
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites tests="${tests.length}" failures="${failed}">`,
    `  <testsuite name="keyway" tests="${tests.length}" failures="${failed}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&apos;',
}

function escapeXml(text: string): string {
  // Control characters can't stand in XML 1.0, escaped or not.
  return text
    .replaceAll(/[<>&"']/g, (character) => ENTITIES[character] as string)
    .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f]/g, '\uFFFD')
}
