import type { RequestContext } from '../rules/request-context.ts'
import type { Route, Rule } from '../rules/route.ts'
import type { Rejection } from './decision.ts'

/** Builds the answer that Keyway gives by itself. */
export function createRejection(
  route: Route | null,
  context: RequestContext,
  status: number,
  code: string,
  message: string,
  rule: Rule | null = null,
): Rejection {
  return {
    action: 'reject',
    route: route?.name ?? null,
    rule: rule?.name ?? null,
    status,
    code,
    message,
    errors: route?.errors ?? 'problem',
    credentialKind: context.credential?.kind.name ?? null,
    retryAfterMs: null,
  }
}
