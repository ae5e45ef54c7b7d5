import { namesIn } from '../config/language/place.ts'
import type { Place } from '../config/shapes/normal-config.ts'
import { cookieValues } from '../http/cookies.ts'
import type { RawHeaders } from '../http/raw-headers.ts'
import { queryValues } from '../http/request-target.ts'
import { parseSubprotocolPlace, subprotocolValues } from '../http/subprotocols.ts'
import type { Credential } from './credential.ts'
import { type FieldReader, readField } from './read-field.ts'

/** Finds the one credential of a request in the places of a route. */
export type Extract = (
  headers: RawHeaders,
  lowerNames: readonly string[],
  query: string | null,
) => Extraction

/** What was found: one credential, none (null), or why there is no telling. */
export type Extraction = Credential | null | MalformedField | ConflictingCredentials

/** A place that holds more than one credential. */
export interface MalformedField {
  readonly malformed: Place
}

/** Two different values; `first` is the one whose place comes first. */
export interface ConflictingCredentials {
  readonly first: Credential
  readonly second: Credential
}

/** Builds the extraction for the given places, in their order. */
export function createExtract(places: readonly Place[], reader: FieldReader): Extract {
  const find = createFinder(places)
  return (headers, lowerNames, query) => choose(find(headers, lowerNames, query), places, reader)
}

/** A value that was found at the place with this number. */
export interface Found {
  readonly order: number
  readonly raw: string
}

/** Lists what stands at places, in the order of the places. */
export type Finder = (
  headers: RawHeaders,
  lowerNames: readonly string[],
  query: string | null,
) => Found[]

/** Builds the search of a request for what stands at places. */
export function createFinder(places: readonly Place[]): Finder {
  const orderOf = (sort: Place['in'], name: string): number =>
    places.findIndex((place) => place.in === sort && place.name === name)
  const named = (sort: Place['in']) =>
    namesIn(sort, places).map((name) => ({ name, order: orderOf(sort, name) }))
  const headerOrder = new Map(named('header').map(({ name, order }) => [name, order]))
  const queries = named('query')
  const readers = new Map<string, ReadList>()
  const cookies = named('cookie')
  if (cookies.length > 0) readers.set('cookie', readCookies(cookies))
  const subprotocols = named('subprotocol')
  if (subprotocols.length > 0) readers.set('sec-websocket-protocol', readSubprotocols(subprotocols))
  return (headers, lowerNames, query) => {
    const found: Found[] = []
    for (let i = 0; i < lowerNames.length; i++) {
      const name = lowerNames[i] as string
      const order = headerOrder.get(name)
      if (order !== undefined) found.push({ order, raw: headers[2 * i + 1] as string })
      if (readers.size > 0) readers.get(name)?.(headers[2 * i + 1] as string, found)
    }
    if (query !== null)
      for (const { name, order } of queries)
        for (const raw of queryValues(query, name)) found.push({ order, raw })
    if (found.length > 1) found.sort((a, b) => a.order - b.order)
    return found
  }
}

/** Adds what a field with several values in it holds. */
type ReadList = (field: string, found: Found[]) => void

interface NamedPlace {
  readonly name: string
  readonly order: number
}

function readCookies(names: readonly NamedPlace[]): ReadList {
  return (field, found) => {
    for (const { name, order } of names)
      for (const raw of cookieValues(field, name)) found.push({ order, raw })
  }
}

function readSubprotocols(names: readonly NamedPlace[]): ReadList {
  const places = names.map(({ name, order }) => ({ order, at: parseSubprotocolPlace(name) }))
  return (field, found) => {
    for (const { order, at } of places)
      for (const raw of subprotocolValues(field, at)) found.push({ order, raw })
  }
}

function choose(
  found: readonly Found[],
  places: readonly Place[],
  reader: FieldReader,
): Extraction {
  let first: Credential | null = null
  let second: Credential | null = null
  for (const { order, raw } of found) {
    const place = places[order] as Place
    const reading = readField(place, raw, reader)
    if (reading === 'malformed') return { malformed: place }
    if (reading === null) continue
    if (first === null) first = reading
    else if (reading.value !== first.value) second ??= reading
  }
  return first && second ? { first, second } : first
}
