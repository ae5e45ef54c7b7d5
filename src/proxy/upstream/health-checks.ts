import { type buildConnector, Client } from 'undici'
import type { NormalHealth } from '../../config/shapes/normal-upstream.ts'
import type { TableTarget } from '../../routing/table-upstream.ts'
import { createHealthState } from '../../upstreams/health-state.ts'
import type { OpenSocket } from './open-socket.ts'

/** What checking a target needs. */
export interface HealthCheckOptions {
  readonly target: TableTarget
  readonly settings: NormalHealth
  readonly open: OpenSocket
  /** Hears when the target comes up or goes down. */
  readonly onChange: (isUp: boolean) => void
}

/** Asks a target how it is, at once and then regularly, until it is stopped. No credential goes with it. */
export function startHealthChecks(options: HealthCheckOptions): () => void {
  const { target, settings, open, onChange } = options
  const client = new Client(target.origin, { connect: (_, callback) => connect(open, callback) })
  const state = createHealthState(settings)
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | null = null

  async function check(): Promise<void> {
    const isGood = await ask(client, settings, stopping.signal)
    if (stopping.signal.aborted) return
    const change = state.report(isGood)
    if (change !== null) onChange(change === 'up')
    timer = setTimeout(check, spread(settings.intervalMs)).unref()
  }

  void check()
  return () => {
    stopping.abort()
    if (timer !== null) clearTimeout(timer)
    client.destroy(null, () => {})
  }
}

function connect(open: OpenSocket, callback: buildConnector.Callback): void {
  open(null, (error, socket) => {
    if (socket === null) callback(error as Error, null)
    else callback(null, socket)
  })
}

async function ask(
  client: Client,
  { path, timeoutMs, statuses }: NormalHealth,
  stopping: AbortSignal,
): Promise<boolean> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)])
  const headers = { 'user-agent': 'keyway-health' }
  try {
    const { statusCode, body } = await client.request({ method: 'GET', path, headers, signal })
    await body.dump({ limit: 64 * 1024, signal })
    return statuses.includes(statusCode)
  } catch {
    return false
  }
}

/** Up to a tenth earlier or later, so that many proxies do not ask in step. */
function spread(intervalMs: number): number {
  return intervalMs * (0.9 + 0.2 * Math.random())
}
