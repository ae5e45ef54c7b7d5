import type { OnExchange } from './exchange-record.ts'
import type { Logger } from './logger.ts'

/** Creates what writes one line a request. */
export function createAccessLog(log: Logger): OnExchange {
  return ({ durationMs, ...record }) =>
    log.batched({ ...record, durationMs: Math.round(durationMs * 10) / 10 }, 'request')
}
