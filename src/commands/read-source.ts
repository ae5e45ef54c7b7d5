import { resolve } from 'node:path'
import { configLimitBytes } from '../config/load.ts'
import type { SourceFile } from '../config/text/document.ts'
import { readStart } from '../files/read-file.ts'
import { type CommandIo, UsageError } from './command.ts'

/** What names standard input where a command only reads. */
export const STANDARD_INPUT = '-'

/** Reads a configuration's text from a file or from standard input; throws FileError. */
export function readSource(file: string, io: CommandIo): SourceFile {
  const limit = configLimitBytes(io.env)
  if (file !== STANDARD_INPUT)
    return { file, text: readStart(resolve(io.cwd, file), limit).toString() }
  return { file: nameOf(file), text: io.input?.(limit).toString() ?? '' }
}

/** What a file is called in what is said of it. */
export function nameOf(file: string): string {
  return file === STANDARD_INPUT ? '<stdin>' : file
}

/** Refuses to take standard input for two files: it can be read only once. */
export function refuseSecondInput(files: readonly string[]): void {
  if (files.filter((file) => file === STANDARD_INPUT).length > 1)
    throw new UsageError('standard input can be read once')
}
