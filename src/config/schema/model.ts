import type { RuleObject } from '../language/sentence.ts'
import type {
  Audit,
  Clients,
  Config,
  Fallback,
  Invariant,
  Kind,
  Limit,
  Route,
  Secret,
  Server,
  Test,
  Upstream,
} from '../shapes/config.generated.ts'
import { type Document, isContainer, type Path } from '../text/document.ts'
import type { IsSound } from './repair.ts'

/** An upstream in its object form. */
export type UpstreamObject = Exclude<Upstream, string>

/** A part of the file that fits the schema, and where it stands. */
export interface Part<T> {
  readonly path: Path
  readonly value: T
}

/** A part that has its name as its key. */
export interface NamedPart<T> extends Part<T> {
  readonly name: string
}

/** A route; rules that do not fit the schema are left out of `rules`. */
export interface RoutePart extends Part<Route> {
  readonly index: number
  readonly rules: readonly RulePart[]
  /** Its fallbacks as routes of their own, with the same match; none of them has fallbacks itself. */
  readonly fallbacks: readonly RoutePart[]
}

/** A rule in its object form. */
export interface RulePart extends Part<RuleObject> {
  readonly index: number
}

/** The parts of an expanded document that fit the schema: what the later checks look at. */
export interface Model {
  readonly document: Document
  readonly server: Part<Server>
  readonly clients: Part<Clients> | null
  readonly audit: Part<Audit> | null
  readonly secrets: readonly NamedPart<Secret>[]
  readonly kinds: readonly NamedPart<Kind>[]
  readonly upstreams: readonly NamedPart<UpstreamObject>[]
  readonly routes: readonly RoutePart[]
  /** All that holds rules: the routes and their fallbacks. */
  readonly ruleSets: readonly RoutePart[]
  readonly limits: readonly Part<Limit>[]
  readonly invariants: readonly Part<Invariant>[]
  readonly tests: readonly Part<Test>[]
  /** All names that stand in the file, those of parts that do not fit the schema too. */
  readonly names: Readonly<
    Record<'secrets' | 'upstreams' | 'credentials' | 'routes', readonly string[]>
  >
}

/** Lists the parts of an expanded document that fit the schema. */
export function buildModel(document: Document, isSound: IsSound): Model {
  const root = (isContainer(document.value) ? document.value : {}) as Partial<Config>
  const named = <T>(section: 'secrets' | 'credentials' | 'upstreams'): NamedPart<T>[] =>
    keysOf(root[section])
      .map((name) => ({ name, path: [section, name], value: root[section]?.[name] as T }))
      .filter(({ path }) => isSound(path))
  const routes = items<Route>(root.routes, 'routes', isSound).map((part) =>
    routePart(part, part.path[1] as number, isSound),
  )
  return {
    document,
    server: { path: ['server'], value: (isSound(['server']) && root.server) || {} },
    clients:
      root.clients && isSound(['clients']) ? { path: ['clients'], value: root.clients } : null,
    audit: root.audit && isSound(['audit']) ? { path: ['audit'], value: root.audit } : null,
    secrets: named('secrets'),
    kinds: named('credentials'),
    upstreams: named('upstreams'),
    routes,
    ruleSets: routes.flatMap((route) => [route, ...route.fallbacks]),
    limits: items(root.limits, 'limits', isSound),
    invariants: items(root.invariants, 'invariants', isSound),
    tests: items(root.tests, 'tests', isSound),
    names: {
      secrets: keysOf(root.secrets),
      upstreams: keysOf(root.upstreams),
      credentials: keysOf(root.credentials),
      routes: Array.isArray(root.routes) ? root.routes.map((route) => String(route?.name)) : [],
    },
  }
}

function routePart(part: Part<Route>, index: number, isSound: IsSound): RoutePart {
  const rules: RulePart[] = []
  for (const [index, value] of (part.value.rules ?? []).entries()) {
    const path = [...part.path, 'rules', index]
    if (typeof value !== 'string' && isSound(path)) rules.push({ path, index, value })
  }
  const fallbacks = (part.value.fallback ?? []).map((fallback, at) =>
    routePart(fallbackAsRoute(part, fallback, at), index, isSound),
  )
  return { ...part, index, rules, fallbacks }
}

function fallbackAsRoute(
  { path, value }: Part<Route>,
  fallback: Fallback,
  at: number,
): Part<Route> {
  const { name, match, credential } = value
  const { upstream, rules, rewrite, request } = fallback
  return {
    path: [...path, 'fallback', at],
    value: {
      name,
      match,
      upstream,
      ...(credential && { credential }),
      ...(rules && { rules }),
      ...(rewrite && { rewrite }),
      ...(request && { request }),
    },
  }
}

function items<T>(list: unknown, name: string, isSound: IsSound): Part<T>[] {
  if (!Array.isArray(list)) return []
  return (list as T[])
    .map((value, index) => ({ path: [name, index], value }))
    .filter(({ path }) => isSound(path))
}

function keysOf(map: unknown): string[] {
  return isContainer(map) && !Array.isArray(map) ? Object.keys(map) : []
}
