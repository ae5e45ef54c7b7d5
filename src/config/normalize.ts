import type { Catalogue, Provider } from './catalogue.ts'
import type { Kind, Reject, Route, Secret } from './config.generated.ts'
import type { Model, NamedPart, RoutePart, RulePart, UpstreamObject } from './model.ts'
import type {
  NormalAction,
  NormalConfig,
  NormalKind,
  NormalReject,
  NormalRoute,
  NormalRule,
  NormalSecret,
  NormalUpstream,
  Place,
  SecretSource,
} from './normal-config.ts'
import { normalizeCondition, normalizeMatcher } from './normalize-condition.ts'
import { normalizeClients, normalizeServer, normalizeUpstreamLimits } from './normalize-server.ts'
import { parsePlace, parsePlacement } from './placement.ts'
import type { RuleObject } from './sentence.ts'
import { parseDuration, parseSize } from './units.ts'

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
    kinds,
    upstreams,
    routes: model.routes.map((part) =>
      normalizeRoute(part, byUpstream.get(part.value.upstream ?? '')),
    ),
    tests: model.tests.map(({ value }) => value),
  }
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

function normalizeKind({ name, value }: NamedPart<Kind>): NormalKind {
  return { name, ...value }
}

function normalizeUpstream(
  { name, value }: NamedPart<UpstreamObject>,
  kinds: readonly NormalKind[],
  catalogue: Catalogue,
): NormalUpstream {
  const provider = catalogue.providers.find((known) => known.name === value.provider)
  const { ca, cert, key, servername, insecure } = value.tls ?? {}
  return {
    name,
    url: value.url ?? provider?.url ?? '',
    provider: provider?.name ?? null,
    accepts: value.accepts ?? (provider ? providerAccepts(provider, kinds) : null),
    errors: value.errors ?? provider?.errors ?? null,
    tls: {
      ca: ca ?? null,
      cert: cert ?? null,
      key: key ?? null,
      servername: servername ?? null,
      insecure: insecure ?? false,
    },
    limits: normalizeUpstreamLimits(value.limits ?? {}),
  }
}

/** What a provider accepts, with the kinds that the file itself says it issues. */
function providerAccepts(provider: Provider, kinds: readonly NormalKind[]): readonly string[] {
  const own = kinds.filter((kind) => kind.provider === provider.name && kind.forward !== 'never')
  return [...new Set([...provider.accepts, ...own.map((kind) => kind.name)])]
}

function normalizeRoute(part: RoutePart, provider: Provider | undefined): NormalRoute {
  const { value: route, index } = part
  const { match, credential } = route
  return {
    name: route.name,
    index,
    match: {
      path: match.path,
      hosts: match.hosts?.map((host) => host.toLowerCase()) ?? null,
      methods: match.methods ?? null,
      headers: Object.entries(match.headers ?? {}).map(([name, matcher]) => ({
        name: name.toLowerCase(),
        matcher: normalizeMatcher(matcher),
      })),
    },
    rewrite: route.rewrite ?? null,
    upstream: route.upstream ?? null,
    from: credential?.from?.map(parsePlace) ?? fromOf(provider),
    conflict: credential?.conflict ?? 'reject',
    rules: route.rules ? part.rules.map(normalizeRule) : (provider?.rules ?? []),
    request: route.request ?? null,
    response: route.response ?? null,
    reject: normalizeReject(route.reject),
    errors: route.errors ?? null,
    limits: normalizeRouteLimits(route.limits ?? {}),
  }
}

function fromOf(provider: Provider | undefined): readonly Place[] | null {
  return provider?.from ?? null
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

type Action = Pick<RuleObject, 'use' | 'request' | 'response' | 'rewrite' | 'upstream' | 'reject'>

function normalizeElse(action: NonNullable<RuleObject['else']>): NormalAction {
  return normalizeAction(typeof action === 'string' ? { use: action } : action)
}

function normalizeAction(action: Action): NormalAction {
  return {
    use: action.use === undefined ? null : parsePlacement(action.use),
    request: action.request ?? null,
    response: action.response ?? null,
    rewrite: action.rewrite ?? null,
    upstream: action.upstream ?? null,
    reject: normalizeReject(action.reject),
  }
}

function normalizeReject(reject: Reject | undefined): NormalReject | null {
  if (reject === undefined) return null
  if (typeof reject === 'number') return { status: reject, message: null }
  return { status: reject.status ?? 403, message: reject.message ?? null }
}
