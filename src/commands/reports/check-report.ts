import { createDiagnosticFormat } from '../../config/diagnostics/format-diagnostic.ts'
import type { Paint } from '../../config/diagnostics/paint.ts'
import type { Diagnostic } from '../../config/shapes/diagnostic.ts'
import { type Annotation, formatAnnotations } from './github.ts'
import { formatSarif, type SarifResult } from './sarif.ts'

/** The findings about some files. */
export interface CheckReport {
  readonly diagnostics: readonly Diagnostic[]
  readonly files: readonly string[]
  readonly paint: Paint
}

/** The forms that the findings can have. */
export type CheckFormat = 'text' | 'json' | 'github' | 'sarif'

/** Writes the findings in one of the forms of `--format`. */
export const CHECK_FORMATS: Readonly<Record<CheckFormat, (report: CheckReport) => string>> = {
  text: ({ diagnostics, files, paint }) => {
    const lines = diagnostics.map(createDiagnosticFormat(paint))
    return `${[...lines, summarize(diagnostics, files, paint)].join('\n')}\n`
  },
  json: ({ diagnostics, files }) =>
    `${JSON.stringify({ files, ...countOf(diagnostics), diagnostics }, null, 2)}\n`,
  github: ({ diagnostics }) => formatAnnotations(diagnostics.map(toAnnotation)),
  sarif: ({ diagnostics }) => formatSarif('keyway check', diagnostics.map(toResult)),
}

function toAnnotation(diagnostic: Diagnostic): Annotation {
  const { severity, file, line, column, length, code } = diagnostic
  const message = wordsOf(diagnostic)
  return { level: severity, file, line, column, endColumn: column + length, title: code, message }
}

function toResult(diagnostic: Diagnostic): SarifResult {
  const { severity, file, line, column, length, code } = diagnostic
  const message = wordsOf(diagnostic)
  return { rule: code, level: severity, message, file, line, column, endColumn: column + length }
}

function wordsOf({ path, message, hint }: Diagnostic): string {
  return `${path === '' ? '' : `${path}: `}${message}${hint === undefined ? '' : `; ${hint}`}`
}

function summarize(
  diagnostics: readonly Diagnostic[],
  files: readonly string[],
  paint: Paint,
): string {
  const { errors, warnings } = countOf(diagnostics)
  const subject = files.length === 1 ? files[0] : plural(files.length, 'file')
  const told = errors === 0 ? paint.good('no errors') : paint.error(plural(errors, 'error'))
  const doubts = warnings === 0 ? 'no warnings' : paint.warning(plural(warnings, 'warning'))
  return `${subject}: ${told}, ${doubts}`
}

function countOf(diagnostics: readonly Diagnostic[]): { errors: number; warnings: number } {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  return { errors, warnings: diagnostics.length - errors }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
