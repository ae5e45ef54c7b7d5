import type { Forward } from '../../../routing/decide/decision.ts'
import type { Incoming } from '../incoming.ts'

/** Lets a pool's key rest after an upstream's 429, for as long as the answer asks. */
export function restKey(
  { context }: Incoming,
  { secret }: Forward,
  retryAfterMs: number | null,
): void {
  if (secret !== null) context.store.current.secrets.rest(secret.name, secret.value, retryAfterMs)
}
