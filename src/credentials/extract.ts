import type { NormalKind, Place } from '../config/shapes/normal-config.ts'
import type { RawHeaders } from '../http/raw-headers.ts'
import { queryValues } from '../http/request-target.ts'
import type { Credential } from './credential.ts'

/** Finds the one credential of a request in the places of a route. */
export type Extract = (
  headers: RawHeaders,
  lowerNames: readonly string[],
  query: string | null,
) => Extraction

/** What was found: one credential, none (null), or why there is no telling. */
export type Extraction = Credential | null | 'malformed' | ConflictingCredentials

/** Two different values; `first` is the one whose place comes first. */
export interface ConflictingCredentials {
  readonly first: Credential
  readonly second: Credential
}

/** Schemes that carry one opaque token and can be exchanged for one another. */
const OPAQUE_SCHEMES: ReadonlySet<string> = new Set(['bearer', 'token', 'key', 'apikey', 'api-key'])

/** Builds the extraction for the given places, in their order. */
export function createExtract(
  places: readonly Place[],
  classify: (value: string) => NormalKind,
): Extract {
  const headerOrder = new Map<string, number>()
  const queries: [Place, number][] = []
  for (const [order, place] of places.entries()) {
    if (place.in === 'query') queries.push([place, order])
    else if (!headerOrder.has(place.name)) headerOrder.set(place.name, order)
  }
  return (headers, lowerNames, query) => {
    const found: Found[] = []
    for (let i = 0; i < lowerNames.length; i++) {
      const order = headerOrder.get(lowerNames[i] as string)
      if (order !== undefined) found.push({ order, raw: headers[2 * i + 1] as string })
    }
    for (const [place, order] of queries)
      for (const raw of queryValues(query, place.name)) found.push({ order, raw })
    return choose(found, places, classify)
  }
}

interface Found {
  readonly order: number
  readonly raw: string
}

function choose(
  found: Found[],
  places: readonly Place[],
  classify: (value: string) => NormalKind,
): Extraction {
  if (found.length > 1) found.sort((a, b) => a.order - b.order)
  let first: Credential | null = null
  let second: Credential | null = null
  for (const { order, raw } of found) {
    const credential = parseCredential(places[order] as Place, raw, classify)
    if (credential === 'malformed') return 'malformed'
    if (credential === null) continue
    if (first === null) first = credential
    else if (credential.value !== first.value) second ??= credential
  }
  return first && second ? { first, second } : first
}

/** Reads one field's value; null where it is empty. */
export function parseCredential(
  place: Place,
  raw: string,
  classify: (value: string) => NormalKind,
): Credential | null | 'malformed' {
  const text = raw.trim()
  if (text === '') return null
  const space = text.search(/[ \t]/)
  if (space < 0) {
    const isEmptyScheme = place.name === 'authorization' && OPAQUE_SCHEMES.has(text.toLowerCase())
    if (isEmptyScheme) return null
    return { place, scheme: null, value: text, raw, kind: classify(text), isOpaque: true }
  }
  const scheme = text.slice(0, space).toLowerCase()
  const value = text.slice(space + 1).trim()
  const isOpaque = OPAQUE_SCHEMES.has(scheme) && !/[\s,]/.test(value)
  if (scheme === 'bearer' && !isOpaque) return 'malformed'
  return { place, scheme, value, raw, kind: classify(value), isOpaque }
}
