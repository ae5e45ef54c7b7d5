import { anyOf, type Facet, type Formula, not } from '../config/checks/reasoning/formula.ts'
import { matchFormula } from '../config/checks/reasoning/match-formula.ts'
import { takesFrom } from '../config/checks/reasoning/routes/route-order.ts'
import { DEFAULT_PLACES } from '../config/language/credential-places.ts'
import { formatPlace } from '../config/language/place.ts'
import { OPAQUE_SCHEMES } from '../config/language/schemes.ts'
import type {
  NormalCondition,
  NormalRoute,
  Place,
  PlacedCredential,
} from '../config/shapes/normal-config.ts'
import { knownClient, withOwnClients } from './client-formula.ts'
import type { World } from './world.ts'

/** Routes that one is compared with; of more it is only known that they may take requests too. */
export const RIVALS = 300

/** What a condition of a world's file asks for. */
export function formulaIn(condition: NormalCondition, world: World): Formula {
  return withOwnClients(world.reasoner.formulaOf(condition, world.kindFacet), world)
}

/** That a request is taken by a route. Where many others overlap with it, what they take is not left out. */
export function takenFormula(route: NormalRoute, world: World): readonly Formula[] {
  const { reasoner, routes, findRivals } = world
  const own = routes[route.index]
  if (own === undefined) return []
  const rivals = findRivals(own, RIVALS)
  const others = rivals.length === RIVALS ? [] : rivals
  return [
    matchFormula(route.match, reasoner),
    ...others.flatMap((rival) => {
      const takes = takesFrom(rival, own, reasoner)
      return takes === null ? [] : [not(takes)]
    }),
  ]
}

/** That Keyway does not refuse a request by itself before the route's rules are tried. */
export function admittedFormula(route: NormalRoute, world: World): readonly Formula[] {
  const never = world.kinds.filter(({ forward }) => forward === 'never').map(({ name }) => name)
  const flag = (name: string): Formula => ({ type: 'flag', name, holds: false })
  return [
    flag('malformed'),
    ...(route.conflict === 'first' ? [] : [conflictFlag(false)]),
    not(among(world.kindFacet, never)),
    anyOf([ABSENT, among('source', placesOf(route, world).map(formatPlace))]),
    // Only Authorization carries a credential that is bound to its scheme.
    anyOf([ABSENT, among('scheme', BARE_SCHEMES), among('source', ['authorization'])]),
    ...knownClient(world),
  ]
}

/** That two credentials differ, or do not. */
export function conflictFlag(holds: boolean): Formula {
  return { type: 'flag', name: 'conflict', holds }
}

/** That parameters stand beside a token, as in `Token token="…", region=…`. */
export function parametersFlag(holds: boolean): Formula {
  return { type: 'flag', name: 'parameters', holds }
}

/** That there is no credential. */
export const ABSENT: Formula = { type: 'present', subject: 'credential', holds: false }

/** That there is one. */
export const PRESENT: Formula = not(ABSENT)

/** Schemes under which one opaque token stands, which may travel under another. */
export const BARE_SCHEMES: readonly string[] = ['none', ...OPAQUE_SCHEMES]

/** That there is a credential, and it is one of these. */
export function among(facet: Facet, names: readonly string[]): Formula {
  return { type: 'facet', facet, names, holds: true }
}

/** Where a route's rules put credentials: each such place is cleared, whichever rule decides. */
export function usedPlaces({
  rules,
  also,
}: Pick<NormalRoute, 'rules' | 'also'>): readonly PlacedCredential[] {
  const actions = rules.flatMap((rule) => [rule.then, rule.else ?? []].flat())
  const used = actions.flatMap(({ use }) => (use === null || use.place === 'none' ? [] : [use]))
  return [...used, ...also, ...actions.flatMap((action) => action.also)]
}

/** Where the one credential that a client sends may stand on a route; where one may go along, it stands there for want of another. */
export function placesOf(route: NormalRoute, world: World): readonly Place[] {
  const along = new Set(alongPlaces(route).map(formatPlace))
  const isAlong = (place: Place): boolean => along.has(formatPlace(place))
  const searched = searchedPlaces(route, world)
  return [...searched.filter((place) => !isAlong(place)), ...searched.filter(isAlong)]
}

/** Where a route looks for any credential of the client's: also for one that may go along, and is never the one. */
export function lookedAt(route: NormalRoute, world: World): readonly Place[] {
  return [...searchedPlaces(route, world), ...alongPlaces(route)]
}

function searchedPlaces(route: NormalRoute, { upstreams, catalogue }: World): readonly Place[] {
  if (route.from !== null) return route.from
  const names = new Set([
    route.upstream,
    ...route.rules.flatMap((rule) => [rule.then.upstream, rule.else?.upstream ?? null]),
  ])
  const providers = new Set([...names].map((name) => upstreams.get(name ?? '')?.provider))
  const own = catalogue.providers.filter(({ name }) => providers.has(name))
  return [...DEFAULT_PLACES, ...own.flatMap(({ places }) => places)]
}

/** Where a route lets the client's own credential go along. */
export function alongPlaces(route: NormalRoute): readonly Place[] {
  const along = route.rules.flatMap((rule) => [rule.then.also, rule.else?.also ?? []])
  return [route.also, ...along]
    .flat()
    .flatMap(({ place, value, basic }) => (value === null && basic === null ? [place] : []))
}

/** The fallbacks of a route as the routes that they decide as. */
export function fallbackRoutes(route: NormalRoute): readonly NormalRoute[] {
  return route.fallback.map(({ upstream, rules, request, rewrite }) => ({
    ...route,
    ...{ upstream, rules, request, reject: null },
    rewrite: rewrite ?? route.rewrite,
  }))
}
