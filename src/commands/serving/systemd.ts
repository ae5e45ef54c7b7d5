import type { Keyway } from '../../app/create-keyway.ts'
import type { Logger } from '../../observability/logger.ts'

/** What telling systemd takes. */
export interface SystemdOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: Logger
}

/**
 * The same Keyway, which tells systemd of its life where it was started as a `Type=notify` service
 * (sd_notify(3)): ready, reloading, stopping, and still alive for its watchdog.
 */
export function withSystemd(keyway: Keyway, options: SystemdOptions): Keyway {
  if (!options.env.NOTIFY_SOCKET) return keyway
  const tell = createNotifier(options)
  let watchdog: NodeJS.Timeout | undefined
  let isBeating = false
  const beat = (): void => {
    if (isBeating) return
    isBeating = true
    void tell('WATCHDOG=1').finally(() => {
      isBeating = false
    })
  }
  return {
    get snapshot() {
      return keyway.snapshot
    },
    async start() {
      const addresses = await keyway.start()
      void tell('READY=1', 'STATUS=serving')
      const everyMs = watchdogMs(options.env)
      // By the same loop that serves: where that hangs, nothing is told.
      if (everyMs !== null) watchdog = setInterval(beat, everyMs)
      return addresses
    },
    async reload() {
      // Microseconds of the clock that systemd compares it with.
      void tell('RELOADING=1', `MONOTONIC_USEC=${process.hrtime.bigint() / 1000n}`)
      const result = await keyway.reload()
      void tell('READY=1', 'STATUS=serving')
      return result
    },
    drain() {
      void tell('STOPPING=1', 'STATUS=draining')
      return keyway.drain().finally(() => clearInterval(watchdog))
    },
  }
}

/** Half of what systemd waits for; null: it watches nobody, or another process. */
function watchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: SystemdOptions['env']): number | null {
  const waits = Number(WATCHDOG_USEC)
  const isMeant = !WATCHDOG_PID || WATCHDOG_PID === String(process.pid)
  return waits > 0 && isMeant ? Math.max(1, Math.floor(waits / 2_000)) : null
}

/**
 * Says things to systemd, one after the other, by its own systemd-notify: Node knows no datagrams on
 * unix sockets.
 */
function createNotifier({
  env,
  log,
}: SystemdOptions): (...lines: readonly string[]) => Promise<void> {
  let last = Promise.resolve()
  let hasFailed = false
  const onFailure = (): void => {
    if (!hasFailed) log.warn({}, 'systemd could not be told: systemd-notify fails')
    hasFailed = true
  }
  return (...lines) => {
    last = last.then(() => notify(lines, env, onFailure))
    return last
  }
}

function notify(
  lines: readonly string[],
  { PATH, NOTIFY_SOCKET }: SystemdOptions['env'],
  onFailure: () => void,
): Promise<void> {
  return new Promise((resolve) => {
    const { spawn } = process.getBuiltinModule('node:child_process')
    const child = spawn('systemd-notify', lines, {
      env: { PATH, NOTIFY_SOCKET },
      stdio: 'ignore',
    })
    child.once('error', () => {
      onFailure()
      resolve()
    })
    child.once('exit', (code) => {
      if (code !== 0) onFailure()
      resolve()
    })
  })
}
