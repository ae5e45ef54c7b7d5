import { OPAQUE_SCHEMES } from '../../../config/language/schemes.ts'
import { splitBasic } from '../../../config/naming/prefix-table.ts'
import type { Place } from '../../../config/shapes/normal-config.ts'
import { decodeCookie } from '../../../http/fields/cookies.ts'
import {
  parseSubprotocolPlace,
  removeSubprotocols,
  subprotocolValues,
} from '../../../http/fields/subprotocols.ts'
import { removeQueryValue } from '../../../http/target/request-target.ts'
import type { RequestContext } from '../../rules/request-context.ts'
import type { RequestView } from '../../rules/request-view.ts'

/** What is hidden of a request. */
interface Hidden {
  readonly token: string
  /** The whole value of the field it was found in. */
  readonly field: string
}

/** The request without a client's token, wherever it stands as a field, a parameter, a cookie or a subprotocol. */
export function hideToken(
  { request, names, path, query }: RequestContext,
  hidden: Hidden,
  {
    places,
    ownHeaders,
  }: { readonly places: readonly Place[]; readonly ownHeaders: ReadonlySet<string> },
): RequestView {
  // Hot: a loop by hand.
  const headers: string[] = []
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string
    if (ownHeaders.has(name)) continue
    const rest = withoutToken(name, request.headers[2 * i + 1] as string, hidden, places)
    if (rest !== null) headers.push(request.headers[2 * i] as string, rest)
  }
  const rest = removeQueryValue(query, hidden.token)
  const target = rest === query ? request.target : withQuery(path, rest)
  return withParts(request, headers, target)
}

/** Named one by one: a spread takes V8 several times as long. */
function withParts(
  { method, mount = '', peerIp, protocol, httpVersion = '1.1', id }: RequestView,
  headers: RequestView['headers'],
  target: string,
): RequestView {
  return { method, target, mount, headers, peerIp, protocol, httpVersion, id }
}

function withQuery(path: string, query: string | null): string {
  return query === null ? path : `${path}?${query}`
}

/** The request without the headers that hold nothing but tokens, whosesoever they are. */
export function hideOwnHeaders(
  { request, names }: RequestContext,
  { ownHeaders }: { readonly ownHeaders: ReadonlySet<string> },
): RequestView {
  const headers = names.flatMap((name, i) =>
    ownHeaders.has(name) ? [] : request.headers.slice(2 * i, 2 * i + 2),
  )
  return { ...request, headers }
}

/** A field's value without the token; null: nothing is left of it. */
function withoutToken(
  name: string,
  value: string,
  { token, field }: Hidden,
  places: readonly Place[],
): string | null {
  if (value.length < token.length) return value
  if (value === field) return null
  // It may be encoded there.
  if (name === 'cookie') return withoutCookie(value, token)
  if (isBasicOf(value, token)) return null
  if (!value.includes(token)) return value
  if (name === 'sec-websocket-protocol') return withoutSubprotocol(value, token, places)
  const [first = '', rest = ''] = value.trim().split(/[ \t]+(.*)/s)
  const bare = OPAQUE_SCHEMES.has(first.toLowerCase()) ? rest : value.trim()
  return bare === token ? null : value
}

/** Whether it is Basic credentials with the token as user or password. */
function isBasicOf(value: string, token: string): boolean {
  const encoded = /^\s*basic[ \t]+(\S+)\s*$/i.exec(value)?.[1]
  if (encoded === undefined) return false
  const { user, password } = splitBasic(Buffer.from(encoded, 'base64').toString())
  return user === token || password === token
}

function withoutCookie(field: string, token: string): string | null {
  const kept = field
    .split(';')
    .filter((pair) => decodeCookie(pair.slice(pair.indexOf('=') + 1).trim()) !== token)
  return kept.length === 0 ? null : kept.join(';').trim()
}

function withoutSubprotocol(field: string, token: string, places: readonly Place[]): string | null {
  const holding = places
    .filter((place) => place.in === 'subprotocol')
    .map(({ name }) => parseSubprotocolPlace(name))
    .filter((place) => subprotocolValues(field, place).includes(token))
  return removeSubprotocols(field, holding) || null
}
