import {
  holdsSecret,
  maskReturned,
  type SentSecret,
} from '../../credentials/show/returned-secrets.ts'
import type { Forward } from '../../routing/decide/decision.ts'
import type { Incoming } from './incoming.ts'

/** What was sent for a response. */
export interface Sent {
  readonly forward: Forward
  readonly secrets: readonly SentSecret[]
}

/** What a response begins with, beside its status. */
interface Head {
  readonly reason: string
  readonly fields: string[]
}

/**
 * A response's head without the operator's secrets that left with its request, by whichever attempt:
 * they are no client's to know.
 */
export function maskHead(
  { context, id }: Incoming,
  { forward: { route, upstream }, secrets }: Sent,
  reason: string,
  fields: string[],
): Head {
  if (secrets.length === 0) return { reason, fields }
  const masked = maskReturned(fields, secrets, (field, secret) => {
    const where = { id, route, upstream: upstream.config.name, field: field.toLowerCase() }
    context.log.warn({ ...where, secret }, 'upstream sent a secret back')
  })
  return { reason: holdsSecret(reason, secrets) ? '' : reason, fields: masked }
}
