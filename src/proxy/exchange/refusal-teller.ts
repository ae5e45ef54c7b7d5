import { answerOf, type AnswerCode } from '../../answers/answers.ts'
import { createLineAllowance } from '../../observability/line-allowance.ts'
import type { Logger } from '../../observability/logger.ts'

/** A request that Keyway did not carry to its end. */
export interface Refusal {
  readonly id: string
  readonly route: string | null
  readonly rule: string | null
  readonly status: number
  readonly code: AnswerCode
}

/** A request that ended before its answer did. */
export interface Breach {
  readonly id: string
  readonly route: string
  readonly upstream: string
  readonly code: string
}

/** Says in the log why requests failed that nothing else tells of. */
export interface RefusalTeller {
  readonly refused: (refusal: Refusal) => void
  /** Nobody waits for the answer any more. */
  readonly left: (breach: Breach) => void
  /** The answer had begun, and does not end. */
  readonly brokenOff: (breach: Breach) => void
}

/** A flood of refused requests fills no disk. */
const MOST_A_SECOND = 100

/** Creates it; where each request has an access line, that tells the code of whatever Keyway answers. */
export function createRefusalTeller(log: Logger, hasAccessLog: () => boolean): RefusalTeller {
  const takes = createLineAllowance(MOST_A_SECOND, (lines) =>
    log.warn({ lines }, 'lines about refused requests were left out'),
  )
  return {
    refused({ status, code, ...fields }) {
      if (status < 400 || hasAccessLog() || !takes()) return
      const reason = answerOf(code).message
      log[status >= 500 ? 'warn' : 'info']({ ...fields, status, code, reason }, 'request refused')
    },
    left(breach) {
      if (!hasAccessLog() && takes()) log.info({ ...breach }, 'request left by its client')
    },
    // Its access line has the status that it began with.
    brokenOff(breach) {
      if (takes()) log.warn({ ...breach }, 'answer broken off')
    },
  }
}
