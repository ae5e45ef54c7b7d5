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

/** Parameters that a route itself looks for a credential or a token in. */
export function credentialQueries(
  { model }: CheckContext,
  { value }: RoutePart,
): ReadonlySet<string> {
  const own = (value.credential?.from ?? []).map(parsePlace)
  return new Set(namesIn('query', [...own, ...clientPlaces(model)]))
}
