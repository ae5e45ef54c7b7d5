import type { ExchangeRecord } from '../../../observability/exchange-record.ts'

type Times = Pick<ExchangeRecord, 'durationMs' | 'firstByteMs' | 'upstreamMs' | 'addedMs'>

/** Tells the time of an exchange that others took from what Keyway added to it. */
export class ExchangeClock {
  private readonly startedAt = performance.now()
  private waitsSince = 0
  private waitedMs = 0
  private lastWaitMs = 0
  private begunAt = 0

  /** Somebody else's turn begins, after whoever's it was. */
  wait(): void {
    if (this.waitsSince > 0) this.goOn()
    this.waitsSince = performance.now()
  }

  /** It is Keyway's turn again. */
  goOn(): void {
    if (this.waitsSince === 0) return
    this.lastWaitMs = performance.now() - this.waitsSince
    this.waitedMs += this.lastWaitMs
    this.waitsSince = 0
  }

  /** An upstream's answer has begun to leave. */
  begin(): void {
    this.begunAt = performance.now()
  }

  read(): Times {
    const { startedAt, begunAt, waitedMs, lastWaitMs } = this
    const durationMs = performance.now() - startedAt
    if (begunAt === 0) return { durationMs, firstByteMs: null, upstreamMs: null, addedMs: null }
    const firstByteMs = begunAt - startedAt
    return { durationMs, firstByteMs, upstreamMs: lastWaitMs, addedMs: firstByteMs - waitedMs }
  }
}
