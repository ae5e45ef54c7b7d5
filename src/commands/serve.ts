import type { Diagnostic } from '../config/diagnostic.ts'
import { formatDiagnostic } from '../config/format-diagnostic.ts'
import { describeError } from '../observability/describe-error.ts'
import { createLogger, type Logger } from '../observability/logger.ts'
import { createKeyway, type Keyway, type KeywayAddresses } from '../server.ts'
import { ConfigurationError, formatAddress, ListenError } from '../server-errors.ts'
import {
  type Command,
  type CommandIo,
  configFile,
  parseFlags,
  refusePositionals,
} from './command.ts'

const FLAGS = {
  config: { type: 'string', short: 'c' },
  shadow: { type: 'string' },
} as const

/** `keyway serve`: the proxy, until a signal ends it. */
export const serve: Command = async (args, io) => {
  const { values, positionals } = parseFlags(args, FLAGS)
  refusePositionals('serve', positionals)
  const file = configFile(values.config, io)
  const log = createLogger()
  try {
    const keyway = await build({ config: file, shadow: values.shadow }, io, log)
    // Before the log says that it listens: who waits for that may send a signal at once.
    const ended = followSignals(keyway, log)
    logStart(await keyway.start(), { keyway, log, file })
    await ended
    return 0
  } catch (error) {
    if (!(error instanceof ConfigurationError || error instanceof ListenError)) throw error
    printFailure(error, io)
    return 1
  }
}

interface Files {
  readonly config: string
  readonly shadow: string | undefined
}

function build(files: Files, io: CommandIo, log: Logger): Promise<Keyway> {
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

/** Follows the process's signals and failures; resolves when the proxy has drained. */
function followSignals(keyway: Keyway, log: Logger): Promise<void> {
  // Whatever a client or an upstream sends ends no process: the request it belonged to is lost, the others go on.
  process.on('uncaughtException', (error) => {
    log.fatal({ error: describeError(error) }, 'uncaught exception')
  })
  process.on('SIGHUP', () => void keyway.reload())
  return new Promise((resolve, reject) => {
    let isDraining = false
    const end = (signal: NodeJS.Signals): void => {
      if (isDraining) {
        log.warn({ signal }, 'cutting open requests')
        resolve()
        return
      }
      isDraining = true
      log.info({ signal }, 'draining')
      keyway.drain().then(() => {
        log.info({}, 'drained')
        resolve()
      }, reject)
    }
    process.on('SIGTERM', end)
    process.on('SIGINT', end)
  })
}

function printFailure(error: ConfigurationError | ListenError, io: CommandIo): void {
  const diagnostics = error instanceof ConfigurationError ? error.diagnostics : []
  printDiagnostics(diagnostics, io)
  if (diagnostics.length === 0) io.stderr(`keyway: ${error.message}\n`)
}

function printDiagnostics(diagnostics: readonly Diagnostic[], io: CommandIo): void {
  for (const diagnostic of diagnostics) io.stderr(`${formatDiagnostic(diagnostic)}\n`)
}
