import { DEFAULT_PLACES } from '../language/credential-places.ts'
import { formatPlace, parsePlace } from '../language/place.ts'
import type { RoutePart } from '../schema/model.ts'
import type { CheckContext } from './check-context.ts'

/** Where a route looks for credentials, and nowhere else; null: that is not known. */
export function searchedPlaces(
  route: RoutePart,
  { model, catalogue }: Pick<CheckContext, 'model' | 'catalogue'>,
): readonly string[] | null {
  // A fallback looks where its route does, and what goes along is looked for in its own place.
  if (!model.routes.includes(route) || JSON.stringify(route.value).includes('"also"')) return null
  const { from } = route.value.credential ?? {}
  if (from !== undefined) return from.map((place) => formatPlace(parsePlace(place)))
  const used = new Set(model.upstreams.map(({ value }) => value.provider))
  const known = catalogue.providers.filter(({ name }) => used.has(name))
  return [...DEFAULT_PLACES, ...known.flatMap(({ places }) => places)].map(formatPlace)
}
