import type { Forward } from '../../../routing/decide/decision.ts'
import type { Incoming } from '../incoming.ts'
import { tellRested } from './delivery-log.ts'

/** Lets a pool's key rest after an upstream's 429, for as long as the answer asks. */
export function restKey(incoming: Incoming, forward: Forward, retryAfterMs: number | null): void {
  const { secret } = forward
  if (secret === null) return
  const { secrets } = incoming.context.store.current
  const rest = secrets.rest(secret.name, secret.value, retryAfterMs)
  if (rest !== null) tellRested(incoming, forward, rest)
}
