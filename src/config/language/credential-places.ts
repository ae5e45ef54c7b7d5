import type { Place } from '../shapes/normal-config.ts'
import { headerPlace } from './place.ts'

/** Where a route looks for the client's credential unless its file says otherwise, in this order. */
export const DEFAULT_PLACES: readonly Place[] = [
  headerPlace('authorization'),
  headerPlace('x-api-key'),
  headerPlace('api-key'),
  headerPlace('x-goog-api-key'),
]
