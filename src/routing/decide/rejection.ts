import type { Answer } from '../../answers/answers.ts'
import type { RequestContext } from '../rules/request-context.ts'
import type { Route, Rule } from '../rules/route.ts'
import type { Rejection, SparedSecrets } from './decision.ts'

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
    credentialPlace: context.credential?.place ?? null,
    credentialScheme: context.credential?.scheme ?? null,
    client: context.client,
    hidden: context.hidden,
    retryAfterMs: null,
    spared: findSpared(route, context, { code, rule }),
    clientIp: context.clientIp,
    editOwn: null,
  }
}

const NONE: SparedSecrets = { names: [], upstream: null }

/** What the request would have taken: of a client that nobody knows, all that the route may add. */
function findSpared(
  route: Route | null,
  { secrets, missingSecret, branch }: RequestContext,
  { code, rule }: { readonly code: string; readonly rule: Rule | null },
): SparedSecrets {
  const read = secrets.map(({ name }) => name)
  const known = missingSecret === null ? read : [...read, missingSecret]
  const names = code === 'client_unauthenticated' ? (route?.secretNames ?? []) : known
  if (names.length === 0) return NONE
  const taken = branch === 'else' ? rule?.else : rule?.then
  const { upstream = null } = taken?.destination ?? route?.destination ?? {}
  return { names: [...new Set(names)], upstream }
}
