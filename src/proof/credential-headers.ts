import { DEFAULT_PLACES } from '../config/language/credential-places.ts'
import { headersOf } from '../config/language/place.ts'
import type { Catalogue } from '../config/shapes/catalogue.ts'

/** Every header that is known to carry a credential, in lower case. */
export function credentialHeaders({ places }: Catalogue): ReadonlySet<string> {
  return new Set(headersOf([...DEFAULT_PLACES, ...places]))
}
