import type { Diagnostic } from '../shapes/diagnostic.ts'

/** A diagnostic as a line for people, with the source line and carets under it. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, severity, code, path, message, hint } = diagnostic
  const where = path === '' ? '' : `${path}: `
  const advice = hint === undefined ? '' : `; ${hint}`
  const head = `${file}:${line}:${column} ${severity} ${code} ${where}${message}${advice}`
  return [printable(head), ...frame(diagnostic)].join('\n')
}

function frame({ sourceLine, line, column, length }: Diagnostic): string[] {
  if (sourceLine === undefined) return []
  const number = String(line).padStart(5)
  const margin = ' '.repeat(number.length)
  const before = [...sourceLine].slice(0, column - 1)
  const indent = before.map((character) => (character === '\t' ? '\t' : ' ')).join('')
  return [`${number} | ${printable(sourceLine)}`, `${margin} | ${indent}${'^'.repeat(length)}`]
}

/** Keeps a file's control characters from reaching the terminal. */
function printable(text: string): string {
  return text.replace(/[\0-\x08\x0a-\x1f\x7f-\x9f]/g, '\uFFFD')
}
