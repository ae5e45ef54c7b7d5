import { parseArgs } from 'node:util'
import { closest, distance } from 'fastest-levenshtein'
import type { Usage } from './usage/usage.ts'

/** What a command may touch of the process; tests pass their own. */
export interface CommandIo {
  /** Writes text as it is; a line brings its own newline. */
  readonly stdout: (text: string) => void
  readonly stderr: (text: string) => void
  /** Reads standard input, its first bytes up to a limit and at least one more; default: it is empty. */
  readonly input?: (limitBytes: number) => Buffer
  readonly env: Readonly<Record<string, string | undefined>>
  /** Directory that relative file names start from. */
  readonly cwd: string
  /** Which streams show colours; default: none. */
  readonly colours?: { readonly stdout: boolean; readonly stderr: boolean }
}

/** A command: its arguments without the command's name → the exit code (0 fine, 1 fails, 2 wrong usage). */
export type Command = (args: readonly string[], io: CommandIo) => Promise<number>

/** Wrong usage of the command line: the message and, where one is near, the hint; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

type Flags = Usage['flags']

interface FlagsConfig<F extends Flags> {
  readonly args: string[]
  readonly options: F
  readonly allowPositionals: true
  readonly strict: true
}

/** What `parseFlags` gives back: `values` by flag, and the other arguments. */
export type ParsedFlags<F extends Flags> = ReturnType<typeof parseArgs<FlagsConfig<F>>>

/** Parses a command's flags and positionals by its table; throws UsageError on what it does not know. */
export function parseFlags<const F extends Flags>(
  args: readonly string[],
  { flags }: { readonly flags: F },
): ParsedFlags<F> {
  try {
    const options: FlagsConfig<F> = {
      args: [...args],
      options: flags,
      allowPositionals: true,
      strict: true,
    }
    const parsed = parseArgs(options)
    checkChoices(flags, parsed.values as Readonly<Record<string, unknown>>)
    return parsed
  } catch (error) {
    throw toUsageError(error, Object.keys(flags))
  }
}

function checkChoices(flags: Flags, values: Readonly<Record<string, unknown>>): void {
  for (const [name, { choices }] of Object.entries(flags)) {
    const value = values[name]
    if (choices && typeof value === 'string' && !choices.includes(value))
      throw new UsageError(`--${name} is ${listChoices(choices)}, not "${value}"`)
  }
}

function listChoices(choices: readonly string[]): string {
  return `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`
}

/** Refuses positional arguments of a command that takes none. */
export function refusePositionals(command: string, positionals: readonly string[]): void {
  if (positionals.length > 0) {
    throw new UsageError(`${command} takes no arguments, but got "${positionals[0]}"`)
  }
}

/** The configuration file: the flag, else $KEYWAY_CONFIG, else config/routes.yaml. */
export function configFile(flag: string | undefined, io: CommandIo): string {
  return flag ?? (io.env.KEYWAY_CONFIG || 'config/routes.yaml')
}

/** The sentence `; did you mean "NAME"?` where one of the names is near, else nothing. */
export function didYouMean(wrong: string, names: readonly string[]): string {
  const written = wrong.toLowerCase()
  const near = names.length === 0 ? '' : closest(written, names)
  const allowed = near.length < 4 ? 1 : Math.max(2, Math.floor(near.length / 3))
  return near !== '' && distance(written, near) <= allowed ? `; did you mean "${near}"?` : ''
}

function toUsageError(error: unknown, flags: readonly string[]): unknown {
  if (!(error instanceof TypeError) || !('code' in error)) return error
  const unknownFlag = /^Unknown option '(--?([^'\s,]+))'/.exec(error.message)
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' && unknownFlag?.[1] !== undefined) {
    const names = flags.map((flag) => `--${flag}`)
    const hint = settingOf(unknownFlag[1]) ?? didYouMean(unknownFlag[1], names)
    return new UsageError(`unknown flag "${unknownFlag[1]}"${hint}`)
  }
  if (typeof error.code === 'string' && error.code.startsWith('ERR_PARSE_ARGS_')) {
    const [sentence = error.message] = error.message.split('\n')
    return new UsageError(sentence.charAt(0).toLowerCase() + sentence.slice(1))
  }
  return error
}

/** What other servers take as flags, and where the file says it. */
const SETTINGS: Readonly<Record<string, string>> = {
  '--port': 'server.listen',
  '--host': 'server.listen',
  '--listen': 'server.listen',
  '--address': 'server.listen',
  '--admin': 'server.admin',
  '--log-level': 'server.log',
  '--log-format': 'server.log',
}

function settingOf(flag: string): string | null {
  const key = Object.hasOwn(SETTINGS, flag) ? SETTINGS[flag] : undefined
  return key === undefined ? null : `; the file says it: ${key}`
}
