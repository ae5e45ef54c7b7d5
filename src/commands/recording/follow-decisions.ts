import { formatAddress } from '../../app/errors.ts'
import type { Test } from '../../config/shapes/config.generated.ts'
import type { CommandIo } from '../command.ts'
import { RecordingError } from './recording-error.ts'
import type { AdminTarget } from './admin-target.ts'
import { readEvents, readPage } from './ask-admin.ts'
import type { RecordOutput } from './record-output.ts'
import type { Recorded } from './recorder.ts'
import { parseEvent } from './seen-event.ts'
import type { Session } from './session.ts'

/** What decisions are recorded with. */
export interface Following {
  readonly target: AdminTarget
  readonly session: Session
  /** Opens the session anew, after a reload; null: the one at hand stays. */
  readonly reopen: (recorded: readonly Test[]) => Session | null
  readonly output: RecordOutput
  /** Tests after which it ends; null: none. */
  readonly limit: number | null
}

/** Records what is decided until `ends` says so or there are tests enough; throws RecordingError where nobody tells any more. */
export async function followDecisions(
  following: Following,
  ends: AbortController,
  io: CommandIo,
): Promise<void> {
  const { target, output, limit, reopen } = following
  let { session } = following
  const tests: Test[] = []
  const saidOnce = createSaidOnce(io)
  await warnOfOtherFile(target, session, io)
  const where = formatAddress(target.address)
  io.stderr(`following ${where}; end with Ctrl-C\n`)
  for await (const raw of readEvents(target, ends.signal)) {
    const event = parseEvent(raw)
    if (event === null) continue
    if (event.type === 'reload') {
      session = reopen(tests) ?? session
      continue
    }
    const recorded: Recorded = session.recorder.take(event.seen, event.method)
    if (recorded.type === 'no test') saidOnce(`no test: ${recorded.reason}\n`)
    if (recorded.type !== 'test') continue
    tests.push(recorded.test)
    output.add(recorded.test)
    if (tests.length === limit) ends.abort()
    if (ends.signal.aborted) break
  }
  output.end()
  io.stderr(`${tests.length === 1 ? '1 test' : `${tests.length} tests`} recorded\n`)
  if (!ends.signal.aborted)
    throw new RecordingError(`${where} has closed the connection: it was stopped, or started anew`)
}

/** What is decided by another text may have no test by this one. */
async function warnOfOtherFile(
  target: AdminTarget,
  { loaded: { file, snapshot } }: Session,
  io: CommandIo,
): Promise<void> {
  const page = (await readPage(target, '/config')) as { live?: { hash?: unknown } } | null
  const hash = page?.live?.hash
  if (typeof hash === 'string' && hash !== snapshot.hash)
    io.stderr(
      `what runs there is another text than ${file}: decisions are recorded where this file decides alike\n`,
    )
}

function createSaidOnce({ stderr }: CommandIo): (line: string) => void {
  const said = new Set<string>()
  return (line) => {
    if (said.has(line)) return
    said.add(line)
    stderr(line)
  }
}
