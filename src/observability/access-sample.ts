import type { ExchangeRecord } from './exchange-record.ts'

/** Chooses which requests have a line of their own. */
export interface AccessSample {
  /** Whether this one has; what it leaves out is told later. */
  readonly takes: (record: ExchangeRecord) => boolean
  /** Sets the share that is written of requests that went well, from 0 to 1. */
  readonly setShare: (share: number) => void
}

/** How long what was left out is gathered before it is told. */
const TELL_MS = 10_000

/** Creates a sample that takes all; `onLeftOut` hears how many it left out since it was told last. */
export function createAccessSample(onLeftOut: (requests: number) => void): AccessSample {
  let share = 1
  let seen = 0
  let leftOut = 0
  let timer: NodeJS.Timeout | null = null
  const tell = (): void => {
    timer = null
    process.off('exit', tell)
    const requests = leftOut
    leftOut = 0
    onLeftOut(requests)
  }
  const leaveOut = (): false => {
    leftOut += 1
    if (timer !== null) return false
    timer = setTimeout(tell, TELL_MS).unref()
    process.once('exit', tell)
    return false
  }
  return {
    takes(record) {
      if (share === 1 || !wentWell(record)) return true
      const before = Math.ceil(seen * share)
      seen += 1
      return Math.ceil(seen * share) > before || leaveOut()
    },
    setShare(next) {
      share = next
    },
  }
}

/** Refusals and errors, of Keyway's and of upstreams', are never left out. */
function wentWell({ origin, status }: ExchangeRecord): boolean {
  return origin === 'upstream' && status < 400
}
