import { formatPlace, namesIn } from '../config/language/place.ts'
import type { Place } from '../config/shapes/normal-config.ts'
import { cookieValues } from '../http/fields/cookies.ts'
import { onceForNames } from '../http/fields/field-names.ts'
import type { RawHeaders } from '../http/fields/raw-headers.ts'
import { parseSubprotocolPlace, subprotocolValues } from '../http/fields/subprotocols.ts'
import { queryValues } from '../http/target/request-target.ts'
import type { Credential } from './credential.ts'
import { type FieldReader, readField } from './read-field.ts'

/** Finds the one credential of a request in the places of a route. */
export type Extract = (
  headers: RawHeaders,
  lowerNames: readonly string[],
  query: string | null,
) => Extraction

/** What was found in the places of a route. */
export interface Extraction {
  /** The one credential; of several, the one whose place comes first. */
  readonly first: Credential | null
  /** Another value than the first's: two credentials where one is meant; null: there is none. */
  readonly second: Credential | null
  /** What stands where the file lets a credential go along. */
  readonly beside: readonly Credential[]
  /** A place that holds more than one credential; null: there is none. */
  readonly malformed: Place | null
}

/** Where a route looks. */
export interface ExtractPlaces {
  readonly places: readonly Place[]
  /** Where the file lets a credential go along: what stands there is not the one, unless no other is. */
  readonly beside: readonly Place[]
}

const NOTHING: Extraction = { first: null, second: null, beside: [], malformed: null }

/** Builds the extraction for the given places, in their order. */
export function createExtract({ places, beside }: ExtractPlaces, reader: FieldReader): Extract {
  const names = new Set(beside.map(formatPlace))
  const isBeside = (place: Place): boolean => names.size > 0 && names.has(formatPlace(place))
  const main = places.filter((place) => !isBeside(place))
  const known = new Set(places.map(formatPlace))
  const also = beside.filter((place) => known.has(formatPlace(place)))
  const all = [...main, ...also, ...beside.filter((place) => !known.has(formatPlace(place)))]
  const counts = { main: main.length, known: main.length + also.length }
  const find = createFinder(all)
  return (headers, lowerNames, query) => {
    const found = find(headers, lowerNames, query)
    return found.length === 0 ? NOTHING : choose(found, all, counts, reader)
  }
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
  const wantedOf = onceForNames((names) =>
    names.flatMap((name, i): Wanted[] => {
      const order = headerOrder.get(name) ?? null
      const read = readers.get(name) ?? null
      return order === null && read === null ? [] : [{ at: 2 * i + 1, order, read }]
    }),
  )
  return (headers, lowerNames, query) => {
    const found: Found[] = []
    for (const { at, order, read } of wantedOf(lowerNames)) {
      const raw = headers[at] as string
      if (order !== null) found.push({ order, raw })
      read?.(raw, found)
    }
    if (query !== null)
      for (const { name, order } of queries)
        for (const raw of queryValues(query, name)) found.push({ order, raw })
    if (found.length > 1) found.sort((a, b) => a.order - b.order)
    return found
  }
}

/** A field that something is looked for in. */
interface Wanted {
  /** Where its value stands in a flat list. */
  readonly at: number
  /** null: no place is its whole value. */
  readonly order: number | null
  /** null: it is no list that a place is a part of. */
  readonly read: ReadList | null
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

/** Up to which number places are for the one credential, and up to which it may stand in for want of another. */
interface PlaceCounts {
  readonly main: number
  readonly known: number
}

function choose(
  found: readonly Found[],
  places: readonly Place[],
  counts: PlaceCounts,
  reader: FieldReader,
): Extraction {
  let first: Credential | null = null
  let second: Credential | null = null
  const beside: Credential[] = []
  for (const { order, raw } of found) {
    const place = places[order] as Place
    const reading = readField(place, raw, reader)
    if (reading === 'malformed') return { ...NOTHING, malformed: place }
    if (reading === null) continue
    if (order >= counts.main) beside.push(reading)
    const isOne = order < (first === null ? counts.known : counts.main)
    if (!isOne) continue
    if (first === null) first = reading
    else if (reading.value !== first.value) second ??= reading
  }
  return { first, second, beside, malformed: null }
}
