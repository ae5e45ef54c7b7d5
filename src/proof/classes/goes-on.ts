import { allOf, anyOf, FALSE, type Formula, TRUE } from '../../config/checks/reasoning/formula.ts'
import { formatPlace, parsePlace } from '../../config/language/place.ts'
import type { NormalRoute } from '../../config/shapes/normal-config.ts'
import { ABSENT, alongPlaces, among, placesOf, usedPlaces } from '../route-formula.ts'
import type { World } from '../world.ts'

/** A route, and one of its fallbacks as the route that it decides as. */
export interface Ways {
  readonly route: NormalRoute
  readonly fallback: NormalRoute
}

/**
 * That a route forwards a request, of whose credential is known what its fallback sees: where they look
 * in other places, one may see a credential where the other sees none. `forwards` says it for one and
 * the same credential.
 */
export function goesOn(forwards: Formula, { route, fallback }: Ways, world: World): Formula {
  const own = placesOf(route, world).map(formatPlace)
  const next = placesOf(fallback, world).map(formatPlace)
  const shared = next.filter((name) => own.includes(name))
  const added = next.filter((name) => !own.includes(name))
  const isAlongAlike = isSame(along(route), along(fallback))
  if (isSame(own, next) && isAlongAlike) return forwards
  const onlyAdded = allOf([among('source', added), anyOf(letPass(added, route, world))])
  const hasOnlyOwn = own.length > shared.length
  // Of several credentials each may take another one.
  const mayTakeOther = !isAlongAlike || (hasOnlyOwn && route.conflict === 'first')
  const whatever = ofCredential(forwards, 'any')
  return anyOf([
    allOf([anyOf([ABSENT, among('source', shared)]), forwards]),
    allOf([onlyAdded, ofCredential(forwards, 'none')]),
    ...(hasOnlyOwn ? [allOf([anyOf([ABSENT, onlyAdded]), whatever])] : []),
    ...(mayTakeOther ? [whatever] : []),
  ])
}

/** What the last look at a request of the route lets pass where only its fallback looks: of a parameter that is known to carry credentials nothing that can be named. */
function letPass(
  added: readonly string[],
  route: NormalRoute,
  { kindFacet }: World,
): readonly Formula[] {
  if (changesQuery(route)) return [TRUE]
  const others = added.filter((name) => parsePlace(name).in !== 'query')
  return [among('source', others), among(kindFacet, ['unknown'])]
}

/** Whether a route may take a parameter away, or put a credential there. */
function changesQuery(route: NormalRoute): boolean {
  const actions = route.rules.flatMap((rule) => [rule.then, ...(rule.else ? [rule.else] : [])])
  const rewrites = [route, ...actions].map(({ rewrite }) => rewrite?.query)
  return (
    rewrites.some((query) => query != null) ||
    usedPlaces(route).some(({ place }) => place.in === 'query')
  )
}

function along(route: NormalRoute): readonly string[] {
  return alongPlaces(route).map(formatPlace)
}

function isSame(names: readonly string[], others: readonly string[]): boolean {
  return names.join('\n') === others.join('\n')
}

/** What a formula says where there is no credential, or where nothing is known of it. */
function ofCredential(formula: Formula, known: 'none' | 'any'): Formula {
  switch (formula.type) {
    case 'all':
      return allOf(formula.of.map((part) => ofCredential(part, known)))
    case 'any':
      return anyOf(formula.of.map((part) => ofCredential(part, known)))
    case 'facet':
      return known === 'any' || !formula.holds ? TRUE : FALSE
    case 'present':
    case 'text':
      if (formula.subject !== 'credential') return formula
      return known === 'any' || !formula.holds ? TRUE : FALSE
    default:
      return formula
  }
}
