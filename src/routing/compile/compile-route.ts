import { DEFAULT_PLACES } from '../../config/language/credential-places.ts'
import { parsePathPattern } from '../../config/language/path-pattern.ts'
import { headersOf } from '../../config/language/place.ts'
import { parseTemplate, type TemplatePart } from '../../config/language/template.ts'
import type {
  NormalAction,
  NormalCondition,
  NormalFallback,
  NormalPlacement,
  NormalRoute,
  NormalRule,
  Place,
} from '../../config/shapes/normal-config.ts'
import { createExtract } from '../../credentials/extract.ts'
import { compileClearedPlaces } from '../decide/cleared-places.ts'
import { compileCharges } from '../rules/charges.ts'
import { compileCondition } from '../rules/condition.ts'
import { compileHeaderOperations } from '../rules/header-operations.ts'
import { compileMatcher } from '../rules/matcher.ts'
import type { RequestContext } from '../rules/request-context.ts'
import { compileRewrite } from '../rules/rewrite.ts'
import type { Action, FallbackRoute, Route, Rule, Use } from '../rules/route.ts'
import { compileTemplate, type Template, type TemplateSources } from '../rules/template.ts'
import { compileCopyFields } from './compile-copy-fields.ts'
import { compileDestination } from './compile-destination.ts'
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
  const known = providerPlaces(config, sources)
  const places = config.from ?? [...DEFAULT_PLACES, ...known]
  const action = compileAction(routeAction(config), {
    route: config,
    namesScheme: false,
    ...sources,
  })
  const { share } = sources
  const { rules: written, limits, errors, retry } = config
  const rules = share('rules', { written, limits, errors, retry }, () =>
    written.map((rule) => compileRule(rule, config, sources)),
  )
  const cleared = [...places, ...known, ...usedPlaces(config)]
  const { catalogue, teller } = sources.sources
  const fields = headersOf([...catalogue.places, ...cleared])
  const schemes = namedSchemes(config)
  return {
    config,
    name: config.name,
    index: config.index,
    pattern,
    hosts: match.hosts,
    methods: match.methods && share('methods', match.methods, () => new Set(match.methods)),
    headerCount: match.headers.length,
    matchesHeaders: compileHeaderMatch(config),
    destination: action.destination,
    extract: share('extract', [places, schemes], () =>
      createExtract(places, { ...teller, namedSchemes: new Set(schemes) }),
    ),
    cleared: share('cleared', cleared, () => compileClearedPlaces(cleared)),
    copyFields: compileCopyFields(config, fields, sources),
    hasParameters: readsParameters(config),
    takesFirst: config.conflict === 'first',
    hasExactPaths: config.paths === 'exact',
    rules,
    action,
    errors: config.errors ?? action.destination?.errors ?? 'problem',
    charges: share('charges', config.name, () =>
      compileCharges(sources.config.limits, config.name),
    ),
    fallbacks,
  }
}

/** Where the providers that a route may go to let a credential stand, beside the default places. */
function providerPlaces(
  { upstream, rules }: NormalRoute,
  { sources, upstreams }: RouteSources,
): readonly Place[] {
  const names = [upstream, ...rules.flatMap((rule) => [rule.then.upstream, rule.else?.upstream])]
  const providers = new Set(names.map((name) => upstreams.get(name ?? '')?.config.provider))
  return sources.catalogue.providers.flatMap(({ name, places }) =>
    providers.has(name) ? places : [],
  )
}

/** Schemes that the route's rules speak of, in lower case. */
function namedSchemes({ rules }: NormalRoute): readonly string[] {
  const used = usesOf(rules).flatMap(({ scheme }) => (scheme === null ? [] : [scheme]))
  const asked = rules.flatMap((rule) => (rule.if === null ? [] : schemesIn(rule.if)))
  return [...new Set([...used, ...asked].map((scheme) => scheme.toLowerCase()))]
}

function schemesIn(condition: NormalCondition): readonly string[] {
  if (condition.type === 'scheme') return condition.in
  if (condition.type === 'not') return schemesIn(condition.of)
  return condition.type === 'all' || condition.type === 'any' ? condition.of.flatMap(schemesIn) : []
}

type PlacedUse = Exclude<NormalPlacement, { readonly place: 'none' }>

function usesOf(rules: readonly NormalRule[]): readonly PlacedUse[] {
  return rules
    .flatMap((rule) => [rule.then.use, rule.else?.use ?? null])
    .flatMap((use) => (use === null || use.place === 'none' ? [] : [use]))
}

/** Places that the route's own rules put a credential in: cleared like those it is looked for in. */
function usedPlaces({ rules }: NormalRoute): readonly Place[] {
  return usesOf(rules).map(({ place }) => place)
}

/** Whether a value reads captures, or a written path stands for parameters and the rest. */
function readsParameters({ match, ...rest }: NormalRoute): boolean {
  return match.path.includes('/:') || /\$\{capture\.|"path":"[^"]*[*:]/.test(JSON.stringify(rest))
}

function compileHeaderMatch({ match }: NormalRoute): (context: RequestContext) => boolean {
  const tests = match.headers.map(({ name, matcher }) => ({ name, test: compileMatcher(matcher) }))
  return (context) =>
    tests.every(({ name, test }) =>
      test(context.header(name), (captures) => context.addCaptures(captures, 'bytes')),
    )
}

function routeAction(config: NormalRoute): NormalAction {
  const { request, response, rewrite, upstream, reject } = config
  return { use: null, request, response, rewrite, upstream, reject }
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

function compileAction(action: NormalAction, sources: ActionSources): Action {
  const templates = sources.sources
  return {
    use: action.use && compileUse(action.use, sources),
    request: action.request && compileHeaderOperations(action.request, templates),
    response: action.response && compileHeaderOperations(action.response, templates),
    rewrite: action.rewrite && compileRewrite(action.rewrite, templates),
    destination: compileDestination(action.upstream, sources.route, sources),
    reject: action.reject,
  }
}

function compileUse(
  placement: NonNullable<NormalAction['use']>,
  { sources, namesScheme }: ActionSources,
): Use {
  if (placement.place === 'none')
    return { placement, value: null, isBasic: false, isOperators: false, namesScheme }
  const { value: written, basic } = placement
  const texts = basic ? [basic.user, basic.password] : written === null ? [] : [written]
  const value = written === null ? null : compileTemplate(written, sources)
  return {
    placement,
    value: basic ? compileBasic(basic, sources) : value,
    isBasic: basic !== null,
    isOperators: texts.length > 0 && texts.every(isOperators),
    namesScheme,
  }
}

/** User and password as they are before they are encoded; null: one can't be had, or a colon is in the user. */
function compileBasic(
  basic: { readonly user: string; readonly password: string },
  sources: TemplateSources,
): Template {
  const user = compileTemplate(basic.user, sources)
  const password = compileTemplate(basic.password, sources)
  return (context) => {
    const [name, secret] = [user(context), password(context)]
    return name === null || secret === null || name.includes(':') ? null : `${name}:${secret}`
  }
}

/** Whether a value is made of text, the environment and secrets only. */
function isOperators(written: string): boolean {
  return parseTemplate(written).every(({ type }) => OPERATORS.has(type))
}

const OPERATORS: ReadonlySet<TemplatePart['type']> = new Set(['text', 'env', 'secret'])
