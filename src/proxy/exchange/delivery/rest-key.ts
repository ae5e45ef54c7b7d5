import type { Forward } from '../../../routing/decide/decision.ts'
import type { Incoming } from '../incoming.ts'

/** Lets the key of a pool rest that an upstream answered 429 for, as long as that asks for. */
export function restKey(
  { context }: Incoming,
  { secret }: Forward,
  retryAfterMs: number | null,
): void {
  if (secret !== null) context.store.current.secrets.rest(secret.name, secret.value, retryAfterMs)
}
