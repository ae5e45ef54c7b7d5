import { type Compared, type ComparedFile, compareBeside } from '../loading/compare-beside.ts'
import { describeError } from '../observability/describe-error.ts'
import type { Logger } from '../observability/logger.ts'

/** How long comparing may take. */
const LIMIT_MS = 30_000

/** What logging needs. */
export interface LogDecisionsOptions {
  readonly log: Logger
  readonly env: Readonly<Record<string, string | undefined>>
  /** Default: half a minute. */
  readonly limitMs?: number
}

/** A file that was live, or is. */
export interface LiveFile extends ComparedFile {
  readonly generation: number
}

/** Logs what a reload decides otherwise; never throws. */
export type LogDecisions = (previous: LiveFile, next: LiveFile) => Promise<void>

/**
 * Creates what logs in short what a reload changes for all requests: how many classes are decided
 * otherwise, and the worst; or that this is not known, and why. It is worked out beside the requests
 * that are served, one reload at a time: the next one ends it. Requests are not shown: they quote the
 * file, which may hold what should not be in a log.
 */
export function createDecisionLog({
  log,
  env,
  limitMs = LIMIT_MS,
}: LogDecisionsOptions): LogDecisions {
  let latest = new AbortController()
  return async (previous, next) => {
    latest.abort()
    latest = new AbortController()
    const { generation } = next
    try {
      const { signal } = latest
      const compared = await compareBeside(previous, next, { env, limitMs, signal })
      report(compared, { generation, limitMs, log })
    } catch (error) {
      log.error({ generation, error: describeError(error) }, 'comparing decisions failed')
    }
  }
}

function report(
  compared: Compared,
  { generation, limitMs, log }: { generation: number; limitMs: number; log: Logger },
): void {
  if (!compared.isKnown) {
    const reasons = {
      time: `not compared within ${limitMs / 1_000} s`,
      memory: 'comparing them takes more memory than it may have',
      stopped: 'the next reload came before they were compared',
    }
    log.warn({ generation, reason: reasons[compared.reason] }, 'decisions not compared')
    return
  }
  const { classes, worst, undetermined } = compared.change
  if (worst === null && undetermined === 0) {
    log.debug({ generation }, 'no request is decided otherwise')
    return
  }
  const by = worst === null ? {} : { worst: worst.kind, by: worst.by }
  log.info({ generation, classes, ...by, undetermined }, 'decisions changed')
}
