import { pathToFileURL } from 'node:url'
import type { EditorDiagnostic, Position } from './language-server.ts'

/** A document that exists in the editor only, as if it stood in config/. */
export interface MarkedDocument {
  readonly uri: string
  readonly text: string
  /** Where the cursor was marked. */
  readonly position: Position
}

const CURSOR = '‸'

let count = 0

/** Reads a document in which ‸ marks the cursor, and says which schema it has. */
export function readMarked(marked: string): MarkedDocument {
  const whole = `# yaml-language-server: $schema=../schemas/routes.schema.json\n${marked}`
  const before = whole.slice(0, Math.max(whole.indexOf(CURSOR), 0))
  count += 1
  return {
    uri: pathToFileURL(`config/unsaved-${count}.yaml`).href,
    text: whole.replace(CURSOR, ''),
    position: {
      line: before.split('\n').length - 1,
      character: before.length - (before.lastIndexOf('\n') + 1),
    },
  }
}

/** The text that a diagnostic underlines, and its message. */
export function describeDiagnostic(text: string, { range, message }: EditorDiagnostic): string {
  const line = text.split('\n')[range.start.line] ?? ''
  const end = range.end.line === range.start.line ? range.end.character : line.length
  return `${line.slice(range.start.character, end)}: ${message}`
}
