import type { KeyRest } from '../../../credentials/secrets/secret-pool.ts'
import type { Forward } from '../../../routing/decide/decision.ts'
import { type Failure, isAmong } from '../../../upstreams/failure.ts'
import type { Incoming } from '../incoming.ts'
import type { NextAttempt } from './attempts.ts'

/** Says in the log that no attempt is left; `code` says why the last failed. */
export function tellFailed({ context, id }: Incoming, forward: Forward, code: string): void {
  context.log.warn({ id, ...namesOf(forward), code }, 'upstream failed')
}

/** Says in the log and the metrics where a request goes after an attempt that failed. */
export function tellNext(
  { context, id }: Incoming,
  failed: Forward,
  { forward, delayMs }: NextAttempt,
  code: string,
): void {
  const next = forward.upstream.config.name
  const fields = { id, ...namesOf(failed), next, code, delayMs: Math.round(delayMs) }
  context.log.warn(fields, 'trying again')
  context.onRetry?.(failed.upstream.config.name, next)
}

/** Says in the log and the metrics that a kept connection was just being closed. */
export function tellAfresh({ context, id }: Incoming, forward: Forward): void {
  const { route, upstream } = namesOf(forward)
  context.log.info({ id, route, upstream }, 'sending on a new connection')
  context.onRetry?.(upstream, upstream)
}

/** Says in the log that a way on which the file names was not taken, as the body can't be sent again. */
export function tellUnkept(
  { context, id }: Incoming,
  forward: Forward,
  failure: Failure,
  code: string,
): void {
  const { retry, fallbacks } = forward
  if (failure.type === 'connect') return
  if (![retry, ...fallbacks].some(({ on }) => isAmong(failure, on))) return
  const fields = { id, ...namesOf(forward), code, keeps: retry.bufferBytes }
  context.log.warn(fields, 'not sent again: its body was not kept')
}

/** Says in the log that a fallback was not taken, as the request can't go there. */
export function tellPassedOver(
  { context, id }: Incoming,
  forward: Forward,
  why: { readonly fallback: string; readonly code: string },
): void {
  context.log.warn({ id, ...namesOf(forward), ...why }, 'fallback passed over')
}

/** Says in the log that a key of a pool is not used for a while, as its upstream asked. */
export function tellRested({ context, id }: Incoming, forward: Forward, rest: KeyRest): void {
  const { index, restsMs } = rest
  const secret = `${forward.secret?.name}[${index}]`
  const fields = { id, ...namesOf(forward), secret, restsMs: Math.round(restsMs) }
  context.log.warn(fields, 'key rests')
}

function namesOf({ route, upstream }: Forward): { route: string; upstream: string } {
  return { route, upstream: upstream.config.name }
}
