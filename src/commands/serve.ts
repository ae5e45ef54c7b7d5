import { availableParallelism } from 'node:os'
import { boundYoungSpace } from '../app/bound-young-space.ts'
import { createKeyway, type Keyway, type KeywayAddresses } from '../app/create-keyway.ts'
import { ConfigurationError, formatAddress, ListenError } from '../app/errors.ts'
import { keepCompiledCode } from '../app/keep-compiled-code.ts'
import { spaceFullCollections } from '../app/space-full-collections.ts'
import { PRIMARY_VARIABLE } from '../app/workers/messages.ts'
import { createDiagnosticFormat } from '../config/diagnostics/format-diagnostic.ts'
import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import { createLogger, type Logger } from '../observability/logger.ts'
import {
  type Command,
  type CommandIo,
  configFile,
  parseFlags,
  refusePositionals,
  UsageError,
} from './command.ts'
import { paintOf } from './reports/colours.ts'
import { boundWorkers } from './serving/bound-workers.ts'
import { hintAtMissingFile } from './serving/first-run.ts'
import { closeStrayInspector, followSignals, logUncaught } from './serving/follow-signals.ts'
import { serveUsage } from './usage/serve.ts'

/** `keyway serve`: the proxy, until a signal ends it. */
export const serve: Command = async (args, io) => {
  const { values, positionals } = parseFlags(args, serveUsage)
  refusePositionals('serve', positionals)
  const file = configFile(values.config, io)
  const files = { config: file, shadow: values.shadow }
  const asked = countWorkers(values.workers ?? '1')
  const log = createLogger({ terminal: terminalOf(io) })
  keepCompiledCode()
  boundYoungSpace()
  spaceFullCollections()
  if (isWorker(io)) return serveAsWorker(files, io, log)
  const workers = boundWorkers(asked, availableParallelism(), log)
  try {
    const built = await build({ ...files, workers }, io, log)
    const { withSystemd } = await import('./serving/systemd.ts')
    const keyway = withSystemd(built, { env: io.env, log })
    // Before the log says that it listens: who waits for that may send a signal at once.
    const ended = followSignals(keyway, log)
    const addresses = await Promise.race([keyway.start(), ended])
    if (typeof addresses === 'number') return addresses
    logStart(addresses, { keyway, log, file })
    return await ended
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof ListenError)) throw error
    printFailure(error, io)
    if (values.config === undefined) hintAtMissingFile(file, io)
    return 1
  }
}

function terminalOf({ colours }: CommandIo): 'none' | 'plain' | 'coloured' {
  if (!process.stdout.isTTY) return 'none'
  return colours?.stdout ? 'coloured' : 'plain'
}

interface Files {
  readonly config: string
  readonly shadow: string | undefined
}

const MOST_WORKERS = 1_024

function countWorkers(text: string): number {
  if (text === 'auto') return availableParallelism()
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (count < 1 || count > MOST_WORKERS)
    throw new UsageError(
      `--workers takes a number from 1 to ${MOST_WORKERS} or "auto", not "${text}"`,
    )
  return count
}

// It takes both: a variable that was inherited names another process.
function isWorker({ env }: CommandIo): boolean {
  return process.send !== undefined && env[PRIMARY_VARIABLE] === String(process.ppid)
}

async function serveAsWorker(files: Files, { env }: CommandIo, log: Logger): Promise<number> {
  const { runWorker } = await import('../app/workers/run-worker.ts')
  logUncaught(log)
  closeStrayInspector()
  await runWorker({ ...files, env, log })
  process.disconnect()
  return 0
}

function build(files: Files & { workers: number }, io: CommandIo, log: Logger): Promise<Keyway> {
  const print = (diagnostics: readonly Diagnostic[]): void => printDiagnostics(diagnostics, io)
  return createKeyway({ ...files, env: io.env, log, print })
}

function logStart(
  { proxy, admin }: KeywayAddresses,
  { keyway, log, file }: { keyway: Keyway; log: Logger; file: string },
): void {
  const { config, generation } = keyway.snapshot
  log.info(
    {
      listen: formatAddress(proxy),
      admin: admin === null ? 'off' : formatAddress(admin),
      config: file,
      generation,
      routes: config.routes.length,
    },
    'listening',
  )
}

function printFailure(error: ConfigurationError | ListenError, io: CommandIo): void {
  const diagnostics = error instanceof ConfigurationError ? error.diagnostics : []
  printDiagnostics(diagnostics, io)
  if (diagnostics.length === 0) io.stderr(`keyway: ${error.message}\n`)
}

/** So many findings on a screen are read; thousands only hide the first. */
const PRINTED_MOST = 50

function printDiagnostics(diagnostics: readonly Diagnostic[], io: CommandIo): void {
  const isError = ({ severity }: Diagnostic): boolean => severity === 'error'
  const errorsFirst = diagnostics.toSorted((a, b) => Number(isError(b)) - Number(isError(a)))
  const format = createDiagnosticFormat(paintOf(io, 'stderr'))
  for (const diagnostic of errorsFirst.slice(0, PRINTED_MOST)) io.stderr(`${format(diagnostic)}\n`)
  const rest = diagnostics.length - PRINTED_MOST
  if (rest > 0)
    io.stderr(`${rest} more findings: keyway check ${diagnostics[0]?.file} prints all\n`)
}
