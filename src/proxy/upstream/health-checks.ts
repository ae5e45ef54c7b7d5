import type { NormalHealth } from '../../config/shapes/normal-upstream.ts'
import { createHealthState } from '../../upstreams/health-state.ts'
import type { Call, CallHandler, Lane, OutgoingRequest } from './call.ts'

/** What checking a target needs. */
export interface HealthCheckOptions {
  readonly settings: NormalHealth
  /** Makes a connection to the target; the checks' own. */
  readonly createLane: () => Lane
  /** Hears when the target comes up or goes down. */
  readonly onChange: (state: 'up' | 'down') => void
  /** Hears of each answer. */
  readonly onChecked: (check: LastCheck) => void
}

/** What became of the latest check of a target. */
export interface LastCheck {
  readonly outcome: 'good' | 'bad'
  /** ISO 8601. */
  readonly at: string
}

/** Asks a target how it is, at once and then regularly, until it is stopped. No credential goes with it. */
export function startHealthChecks(options: HealthCheckOptions): () => void {
  const { settings, createLane, onChange, onChecked } = options
  const state = createHealthState(settings)
  let timer: NodeJS.Timeout | null = null
  let lane = createLane()
  let check: HealthCheck

  function begin(): void {
    if (lane.isClosed) lane = createLane()
    check = new HealthCheck(lane, settings, onDone)
    check.start()
  }

  function onDone(isGood: boolean): void {
    onChecked({ outcome: isGood ? 'good' : 'bad', at: new Date().toISOString() })
    const change = state.report(isGood)
    if (change !== null) onChange(change)
    timer = setTimeout(begin, spread(settings.intervalMs)).unref()
  }

  begin()
  return () => {
    if (timer !== null) clearTimeout(timer)
    check.stop()
    lane.close()
  }
}

/** What is read of an answer; longer ones are broken off. */
const BODY_BYTES = 64 * 1024

/** One question to a target, and one answer to whoever wants to know. */
class HealthCheck implements CallHandler {
  private readonly lane: Lane
  private readonly settings: NormalHealth
  private readonly timer: NodeJS.Timeout
  private onDone: ((isGood: boolean) => void) | null
  private call: Call | null = null
  private isGood = false
  private bytes = 0

  constructor(lane: Lane, settings: NormalHealth, onDone: (isGood: boolean) => void) {
    this.lane = lane
    this.settings = settings
    this.onDone = onDone
    this.timer = setTimeout(() => this.onTimeout(), settings.timeoutMs)
  }

  start(): void {
    const { path, timeoutMs } = this.settings
    const request: OutgoingRequest = {
      method: 'GET',
      target: path,
      fields: ['user-agent', 'keyway-health'],
      body: null,
      headersMs: timeoutMs,
      idleMs: timeoutMs,
      upgrade: null,
    }
    this.lane.send(request, this)
  }

  /** Nobody wants to know any more. */
  stop(): void {
    this.onDone = null
    clearTimeout(this.timer)
    this.call?.cancel()
  }

  onConnect(call: Call): void {
    this.call = call
    if (this.onDone === null) call.cancel()
  }

  onInterim(): void {}

  onHead({ status }: { readonly status: number }): void {
    this.isGood = this.settings.statuses.includes(status)
  }

  onBody(bytes: Buffer): boolean {
    this.bytes += bytes.length
    if (this.bytes > BODY_BYTES) this.call?.cancel()
    return true
  }

  onTunnel(): void {
    this.tell(false)
  }

  onEnd(): void {
    this.tell(this.isGood)
  }

  onError(): void {
    // A long answer is one all the same.
    this.tell(this.isGood && this.bytes > BODY_BYTES)
  }

  private onTimeout(): void {
    this.tell(false)
    if (this.call === null) this.lane.close()
    else this.call.cancel()
  }

  private tell(isGood: boolean): void {
    const { onDone } = this
    this.onDone = null
    clearTimeout(this.timer)
    onDone?.(isGood)
  }
}

/** Up to a tenth earlier or later, so that many proxies do not ask in step. */
function spread(intervalMs: number): number {
  return intervalMs * (0.9 + 0.2 * Math.random())
}
