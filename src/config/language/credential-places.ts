import type { Place } from '../shapes/normal-config.ts'

/** Where a route looks for the client's credential unless its file says otherwise, in this order. */
export const DEFAULT_PLACES: readonly Place[] = [
  { in: 'header', name: 'authorization' },
  { in: 'header', name: 'x-api-key' },
  { in: 'header', name: 'api-key' },
  { in: 'header', name: 'x-goog-api-key' },
]

/** Every header that is known to carry credentials: cleared before one is placed, never set by header operations. */
export const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set([
  ...DEFAULT_PLACES.map((place) => place.name),
  'xi-api-key',
])
