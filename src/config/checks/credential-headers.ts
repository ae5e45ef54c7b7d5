import { headersOf, namesIn, parsePlace } from '../language/place.ts'
import type { RoutePart } from '../schema/model.ts'
import type { Place } from '../shapes/normal-config.ts'
import type { CheckContext } from './check-context.ts'
import { clientPlaces } from './clients.ts'

/** Where credentials and clients' tokens may stand on a route. */
function placesOn({ model, catalogue }: CheckContext, { value }: RoutePart): readonly Place[] {
  const own = (value.credential?.from ?? []).map(parsePlace)
  return [...catalogue.places, ...own, ...clientPlaces(model)]
}

/** Headers that carry credentials on a route, in lower case: the known ones, and where it looks for its own. */
export function credentialHeaders(context: CheckContext, route: RoutePart): ReadonlySet<string> {
  return new Set(headersOf(placesOn(context, route)))
}

/** Names of the places of one sort that a route itself looks for a credential or a token in. */
export function ownPlaces(
  { model }: CheckContext,
  { value }: RoutePart,
  sort: 'query' | 'cookie',
): ReadonlySet<string> {
  const own = (value.credential?.from ?? []).map(parsePlace)
  return new Set(namesIn(sort, [...own, ...clientPlaces(model)]))
}
