import type { Place } from '../shapes/normal-config.ts'

/** Places that are written as a word and a name; any other is a header. */
const WORDED = /^(query|cookie|subprotocol)\s+(\S.*)$/

/** Reads a place: a header's name, `query NAME`, `cookie NAME`, `subprotocol PREFIX*` or `subprotocol WORD *`. */
export function parsePlace(text: string): Place {
  const worded = WORDED.exec(text.trim())
  if (!worded) return headerPlace(text.trim())
  return { in: worded[1] as Place['in'], name: (worded[2] as string).replace(/\s+/, ' ') }
}

/** A place in the words of the file. */
export function formatPlace(place: Place): string {
  return place.in === 'header' ? place.name : `${place.in} ${place.name}`
}

const SORTS = {
  header: 'header',
  query: 'query parameter',
  cookie: 'cookie',
  subprotocol: 'subprotocol',
} as const

/** A place in a sentence, such as `the header x-api-key`. */
export function describePlace(place: Place): string {
  return `the ${SORTS[place.in]} ${place.name}`
}

/** The place in a header. */
export function headerPlace(name: string): Place {
  return { in: 'header', name: name.toLowerCase() }
}

/** The headers among places, in lower case. */
export function headersOf(places: readonly Place[]): readonly string[] {
  return namesIn('header', places)
}

/** The names of the places of one sort, in their order, each once. */
export function namesIn(sort: Place['in'], places: readonly Place[]): readonly string[] {
  return [...new Set(places.flatMap((place) => (place.in === sort ? [place.name] : [])))]
}
