import { distance } from 'fastest-levenshtein'
import { formatPlace } from '../../../config/language/place.ts'
import type { Place } from '../../../config/shapes/normal-config.ts'
import { createFinder } from '../../../credentials/extract.ts'
import { readField } from '../../../credentials/read-field.ts'
import type { Condition } from '../../rules/condition.ts'
import { compilePathTest } from '../../rules/path-test.ts'
import { RequestContext } from '../../rules/request-context.ts'
import type { RequestView } from '../../rules/request-view.ts'
import type { Route, Rule } from '../../rules/route.ts'
import type { OutgoingCredential } from '../credential/outgoing-credential.ts'
import { decide } from '../decide.ts'
import type { DecideSettings, DecisionObserver } from '../decide-settings.ts'
import type { Decision } from '../decision.ts'
import type { Verdict } from '../select-actions.ts'

/** One part of a condition with its truth for a request. */
export interface ExplainedCondition {
  readonly description: string
  readonly holds: boolean
  /** What was seen instead, where it does not hold; no credential in it. */
  readonly observed: string | null
  readonly parts: readonly ExplainedCondition[]
}

/** One rule's verdict. */
export interface ExplainedRule {
  readonly name: string
  readonly verdict: Verdict | 'not reached'
  /** null: the rule has no condition, or was not reached. */
  readonly condition: ExplainedCondition | null
}

/** Why a route was not taken; an empty list for the one that was. */
export interface ExplainedRoute {
  readonly name: string
  readonly path: string
  /** What kept it from being taken, such as `method is GET, wanted POST`. */
  readonly misses: readonly string[]
  /** It matched, but a more specific route came first. */
  readonly isOutranked: boolean
}

/** A decision with every step that led to it. */
export interface Explanation {
  readonly decision: Decision
  readonly route: string | null
  readonly rules: readonly ExplainedRule[]
  /** Every other route, those that missed least first. */
  readonly otherRoutes: readonly ExplainedRoute[]
  /** The request as conditions see it: without its client's token, from the address that a trusted peer names. */
  readonly seen: RequestView
  /** null: none was sent, or none was looked for, as no route matches. */
  readonly credential: {
    readonly kind: string
    readonly scheme: string | null
    readonly source: string
    readonly value: string
  } | null
  /** What leaves: the one credential, and those that go along. */
  readonly leaving: readonly OutgoingCredential[]
  /** Credentials of the client's that stay behind. */
  readonly dropped: readonly DroppedCredential[]
}

/** A credential of the client's that does not leave. */
export interface DroppedCredential {
  readonly kind: string
  readonly source: string
  readonly value: string
}

/** Explains by deciding: the same code, watched. */
export function explain(
  settings: DecideSettings,
  routes: readonly Route[],
  request: RequestView,
): Explanation {
  const rules: ExplainedRule[] = []
  let taken: Route | null = null
  let leaving: readonly OutgoingCredential[] = []
  let seen: RequestContext | null = null
  const observer: DecisionObserver = {
    onRoute: (route, context) => {
      taken = route
      seen = context
    },
    onRule: (rule, verdict, context) => void rules.push(explainRule(rule, verdict, context)),
    onLeaving: (chosen) => {
      leaving = chosen ?? []
    },
  }
  const decision = decide(settings, request, observer)
  const route = taken as Route | null
  const context = seen as RequestContext | null
  return {
    decision,
    route: route?.name ?? null,
    rules: [...rules, ...unreached(route, rules.length)],
    // Thousands of routes take their time, and not everybody asks.
    get otherRoutes() {
      return explainRoutes(routes, route, request)
    },
    seen: context === null ? request : { ...context.request, peerIp: context.clientIp },
    credential: describeCredential(context?.credential ?? null),
    leaving,
    dropped:
      decision.action === 'forward' && context ? findDropped(settings, context, leaving) : [],
  }
}

/** Whatever stands in a place of credentials and is not among what leaves. */
function findDropped(
  { teller, places }: DecideSettings,
  { request, names, query }: RequestContext,
  leaving: readonly OutgoingCredential[],
): readonly DroppedCredential[] {
  const kept = new Set(leaving.flatMap(({ text, value }) => [text, value]))
  return createFinder(places)(request.headers, names, query).flatMap(({ order, raw }) => {
    const place = places[order] as Place
    const reading = readField(place, raw, { ...teller, namedSchemes: new Set() })
    if (reading === null || reading === 'malformed') return []
    const { value, kind } = reading
    const isCredential = place.in === 'header' || kind.name !== 'unknown'
    if (!isCredential || kept.has(value) || kept.has(raw)) return []
    return [{ kind: kind.name, source: formatPlace(place), value }]
  })
}

function describeCredential(credential: RequestContext['credential']): Explanation['credential'] {
  if (credential === null) return null
  const { kind, scheme, place, value } = credential
  return {
    kind: kind.name,
    scheme,
    source: formatPlace(place),
    value,
  }
}

function explainRule(rule: Rule, verdict: Verdict, context: RequestContext): ExplainedRule {
  const { captures } = context
  const condition = rule.condition && explainCondition(rule.condition, context)
  context.captures = captures
  return { name: rule.name, verdict, condition }
}

function unreached(route: Route | null, reached: number): ExplainedRule[] {
  const rest = route?.rules.slice(reached) ?? []
  return rest.map((rule) => ({ name: rule.name, verdict: 'not reached', condition: null }))
}

function explainCondition(condition: Condition, context: RequestContext): ExplainedCondition {
  const holds = condition.test(context)
  return {
    description: condition.description,
    holds,
    observed: holds ? null : condition.observe(context),
    parts: condition.parts.map((part) => explainCondition(part, context)),
  }
}

function explainRoutes(
  routes: readonly Route[],
  taken: Route | null,
  request: RequestView,
): ExplainedRoute[] {
  const context = new RequestContext(request)
  const nearness = ({ path }: ExplainedRoute): number => distance(path, context.canonicalPath)
  return routes
    .filter((route) => route !== taken)
    .map((route) => explainRoute(route, context))
    .sort((a, b) => a.misses.length - b.misses.length || nearness(a) - nearness(b))
}

function explainRoute(route: Route, context: RequestContext): ExplainedRoute {
  const misses = [
    compilePathTest(route.pattern)(context.canonicalPath)
      ? null
      : `path is ${context.canonicalPath}, wanted ${route.pattern.source}`,
    matchesHost(route, context.host)
      ? null
      : `host is ${context.host || 'absent'}, wanted ${route.hosts?.join(' or ')}`,
    route.methods === null || route.methods.has(context.request.method)
      ? null
      : `method is ${context.request.method}, wanted ${[...route.methods].join(' or ')}`,
    route.matchesHeaders(context)
      ? null
      : `headers differ, wanted ${route.config.match.headers.map(({ name }) => name).join(', ')}`,
  ].filter((miss) => miss !== null)
  return {
    name: route.name,
    path: route.pattern.source,
    misses,
    isOutranked: misses.length === 0,
  }
}

function matchesHost({ hosts }: Route, host: string): boolean {
  if (hosts === null) return true
  return hosts.some((wanted) =>
    wanted.startsWith('*') ? host.endsWith(wanted.slice(1)) : host === wanted,
  )
}
