/** Why a file could not be read. */
export type FileProblem =
  | 'missing'
  | 'not a file'
  | 'too large'
  | 'unreadable'
  | 'being written'
  | 'too slow'

/** A file could not be read; its message names neither the file nor its content. */
export class FileError extends Error {
  override readonly name = 'FileError'
  readonly code = 'KEYWAY_FILE'
  readonly problem: FileProblem

  constructor(problem: FileProblem, cause?: unknown) {
    super(
      problem === 'unreadable' ? `${SENTENCES.unreadable}${codeOf(cause)}` : SENTENCES[problem],
      {
        cause,
      },
    )
    this.problem = problem
  }
}

const SENTENCES: Readonly<Record<FileProblem, string>> = {
  missing: 'there is no such file',
  'not a file': 'it is no regular file, but a folder, a pipe, a socket or a device',
  'too large': 'it is too large',
  unreadable: "it can't be read",
  'being written': 'it is being written',
  'too slow': 'the disk does not answer',
}

/** What reading threw, as a FileError. */
export function fileErrorOf(error: unknown): FileError {
  if (error instanceof FileError) return error
  const code = error instanceof Error && 'code' in error ? error.code : null
  return new FileError(PROBLEMS[String(code)] ?? 'unreadable', error)
}

const PROBLEMS: Readonly<Record<string, FileProblem>> = {
  ENOENT: 'missing',
  ENOTDIR: 'missing',
  EISDIR: 'not a file',
  // A socket, or a device that nothing is behind.
  ENXIO: 'not a file',
  ENODEV: 'not a file',
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? ` (${cause.code})` : ''
}
