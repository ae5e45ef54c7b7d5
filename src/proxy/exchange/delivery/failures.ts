import { type Answer, answerOf } from '../../../answers/answers.ts'
import type { Stage } from '../../../upstreams/failure.ts'

const CONNECT_TIMEOUT = answerOf('upstream_connect_timeout')
const TIMEOUT = answerOf('upstream_timeout')
const UNSENDABLE = answerOf('unsendable')

const BY_CODE: Readonly<Record<string, Answer>> = {
  UPSTREAM_CONNECT_TIMEOUT: CONNECT_TIMEOUT,
  ETIMEDOUT: CONNECT_TIMEOUT,
  UPSTREAM_HEADERS_TIMEOUT: TIMEOUT,
  UPSTREAM_IDLE_TIMEOUT: TIMEOUT,
  UNSENDABLE,
}

/** Says what an error of an upstream or the network means for the client; names no address. */
export function describeFailure(error: Error, stage: Stage): Answer {
  const code = codeOf(error)
  const known = BY_CODE[code]
  if (known) return known
  if (stage === 'exchanging') return answerOf('upstream_failed')
  return answerOf(isCertificateError(code) ? 'upstream_untrusted' : 'upstream_unreachable')
}

/** The error's code, safe for a log. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

function isCertificateError(code: string): boolean {
  return (
    code.startsWith('ERR_TLS') ||
    code.startsWith('CERT_') ||
    code.includes('SELF_SIGNED') ||
    code.startsWith('UNABLE_TO')
  )
}
