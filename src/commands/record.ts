import { resolve } from 'node:path'
import { parseDuration } from '../config/language/units.ts'
import { type Command, configFile, parseFlags, UsageError } from './command.ts'
import { STANDARD_INPUT } from './read-source.ts'
import { RecordingError } from './recording/recording-error.ts'
import { findAdmin } from './recording/admin-target.ts'
import { type Following, followDecisions } from './recording/follow-decisions.ts'
import { keepTests, printTests } from './recording/record-output.ts'
import { openSession } from './recording/session.ts'
import { recordUsage } from './usage/record.ts'

/** `keyway record`: turns what a running Keyway decides into tests; exit code 1 where it can't be followed. */
export const record: Command = async (args, io) => {
  const { values: flags, positionals } = parseFlags(args, recordUsage)
  const [file = configFile(flags.config, io), ...more] = positionals
  if (more.length > 0) throw new UsageError('record takes one file')
  const { output } = flags
  if (output !== undefined && resolve(io.cwd, output) === resolve(io.cwd, file))
    throw new UsageError('--output takes a file of its own, such as NAME.recorded.test.yaml')
  const durationMs = readDuration(flags.duration)
  const limit = readLimit(flags.limit)
  const session = openSession({ file, output }, [], io)
  if (session === null) return 1
  const reopen: Following['reopen'] = (recorded) =>
    file === STANDARD_INPUT ? null : openSession({ file, output }, recorded, io)
  try {
    const named = { admin: flags.admin, tokenFile: flags['token-file'] }
    const target = findAdmin(named, session.loaded, io)
    const sink = output === undefined ? printTests(io) : keepTests(output, io)
    return await untilEnded(durationMs, (ends) =>
      followDecisions({ target, session, reopen, output: sink, limit }, ends, io),
    )
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error
    io.stderr(`keyway: ${error.message}\n`)
    return 1
  }
}

/** Ends what it runs on SIGINT, SIGTERM and when the time is over. */
async function untilEnded(
  durationMs: number | null,
  run: (ends: AbortController) => Promise<void>,
): Promise<number> {
  const ends = new AbortController()
  const end = (): void => ends.abort()
  process.on('SIGINT', end).on('SIGTERM', end)
  const timer = durationMs === null ? null : setTimeout(end, durationMs)
  try {
    await run(ends)
    return 0
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end)
    if (timer !== null) clearTimeout(timer)
  }
}

/** What a timer can hold. */
const LONGEST_MS = 2 ** 31 - 1

function readDuration(text: string | undefined): number | null {
  if (text === undefined) return null
  const ms = parseDuration(text)
  if (!(ms > 0 && ms <= LONGEST_MS))
    throw new UsageError(`--duration takes a time up to 500h, such as 10m, not "${text}"`)
  return ms
}

function readLimit(text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--limit takes a number, not "${text}"`)
  return Number(text)
}
