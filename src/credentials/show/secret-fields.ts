import { headersOf } from '../../config/language/place.ts'
import { loadCatalogue } from '../catalogue.ts'

/** Fields that hold secrets of other sorts. */
const OTHER_SECRETS: readonly string[] = ['cookie', 'set-cookie', 'proxy-authorization']

/** A text shorter than this is hidden nowhere: it stands in others by chance. */
export const SHORTEST_HIDDEN = 4

/**
 * The header fields, in lower case, whose values are secrets wherever they are shown: those of the
 * catalogue's places, those of a file, and what carries sessions.
 */
export function secretFields(ofFile: Iterable<string>): ReadonlySet<string> {
  return new Set([...OTHER_SECRETS, ...headersOf(loadCatalogue().places), ...ofFile])
}
