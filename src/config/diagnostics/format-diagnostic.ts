import type { Diagnostic } from '../shapes/diagnostic.ts'
import { type Paint, PLAIN } from './paint.ts'

/** Creates the writer of a diagnostic as a line for people, with the source line and carets under it. */
export function createDiagnosticFormat(paint: Paint): (diagnostic: Diagnostic) => string {
  return (diagnostic) => {
    const { file, line, column, severity, code, path, message, hint } = diagnostic
    const where = path === '' ? '' : `${path}: `
    const advice = hint === undefined ? '' : `; ${hint}`
    const place = printable(`${file}:${line}:${column}`)
    const words = printable(`${code} ${where}${message}${advice}`)
    return [`${place} ${paint[severity](severity)} ${words}`, ...frame(diagnostic, paint)].join(
      '\n',
    )
  }
}

/** A diagnostic without colours. */
export const formatDiagnostic: (diagnostic: Diagnostic) => string = createDiagnosticFormat(PLAIN)

function frame({ sourceLine, line, column, length, severity }: Diagnostic, paint: Paint): string[] {
  if (sourceLine === undefined) return []
  const number = String(line).padStart(5)
  const margin = ' '.repeat(number.length)
  const before = [...sourceLine].slice(0, column - 1)
  const indent = before.map((character) => (character === '\t' ? '\t' : ' ')).join('')
  return [
    `${paint.faint(`${number} |`)} ${printable(sourceLine)}`,
    `${paint.faint(`${margin} |`)} ${indent}${paint[severity]('^'.repeat(length))}`,
  ]
}

/** Keeps a file's control characters from reaching the terminal. */
function printable(text: string): string {
  return text.replace(/[\0-\x08\x0a-\x1f\x7f-\x9f]/g, '\uFFFD')
}
