import type { Keyway } from '../../app/create-keyway.ts'
import { describeError } from '../../observability/describe-error.ts'
import type { Logger } from '../../observability/logger.ts'

/** Added to the drain time before the process ends whatever is open. */
const GRACE_MS = 5_000

/**
 * Follows the process's signals and failures; resolves to the exit code when the proxy has drained,
 * or has not in the time that it has for it.
 */
export function followSignals(keyway: Keyway, log: Logger): Promise<number> {
  logUncaught(log)
  closeStrayInspector()
  process.on('SIGHUP', () => void keyway.reload())
  // What else would end the process; nginx takes a new program over by it.
  process.on('SIGUSR2', (signal) => log.info({ signal }, 'this signal has no meaning'))
  return new Promise((resolve, reject) => {
    let isDraining = false
    const end = (signal: NodeJS.Signals): void => {
      if (isDraining) {
        log.warn({ signal }, 'cutting open requests')
        keyway.drain().catch(reject)
        return
      }
      isDraining = true
      log.info({ signal }, 'draining')
      const { drainMs } = keyway.snapshot.config.server.limits
      const late = setTimeout(() => {
        log.error({}, 'the drain did not end in time')
        resolve(1)
      }, drainMs + GRACE_MS)
      keyway.drain().then(() => {
        clearTimeout(late)
        log.info({}, 'drained')
        resolve(0)
      }, reject)
    }
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) process.on(signal, end)
  })
}

/** Whatever a client or an upstream sends ends no process: the request it belonged to is lost, the others go on. */
export function logUncaught(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.fatal({ error: describeError(error) }, 'uncaught exception')
  })
}

/**
 * Closes the inspector, unless the command line asked for it: Node opens it on SIGUSR1 until this
 * program's first line has run, and whoever reaches it reads every secret.
 */
export function closeStrayInspector(): void {
  const asked = [...process.execArgv, process.env.NODE_OPTIONS ?? '']
  if (asked.some((words) => words.includes('--inspect'))) return
  // What came before that line is taken up by the loop's first turn.
  setImmediate(() => {
    const { close, url } = process.getBuiltinModule('node:inspector')
    if (url() !== undefined) close()
  })
}
