import type { OnExchange } from './exchange-record.ts'
import type { Logger } from './logger.ts'

/** Creates what says that it was the upstream, not Keyway, that refused a credential. */
export function createRefusalLog(log: Logger): OnExchange {
  return ({ id, route, upstream, status, origin, credentialKind }) => {
    if (origin !== 'upstream' || (status !== 401 && status !== 403)) return
    log.warn({ id, route, upstream, status, credentialKind }, 'upstream refused the credential')
  }
}
