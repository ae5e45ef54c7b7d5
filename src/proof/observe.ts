import { parsePlace } from '../config/language/place.ts'
import type {
  NormalCondition,
  NormalOutcome,
  PlacedCredential,
} from '../config/shapes/normal-config.ts'
import { fieldPairs } from '../http/fields/field-pairs.ts'
import { lowerName } from '../http/fields/header-names.ts'
import type { Decision } from '../routing/decide/decision.ts'
import type { Explanation } from '../routing/decide/explain/explain.ts'
import { compileCondition } from '../routing/rules/condition.ts'
import { RequestContext } from '../routing/rules/request-context.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import { fallbackCredential } from './fallback-credential.ts'
import { hostsOf, isHost } from './hosts.ts'
import { isSamePlacement } from './invariants/expectation.ts'
import type { World } from './world.ts'

/** What was really decided about a request. */
export interface Observed {
  readonly request: RequestView
  readonly decision: Decision
  /** How the route itself decided. */
  readonly explanation: Explanation
  /** The client's, as it was found by what decided. */
  readonly credential: Explanation['credential']
  readonly isFallback: boolean
}

/** Decides a request as the proxy would; by one of its fallbacks where that is asked. null: it does not get there. */
export function observe(
  request: RequestView,
  fallback: number | null,
  world: World,
): Observed | null {
  const explanation = world.table().explain(request)
  const { decision, credential } = explanation
  if (fallback === null) return { request, decision, explanation, credential, isFallback: false }
  if (decision.action === 'reject') return null
  const next = decision.fallbacks[fallback]
  if (next === undefined) return null
  return observeFallback(request, next.decide(), explanation, world)
}

/** What a fallback decided of a request that its route forwards. */
export function observeFallback(
  request: RequestView,
  decision: Decision,
  explanation: Explanation,
  world: World,
): Observed {
  const credential = fallbackCredential(decision, explanation, world)
  return { request, decision, explanation, credential, isFallback: true }
}

/** Whether a condition holds of a request that was decided, as it would for a rule of its route. */
export function holdsFor(condition: NormalCondition, observed: Observed, world: World): boolean {
  const { explanation, credential, decision } = observed
  const context = new RequestContext(explanation.seen)
  const kind = world.kinds.find(({ name }) => name === credential?.kind)
  if (credential !== null)
    context.credential = {
      ...credential,
      place: parsePlace(credential.source),
      raw: credential.value,
      kind: kind ?? { name: credential.kind },
      isOpaque: true,
    }
  context.client = decision.client
  return compileCondition(condition).test(context)
}

/** Whether what was decided is as an outcome says; null: that can't be seen. */
export function isAsSaid(wanted: NormalOutcome, observed: Observed): boolean | null {
  const { decision } = observed
  const { isForwarded, status, routes, rules, upstreams, hosts, secrets, headers } = wanted
  const forward = decision.action === 'forward' ? decision : null
  const seen = [
    isForwarded === null || (forward !== null) === isForwarded,
    status === null || (decision.action === 'reject' && decision.status === status),
    routes === null || routes.includes(decision.route ?? ''),
    rules === null || rules.includes(decision.rule ?? ''),
    upstreams === null || (forward !== null && upstreams.includes(forward.upstream.config.name)),
    hosts === null ||
      (forward !== null &&
        hostsOf(forward.upstream.config).some((host) => hosts.some((name) => isHost(host, name)))),
    secrets === null || (forward?.secrets.some(({ name }) => secrets.includes(name)) ?? false),
    headers.every(
      ({ name, isPresent }) => forward !== null && hasField(forward.headers, name) === isPresent,
    ),
    kindIsSaid(wanted, observed),
    placementIsSaid(wanted, observed),
  ]
  if (seen.includes(false)) return false
  return seen.includes(null) ? null : true
}

/** The upstream's own Host is written as a request is sent. */
function hasField(fields: readonly string[], lower: string): boolean {
  return lower === 'host' || fieldPairs(fields).some(([name]) => lowerName(name) === lower)
}

function kindIsSaid({ kinds }: NormalOutcome, observed: Observed): boolean | null {
  if (kinds === null) return true
  const { decision, explanation, credential } = observed
  if (decision.action === 'reject') return false
  if (observed.isFallback) {
    const value = credential?.value
    const leaves = value !== undefined && decision.headers.some((text) => text.includes(value))
    return leaves ? kinds.includes(decision.credentialKind ?? '') : null
  }
  return explanation.leaving.some(
    ({ place, secret, kind }) =>
      place !== null && secret === null && kinds.includes(kind?.name ?? 'unknown'),
  )
}

function placementIsSaid({ placements }: NormalOutcome, observed: Observed): boolean | null {
  if (placements === null) return true
  if (observed.decision.action === 'reject') return false
  if (observed.isFallback) return null
  const left = observed.explanation.leaving.flatMap(({ place, text }): PlacedCredential[] => {
    if (place === null) return []
    const space = text.indexOf(' ')
    return [{ place, scheme: space < 0 ? null : text.slice(0, space), value: null, basic: null }]
  })
  return placements.some((wanted) =>
    wanted.place === 'none' ? left.length === 0 : left.some((one) => isSamePlacement(wanted, one)),
  )
}
