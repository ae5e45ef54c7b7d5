import { type AnswerCode, answerOf } from '../../answers/answers.ts'
import { createLineAllowance } from '../../observability/line-allowance.ts'
import type { Logger } from '../../observability/logger.ts'

/** Says in the log whose bytes could not be read, and why; of what they were, nothing. */
export interface UnreadTeller {
  /** They are no request: what they were answered. */
  readonly refused: (address: string, code: AnswerCode) => void
  /** No TLS came about with them. */
  readonly noHandshake: (address: string, code: string) => void
  /** They are no frames of HTTP/2, or none that may come. */
  readonly noFrames: (address: string, code: string) => void
}

/** A scanner fills no disk, and hides nobody else's lines. */
const MOST_A_SECOND = 10

/** Creates it, with so few lines a second that nobody's garbage floods the log. */
export function createUnreadTeller(log: Logger): UnreadTeller {
  const takes = createLineAllowance(MOST_A_SECOND, (lines) =>
    log.warn({ lines }, 'lines about clients that could not be read were left out'),
  )
  const tell = (
    address: string,
    fields: Readonly<Record<string, string>>,
    message: string,
  ): void => {
    // Nobody has one behind a unix socket.
    if (takes()) log.info({ address: address === '' ? null : address, ...fields }, message)
  }
  return {
    refused: (address, code) =>
      tell(address, { code, reason: answerOf(code).message }, 'no request'),
    noHandshake: (address, code) => tell(address, { code }, 'no TLS handshake'),
    noFrames: (address, code) => tell(address, { code }, 'no HTTP/2'),
  }
}
