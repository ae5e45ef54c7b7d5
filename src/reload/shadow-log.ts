import type { Logger } from '../observability/logger.ts'
import type { OnDifference } from '../routing/decide/explain/shadow.ts'

/** Signatures that are told apart; beyond it only the metrics count. */
const KNOWN_LIMIT = 1000

/** Creates what logs where a shadow decides otherwise: each way it differs once, then at ten times, a hundred… */
export function createShadowLog(log: Logger): OnDifference {
  const times = new Map<string, number>()
  return (differences, live, request) => {
    const { route } = live
    const signature = JSON.stringify([route, differences])
    const count = (times.get(signature) ?? 0) + 1
    if (count === 1 && times.size >= KNOWN_LIMIT) return
    times.set(signature, count)
    if (!Number.isInteger(Math.log10(count))) return
    const { id, method } = request
    log.info({ id, method, route, times: count, differences }, 'shadow decides otherwise')
  }
}
