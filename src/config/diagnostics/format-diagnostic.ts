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
  const { before, after } = around([...sourceLine], column - 1)
  const indent = before.map((character) => (character === '\t' ? '\t' : ' ')).join('')
  const carets = '^'.repeat(Math.min(length, Math.max(1, after.length)))
  return [
    `${paint.faint(`${number} |`)} ${printable([...before, ...after].join(''))}`,
    `${paint.faint(`${margin} |`)} ${indent}${paint[severity](carets)}`,
    ...shown(diagnostic, paint),
  ]
}

/** A line that is shown whole; of a longer one, such as a program writes, the part around the place. */
const WHOLE_MOST = 400
const BEFORE_MOST = 80
const AFTER_MOST = 120

function around(
  line: readonly string[],
  at: number,
): Record<'before' | 'after', readonly string[]> {
  if (line.length <= WHOLE_MOST) return { before: line.slice(0, at), after: line.slice(at) }
  const before = line.slice(Math.max(0, at - BEFORE_MOST), at)
  const after = line.slice(at, at + AFTER_MOST)
  return {
    before: at > BEFORE_MOST ? ['…', ...before] : before,
    after: line.length - at > AFTER_MOST ? [...after, '…'] : after,
  }
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
