import { DEFAULT_PLACES } from '../../config/language/credential-places.ts'
import type {
  NormalAction,
  NormalCondition,
  NormalRoute,
  NormalRule,
  Place,
  PlacedCredential,
} from '../../config/shapes/normal-config.ts'
import type { ExtractPlaces } from '../../credentials/extract.ts'
import type { RouteSources } from './table-sources.ts'

/** Where credentials may stand on a route. */
export interface RoutePlaces {
  readonly searched: ExtractPlaces
  /** Cleared before a credential is placed: all that is searched, and where the rules put one. */
  readonly cleared: readonly Place[]
  /** Schemes that the rules speak of, in lower case. */
  readonly schemes: readonly string[]
}

/** Works out where a route looks for credentials, and which places it clears. */
export function compilePlaces(route: NormalRoute, sources: RouteSources): RoutePlaces {
  const known = providerPlaces(route, sources)
  const places = route.from ?? [...DEFAULT_PLACES, ...known]
  const along = [route.also, ...route.rules.flatMap(actionsOf).map(({ also }) => also)].flat()
  const beside = along.flatMap(({ place, value, basic }) =>
    value === null && basic === null ? [place] : [],
  )
  const used = [...route.rules.flatMap(placementsOf), ...along].map(({ place }) => place)
  return {
    searched: { places, beside },
    cleared: [...places, ...known, ...used],
    schemes: namedSchemes(route),
  }
}

function actionsOf(rule: NormalRule): readonly NormalAction[] {
  return rule.else === null ? [rule.then] : [rule.then, rule.else]
}

/** The placements of a rule's `use`. */
function placementsOf(rule: NormalRule): readonly PlacedCredential[] {
  return actionsOf(rule).flatMap(({ use }) => (use === null || use.place === 'none' ? [] : [use]))
}

/** Where the providers that a route may go to let a credential stand, beside the default places. */
function providerPlaces(
  { upstream, rules }: NormalRoute,
  { table, upstreams }: RouteSources,
): readonly Place[] {
  const names = [upstream, ...rules.flatMap((rule) => [rule.then.upstream, rule.else?.upstream])]
  const providers = new Set(names.map((name) => upstreams.get(name ?? '')?.config.provider))
  return table.catalogue.providers.flatMap(({ name, places }) =>
    providers.has(name) ? places : [],
  )
}

/** Schemes that the route's rules speak of, in lower case. */
function namedSchemes({ rules }: NormalRoute): readonly string[] {
  const used = rules
    .flatMap(placementsOf)
    .flatMap(({ scheme }) => (scheme === null ? [] : [scheme]))
  const asked = rules.flatMap((rule) => (rule.if === null ? [] : schemesIn(rule.if)))
  return [...new Set([...used, ...asked].map((scheme) => scheme.toLowerCase()))]
}

function schemesIn(condition: NormalCondition): readonly string[] {
  if (condition.type === 'scheme') return condition.in
  if (condition.type === 'not') return schemesIn(condition.of)
  return condition.type === 'all' || condition.type === 'any' ? condition.of.flatMap(schemesIn) : []
}
