import { formatPlace } from '../config/language/place.ts'
import type { NormalPlacement } from '../config/shapes/normal-config.ts'

/** A placement in the words of the file, such as `authorization Bearer` or `query key`. */
export function formatPlacement(placement: NormalPlacement): string {
  if (placement.place === 'none') return 'none'
  const { place, scheme, value, basic } = placement
  const where = formatPlace(place)
  const how = scheme === null ? where : `${where} ${scheme}`
  const written = basic === null ? value : `${basic.user}:${basic.password}`
  return written === null ? how : `${how} with ${written}`
}

/** The field value that carries a credential under a scheme; null: the bare value. */
export function writeCredential(scheme: string | null, value: string): string {
  return scheme === null ? value : `${scheme} ${value}`
}
