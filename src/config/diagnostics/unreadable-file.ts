import { fileErrorOf } from '../../files/file-error.ts'
import type { Diagnostic } from '../shapes/diagnostic.ts'

/** The finding about a file that could not be read, by what reading it threw. */
export function unreadableFile(file: string, error: unknown): Diagnostic {
  return {
    file,
    line: 1,
    column: 1,
    length: 1,
    code: 'unreadable-file',
    severity: 'error',
    path: '',
    message: fileErrorOf(error).message,
  }
}
