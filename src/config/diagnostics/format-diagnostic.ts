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

function frame(diagnostic: Diagnostic, paint: Paint): string[] {
  const { sourceLine, line, column, length, severity } = diagnostic
  if (sourceLine === undefined) return shown(diagnostic, paint)
  const number = String(line).padStart(5)
  const margin = ' '.repeat(number.length)
  const before = [...sourceLine].slice(0, column - 1)
  const indent = before.map((character) => (character === '\t' ? '\t' : ' ')).join('')
  return [
    `${paint.faint(`${number} |`)} ${printable(sourceLine)}`,
    `${paint.faint(`${margin} |`)} ${indent}${paint[severity]('^'.repeat(length))}`,
    ...shown(diagnostic, paint),
  ]
}

/** The request that shows it, where the message does not. */
function shown({ witness, message, line }: Diagnostic, paint: Paint): string[] {
  if (witness === undefined || message.includes(witness)) return []
  const margin = ' '.repeat(String(line).padStart(5).length)
  return [`${paint.faint(`${margin} =`)} such as ${printable(witness)}`]
}

/** Keeps a file's control characters from reaching the terminal. */
function printable(text: string): string {
  return text.replace(/[\0-\x08\x0a-\x1f\x7f-\x9f]/g, '\uFFFD')
}
