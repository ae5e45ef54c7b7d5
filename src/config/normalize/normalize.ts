import { parsePlace } from '../language/place.ts'
import { alsoItems, parsePlacement } from '../language/placement.ts'
import type { RuleObject } from '../language/sentence.ts'
import { parseDuration, parseSize } from '../language/units.ts'
import type { Model, NamedPart, RoutePart, RulePart } from '../schema/model.ts'
import type { Catalogue, Provider } from '../shapes/catalogue.ts'
import type {
  Also,
  Fallback,
  Kind,
  Reject,
  ResponseOperations,
  Route,
  Secret,
} from '../shapes/config.generated.ts'
import type {
  NormalAction,
  NormalConfig,
  NormalFallback,
  NormalKind,
  NormalReject,
  NormalRoute,
  NormalRule,
  NormalSecret,
  PlacedCredential,
  SecretSource,
} from '../shapes/normal-config.ts'
import type { FailureName } from '../shapes/normal-upstream.ts'
import { normalizeCondition } from './normalize-condition.ts'
import { normalizeInvariant } from './normalize-invariant.ts'
import { normalizeLimit } from './normalize-limit.ts'
import { normalizeMatch } from './normalize-match.ts'
import { normalizeClients, normalizeServer } from './normalize-server.ts'
import { DEFAULT_FALLBACK_ON, normalizeRetry, normalizeUpstream } from './normalize-upstream.ts'
import { createShare } from './share.ts'

/** Takes the sugar off a model that has no errors: defaults, numbers, parsed placements, providers. */
export function normalize(model: Model, catalogue: Catalogue): NormalConfig {
  const kinds = model.kinds.map(normalizeKind)
  const upstreams = model.upstreams.map((part) => normalizeUpstream(part, kinds, catalogue))
  const providers = new Map(catalogue.providers.map((provider) => [provider.name, provider]))
  const byUpstream = new Map(
    upstreams.map(({ name, provider }) => [name, providers.get(provider ?? '')]),
  )
  return {
    server: normalizeServer(model.server.value),
    secrets: model.secrets.map(normalizeSecret),
    clients: model.clients ? normalizeClients(model.clients.value) : null,
    audit: model.audit
      ? { file: model.audit.value.file, isOpenWhenAway: model.audit.value.away === 'open' }
      : null,
    kinds,
    upstreams,
    routes: shareParts(
      model.routes.map((part) => normalizeRoute(part, (name) => byUpstream.get(name))),
    ),
    limits: model.limits.map(({ value }) => normalizeLimit(value)),
    invariants: model.invariants.map(({ path, value }) =>
      normalizeInvariant(value, path[1] as number),
    ),
    tests: model.tests.map(({ value }) => value),
  }
}

/** Routes whose equal parts are one object: of thousands, most have the rules of another. */
function shareParts(routes: readonly NormalRoute[]): readonly NormalRoute[] {
  const share = createShare()
  const sharePart = <Part>([key, part]: readonly [string, Part]): readonly [string, Part] => [
    key,
    typeof part === 'object' && part !== null ? share('', part, () => part) : part,
  ]
  return routes.map(
    (route) => Object.fromEntries(Object.entries(route).map(sharePart)) as unknown as NormalRoute,
  )
}

function normalizeSecret({ name, value }: NamedPart<Secret>): NormalSecret {
  const { cooldown, pool, ...source } = value
  return {
    name,
    sources: (pool ?? [source]) as SecretSource[],
    isPool: pool !== undefined,
    cooldownMs: parseDuration(cooldown ?? '30s'),
  }
}

/** A kind of credential under its name. */
export function normalizeKind({ name, value }: NamedPart<Kind>): NormalKind {
  return { name, ...value }
}

type FindProvider = (upstream: string) => Provider | undefined

function normalizeRoute(part: RoutePart, findProvider: FindProvider): NormalRoute {
  const { value: route, index } = part
  const provider = findProvider(route.upstream ?? '')
  const { match, credential } = route
  return {
    name: route.name,
    index,
    match: normalizeMatch(match),
    paths: route.paths ?? 'both',
    rewrite: route.rewrite ?? null,
    upstream: route.upstream ?? null,
    retry: normalizeRetry(route.retry ?? {}),
    fallback: part.fallbacks.map((fallback, at) =>
      normalizeFallback(route.fallback?.[at] as Fallback, fallback, findProvider),
    ),
    from: credential?.from?.map(parsePlace) ?? null,
    conflict: credential?.conflict ?? 'reject',
    rules: route.rules ? part.rules.map(normalizeRule) : (provider?.rules ?? []),
    also: normalizeAlso(route.also),
    request: route.request ?? null,
    response: normalizeResponse(route.response),
    reject: normalizeReject(route.reject),
    errors: route.errors ?? null,
    limits: normalizeRouteLimits(route.limits ?? {}),
  }
}

function normalizeFallback(
  fallback: Fallback,
  part: RoutePart,
  findProvider: FindProvider,
): NormalFallback {
  const { upstream, on, rules, rewrite, request } = fallback
  return {
    upstream,
    on: (on as FailureName[] | undefined) ?? DEFAULT_FALLBACK_ON,
    rules: rules ? part.rules.map(normalizeRule) : (findProvider(upstream)?.rules ?? []),
    rewrite: rewrite ?? null,
    request: request ?? null,
  }
}

function normalizeRouteLimits(limits: NonNullable<Route['limits']>): NormalRoute['limits'] {
  const { body, responseHeaders, idle, total } = limits
  return {
    ...(body === undefined ? {} : { bodyBytes: parseSize(body) }),
    ...(responseHeaders === undefined ? {} : { responseHeadersMs: parseDuration(responseHeaders) }),
    ...(idle === undefined ? {} : { idleMs: parseDuration(idle) }),
    ...(total === undefined ? {} : { totalMs: parseDuration(total) }),
  }
}

/** A rule with its condition as a tree and its placements parsed. */
export function normalizeRule({
  value: rule,
  index,
}: Pick<RulePart, 'value' | 'index'>): NormalRule {
  return {
    name: rule.name ?? `rules[${index}]`,
    index,
    if: rule.if ? normalizeCondition(rule.if) : null,
    then: normalizeAction(rule),
    else: rule.else === undefined ? null : normalizeElse(rule.else),
    continue: rule.continue ?? false,
  }
}

type Action = Pick<
  RuleObject,
  'use' | 'also' | 'request' | 'response' | 'rewrite' | 'upstream' | 'reject'
>

function normalizeElse(action: NonNullable<RuleObject['else']>): NormalAction {
  return normalizeAction(typeof action === 'string' ? { use: action } : action)
}

function normalizeAction(action: Action): NormalAction {
  return {
    use: action.use === undefined ? null : parsePlacement(action.use),
    also: normalizeAlso(action.also),
    request: action.request ?? null,
    response: normalizeResponse(action.response),
    rewrite: action.rewrite ?? null,
    upstream: action.upstream ?? null,
    reject: normalizeReject(action.reject),
  }
}

function normalizeAlso(also: Also | undefined): readonly PlacedCredential[] {
  return alsoItems(also).flatMap((item) => {
    const placement = parsePlacement(item)
    return placement.place === 'none' ? [] : [placement]
  })
}

function normalizeResponse(response: ResponseOperations | undefined): ResponseOperations | null {
  return response === undefined ? null : { answers: 'upstream', ...response }
}

function normalizeReject(reject: Reject | undefined): NormalReject | null {
  if (reject === undefined) return null
  if (typeof reject === 'number') return { status: reject, message: null, headers: {} }
  const { status = 403, message = null, headers = {} } = reject
  return { status, message, headers }
}
