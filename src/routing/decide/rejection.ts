import type { Answer } from '../../answers/answers.ts'
import type { RequestContext } from '../rules/request-context.ts'
import type { Route, Rule } from '../rules/route.ts'
import type { Rejection } from './decision.ts'

/** Builds the rejection that an answer of Keyway's own stands for. */
export function createRejection(
  route: Route | null,
  context: RequestContext,
  { status, code, message }: Answer,
  rule: Rule | null = null,
): Rejection {
  return {
    action: 'reject',
    route: route?.name ?? null,
    rule: rule?.name ?? null,
    branch: rule === null ? null : context.branch,
    status,
    code,
    message,
    errors: route?.errors ?? 'problem',
    credentialKind: context.credential?.kind.name ?? null,
    client: context.client,
    hidden: context.hidden,
    retryAfterMs: null,
    editOwn: null,
  }
}
