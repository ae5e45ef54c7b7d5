import { parsePathPattern } from '../../config/language/path-pattern.ts'
import { headersOf } from '../../config/language/place.ts'
import type {
  NormalAction,
  NormalCondition,
  NormalFallback,
  NormalNamedMatcher,
  NormalRoute,
  NormalRule,
} from '../../config/shapes/normal-config.ts'
import type { Place } from '../../config/shapes/normal-placement.ts'
import { createExtract } from '../../credentials/extract.ts'
import { compileClearedPlaces } from '../decide/credential/cleared-places.ts'
import { compileCharges } from '../rules/charges.ts'
import { compileCondition } from '../rules/condition.ts'
import { compileHeaderOperations } from '../rules/header-operations.ts'
import { compileMatcher } from '../rules/matcher.ts'
import { compileRewrite, type WrittenRewrite } from '../rules/rewrite.ts'
import type { Action, FallbackRoute, Route, Rule } from '../rules/route.ts'
import { compileCopyFields } from './compile-copy-fields.ts'
import { compileDestination } from './compile-destination.ts'
import { compilePlaces } from './compile-places.ts'
import { compileReject, compileResponse } from './compile-response.ts'
import { compileUse } from './compile-use.ts'
import type { RouteSources } from './table-sources.ts'

/** Compiles one route with its rules and its fallbacks. */
export function compileRoute(config: NormalRoute, sources: RouteSources): Route {
  const own = compileRules(config, sources, [])
  if (config.fallback.length === 0) return own
  return { ...own, fallbacks: compileFallbacks(own, sources) }
}

/** Each fallback's route falls back to those after it. */
function compileFallbacks(own: Route, sources: RouteSources): readonly FallbackRoute[] {
  let later: readonly FallbackRoute[] = []
  for (const fallback of own.config.fallback.toReversed()) {
    const route = compileRules(fallbackAsRoute(own, fallback), sources, later)
    later = [{ on: fallback.on, route }, ...later]
  }
  return later
}

function fallbackAsRoute({ config, errors }: Route, fallback: NormalFallback): NormalRoute {
  const { upstream, rules, request } = fallback
  const rewrite = fallback.rewrite ?? config.rewrite
  return { ...config, upstream, rules, request, rewrite, errors, reject: null }
}

function compileRules(
  config: NormalRoute,
  sources: RouteSources,
  fallbacks: readonly FallbackRoute[],
): Route {
  const { match } = config
  const pattern = parsePathPattern(match.path)
  const places = compilePlaces(config, sources)
  const { share } = sources
  const { rules: written, limits, errors, retry } = config
  const always = routeAction(config)
  const action = share('action', { always, limits, errors, retry }, () =>
    compileAction(always, { route: config, namesScheme: false, ...sources }),
  )
  const rules = share('rules', { written, limits, errors, retry }, () =>
    written.map((rule) => compileRule(rule, config, sources)),
  )
  const { searched, cleared, schemes } = places
  const { catalogue, teller } = sources.table
  const fields = headersOf([...catalogue.places, ...cleared])
  // What each request reads stands together, as thousands of routes don't stay in a processor's caches.
  return {
    methods: match.methods && share('methods', match.methods, () => new Set(match.methods)),
    headerCount: match.headers.length,
    matchesHeaders: share('headers', match.headers, () => compileHeaderMatch(match.headers)),
    hasExactPaths: config.paths === 'exact',
    hasParameters: readsParameters(config),
    takesFirst: config.conflict === 'first',
    extract: share('extract', [searched, schemes], () =>
      createExtract(searched, { ...teller, namedSchemes: new Set(schemes) }),
    ),
    rules,
    action,
    destination: action.destination,
    copyFields: compileCopyFields(config, fields, sources),
    cleared: share('cleared', cleared, () => compileClearedPlaces(cleared)),
    charges: compileCharges(sources.config.limits, config.name),
    name: config.name,
    fallbacks,
    errors: config.errors ?? action.destination?.errors ?? 'problem',
    isSearched: share('isSearched', searched.places, () => createIsSearched(searched.places)),
    secretNames: secretsIn(config),
    hosts: match.hosts,
    pattern,
    index: config.index,
    config,
  }
}

/** Whether a value reads captures, or a written path stands for parameters and the rest. */
function readsParameters({ match, ...rest }: NormalRoute): boolean {
  return /\$\{capture\.|"path":"[^"]*[*:]/.test(JSON.stringify(rest))
}

function secretsIn(config: NormalRoute): readonly string[] {
  const found = JSON.stringify(config).matchAll(/\$\{secret\.([^}]+)\}/g)
  return [...new Set(Array.from(found, ([, name]) => name as string))]
}

function createIsSearched(places: readonly Place[]): Route['isSearched'] {
  return ({ in: sort, name }) => places.some((place) => place.in === sort && place.name === name)
}

function compileHeaderMatch(headers: readonly NormalNamedMatcher[]): Route['matchesHeaders'] {
  const tests = headers.map(({ name, matcher }) => ({ name, test: compileMatcher(matcher) }))
  return (context) =>
    tests.every(({ name, test }) =>
      test(context.header(name), (captures) => context.addCaptures(captures, 'bytes')),
    )
}

/** What an action says, as it is compiled. */
type WrittenAction = Omit<NormalAction, 'rewrite'> & { readonly rewrite: WrittenRewrite | null }

function routeAction(config: NormalRoute): WrittenAction {
  const { also, request, response, upstream, reject } = config
  return { use: null, also, request, response, rewrite: routeRewrite(config), upstream, reject }
}

/** Where a route strips what its own path begins with, it is enough to say how much: so thousands of routes say the same. */
function routeRewrite({ match: { path }, rewrite }: NormalRoute): WrittenRewrite | null {
  const { strip } = rewrite ?? {}
  const isOwn = strip !== undefined && /^(?:\/[\w.~-]+)+$/.test(strip) && path === `${strip}/*`
  return isOwn ? { ...rewrite, strip: strip.split('/').length - 1 } : rewrite
}

interface ActionSources extends RouteSources {
  readonly route: NormalRoute
  readonly namesScheme: boolean
}

function compileRule(rule: NormalRule, route: NormalRoute, sources: RouteSources): Rule {
  const namesScheme = rule.if !== null && mentionsScheme(rule.if)
  return {
    name: rule.name,
    condition: rule.if && compileCondition(rule.if),
    then: compileAction(rule.then, { ...sources, route, namesScheme }),
    else: rule.else && compileAction(rule.else, { ...sources, route, namesScheme: false }),
    isContinued: rule.continue,
  }
}

function mentionsScheme(condition: NormalCondition): boolean {
  if (condition.type === 'scheme') return true
  return (condition.type === 'all' || condition.type === 'any') && condition.of.some(mentionsScheme)
}

function compileAction(action: WrittenAction, sources: ActionSources): Action {
  const templates = sources.table
  return {
    use: action.use && compileUse(action.use, sources.table, sources.namesScheme),
    also: action.also.map((item) => compileUse(item, sources.table, true)),
    request: action.request && compileHeaderOperations(action.request, templates),
    host: action.request?.host ?? null,
    ...compileResponse(action.response, templates),
    rewrite: action.rewrite && compileRewrite(action.rewrite, templates),
    destination: compileDestination(action.upstream, sources.route, sources),
    reject: action.reject && compileReject(action.reject, templates),
  }
}
