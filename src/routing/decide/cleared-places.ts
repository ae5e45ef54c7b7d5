import { namesIn } from '../../config/language/place.ts'
import type { Place } from '../../config/shapes/normal-config.ts'
import { countCookies, removeCookies, writeCookie } from '../../http/cookies.ts'
import { lowerName } from '../../http/header-names.ts'
import { appendQuery, countQuery, removeQuery } from '../../http/request-target.ts'
import {
  countSubprotocols,
  parseSubprotocolPlace,
  removeSubprotocols,
  writeSubprotocol,
} from '../../http/subprotocols.ts'
import type { Target } from '../rules/rewrite.ts'
import type { OutgoingCredential } from './outgoing-credential.ts'

/** Where credentials may stand on a route beside headers of their own. */
export interface ClearedPlaces {
  readonly queries: ReadonlySet<string>
  /** Fields with several values, some of which are credentials. */
  readonly lists: readonly ListField[]
}

/** A field with several values, and those places in it that a route clears. */
interface ListField {
  readonly sort: 'cookie' | 'subprotocol'
  readonly name: string
  readonly separator: string
  /** How many credentials a field's value holds. */
  readonly count: (field: string) => number
  /** The field's value without its credentials; empty where nothing is left. */
  readonly remove: (field: string) => string
  /** A credential as it stands among the other values. */
  readonly write: (place: string, value: string) => string
}

/** Compiles what is cleared of places; headers are left out when fields are copied. */
export function compileClearedPlaces(places: readonly Place[]): ClearedPlaces {
  const lists = [
    cookieField(new Set(namesIn('cookie', places))),
    subprotocolField(namesIn('subprotocol', places)),
  ]
  return {
    queries: new Set(namesIn('query', places)),
    lists: lists.filter((list) => list !== null),
  }
}

function cookieField(names: ReadonlySet<string>): ListField | null {
  if (names.size === 0) return null
  return {
    sort: 'cookie',
    name: 'Cookie',
    separator: '; ',
    count: (field) => countCookies(field, names),
    remove: (field) => removeCookies(field, names),
    write: writeCookie,
  }
}

function subprotocolField(names: readonly string[]): ListField | null {
  if (names.length === 0) return null
  const places = names.map(parseSubprotocolPlace)
  return {
    sort: 'subprotocol',
    name: 'Sec-WebSocket-Protocol',
    separator: ', ',
    count: (field) => countSubprotocols(field, places),
    remove: (field) => removeSubprotocols(field, places),
    write: (place, value) => writeSubprotocol(parseSubprotocolPlace(place), value),
  }
}

/** Writes the credential that leaves into fields that have no credential's header; not for a query. */
export function writeCredentialField(
  fields: string[],
  { lists }: ClearedPlaces,
  outgoing: OutgoingCredential,
): void {
  const { place, text } = outgoing
  if (place?.in === 'header') fields.push(place.name, text)
  for (const list of lists) rewriteList(fields, list, outgoing)
}

/** As it came, and alone, a credential stays where it is; else all are taken out, and the one is put in. */
function rewriteList(fields: string[], list: ListField, outgoing: OutgoingCredential): void {
  const { place, text, isAsItCame } = outgoing
  const isHere = place?.in === list.sort
  const lower = lowerName(list.name)
  if (isHere && isAsItCame && countFields(fields, lower, list.count) === 1) return
  let kept = 0
  let last = -1
  for (let i = 0; i < fields.length; i += 2) {
    const isList = lowerName(fields[i] as string) === lower
    const value = isList ? list.remove(fields[i + 1] as string) : (fields[i + 1] as string)
    if (isList && value === '') continue
    if (isList) last = kept + 1
    fields[kept++] = fields[i] as string
    fields[kept++] = value
  }
  fields.length = kept
  if (!isHere) return
  const written = list.write(place.name, text)
  if (last < 0) fields.push(list.name, written)
  else fields[last] += list.separator + written
}

function countFields(
  fields: readonly string[],
  lower: string,
  count: (field: string) => number,
): number {
  let total = 0
  for (let i = 0; i < fields.length; i += 2)
    if (lowerName(fields[i] as string) === lower) total += count(fields[i + 1] as string)
  return total
}

/** Clears every credential parameter and writes the one that leaves; as it came, nothing moves. */
export function writeCredentialQuery(
  target: Target,
  { queries }: ClearedPlaces,
  { place, text, isAsItCame }: OutgoingCredential,
): Target {
  const isHere = place?.in === 'query'
  if (queries.size === 0) return target
  if (isHere && isAsItCame && countQuery(target.query, queries) === 1) return target
  const cleared = removeQuery(target.query, queries)
  const query = isHere ? appendQuery(cleared, place.name, text) : cleared
  return { path: target.path, query }
}
