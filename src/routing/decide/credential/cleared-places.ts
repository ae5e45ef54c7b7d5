import { namesIn } from '../../../config/language/place.ts'
import type { Place } from '../../../config/shapes/normal-config.ts'
import { countCookies, removeCookies, writeCookie } from '../../../http/fields/cookies.ts'
import { findFieldValue } from '../../../http/fields/field-value.ts'
import { lowerName } from '../../../http/fields/header-names.ts'
import {
  countSubprotocols,
  parseSubprotocolPlace,
  removeSubprotocols,
  type SubprotocolPlace,
  wordBefore,
  writeSubprotocol,
} from '../../../http/fields/subprotocols.ts'
import { appendQuery, countQuery, removeQuery } from '../../../http/target/request-target.ts'
import type { RequestContext } from '../../rules/request-context.ts'
import type { Target } from '../../rules/rewrite.ts'
import type { OutgoingCredential } from './outgoing-credential.ts'

/** Where credentials may stand on a route beside headers of their own. */
export interface ClearedPlaces {
  readonly queries: ReadonlySet<string>
  /** Fields with several values, some of which are credentials. */
  readonly lists: readonly ListField[]
  readonly subprotocols: readonly SubprotocolPlace[]
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
    subprotocols: namesIn('subprotocol', places).map(parseSubprotocolPlace),
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

/** Writes the credentials that leave into fields that have no credential's header; not those of a query. */
export function writeCredentialFields(
  fields: string[],
  { lists }: ClearedPlaces,
  leaving: readonly OutgoingCredential[],
): void {
  for (const { place, text } of leaving) if (place?.in === 'header') fields.push(place.name, text)
  for (const list of lists) rewriteList(fields, list, leaving)
}

/** As they came, and alone, credentials stay where they are; else all are taken out, and those that leave are put in. */
function rewriteList(
  fields: string[],
  list: ListField,
  leaving: readonly OutgoingCredential[],
): void {
  const here = leaving.filter(({ place }) => place?.in === list.sort)
  const lower = lowerName(list.name)
  if (isKept(here, () => countFields(fields, lower, list.count))) return
  let kept = 0
  let last = -1
  // Hot: a loop by hand.
  for (let i = 0; i < fields.length; i += 2) {
    const isList = lowerName(fields[i] as string) === lower
    const value = isList ? list.remove(fields[i + 1] as string) : (fields[i + 1] as string)
    if (isList && value === '') continue
    if (isList) last = kept + 1
    fields[kept++] = fields[i] as string
    fields[kept++] = value
  }
  fields.length = kept
  if (here.length === 0) return
  const written = here.map(({ place, text }) => list.write(place?.name ?? '', text))
  if (last < 0) fields.push(list.name, written.join(list.separator))
  else fields[last] = [fields[last], ...written].join(list.separator)
}

const PROTOCOL = 'sec-websocket-protocol'

/**
 * What a WebSocket's client is told in place of an upstream that was offered no subprotocol: browsers
 * break off where they offered some and none is chosen, and all that this one offered was its
 * credential. null: there is nothing to tell.
 */
export function subprotocolInstead(
  context: RequestContext,
  fields: readonly string[],
  { subprotocols }: ClearedPlaces,
): string | null {
  if (subprotocols.length === 0 || !context.names.includes(PROTOCOL)) return null
  if (findFieldValue(fields, PROTOCOL) !== null) return null
  return wordBefore(context.header(PROTOCOL) ?? '', subprotocols)
}

/** Whether all that leaves here came so, and nothing else did. */
function isKept(here: readonly OutgoingCredential[], count: () => number): boolean {
  return here.length > 0 && here.every(({ isAsItCame }) => isAsItCame) && count() === here.length
}

function countFields(
  fields: readonly string[],
  lower: string,
  count: (field: string) => number,
): number {
  let total = 0
  // Hot: a loop by hand.
  for (let i = 0; i < fields.length; i += 2)
    if (lowerName(fields[i] as string) === lower) total += count(fields[i + 1] as string)
  return total
}

/** Clears every credential parameter and writes those that leave; as they came, nothing moves. */
export function writeCredentialQuery(
  target: Target,
  { queries }: ClearedPlaces,
  leaving: readonly OutgoingCredential[],
): Target {
  if (queries.size === 0) return target
  const here = leaving.filter(({ place }) => place?.in === 'query')
  if (isKept(here, () => countQuery(target.query, queries))) return target
  let query = removeQuery(target.query, queries)
  for (const { place, text } of here) query = appendQuery(query, place?.name ?? '', text)
  return { path: target.path, query }
}
