import { answerOf } from '../../../answers/answers.ts'
import { describePlace } from '../../../config/language/place.ts'
import { splitBasic } from '../../../config/naming/prefix-table.ts'
import type { Place } from '../../../config/shapes/normal-config.ts'
import type { Finder, Found } from '../../../credentials/extract.ts'
import { type FieldReader, readField } from '../../../credentials/read-field.ts'
import type { RequestContext } from '../../rules/request-context.ts'
import type { Route } from '../../rules/route.ts'
import type { Rejection } from '../decision.ts'
import { createRejection } from '../rejection.ts'
import { hideOwnHeaders, hideToken } from './hide-token.ts'

/** How clients prove who they are. */
export interface ClientSettings {
  /** Where a token may stand, in order. */
  readonly places: readonly Place[]
  readonly find: Finder
  readonly reader: FieldReader
  /** Headers that hold nothing but tokens, in lower case: they leave under no circumstances. */
  readonly ownHeaders: ReadonlySet<string>
  readonly isRequired: boolean
  /** Whether CORS preflights need a token as all requests do. */
  readonly preflight: 'closed' | 'open'
  /** Whether metrics may count by the client's name. */
  readonly isCounted: boolean
  /** The client's name; null: nobody's token. */
  readonly identify: (token: string) => string | null
}

interface Token {
  readonly name: string
  readonly token: string
  readonly field: string
}

/**
 * Tells the client by the first place that holds a client's token, and takes the token out of the
 * request: it is no credential, and neither rules nor templates see it. Null, or why it can't go on.
 */
export function takeClientToken(
  clients: ClientSettings | null,
  route: Route | null,
  context: RequestContext,
): Rejection | null {
  if (clients === null) return null
  const { headers } = context.request
  const found = clients.find(headers, context.names, context.query)
  const client = findToken(found, clients)
  if (client === null && isOpenPreflight(context, clients)) {
    context.goOnWith(hideOwnHeaders(context, clients))
    return null
  }
  if (client === null) {
    if (mayGoOn(found, clients)) return null
    const message = describeMissing(found, clients)
    return createRejection(route, context, answerOf('client_unauthenticated', message))
  }
  context.client = { name: client.name, isCounted: clients.isCounted }
  context.clientToken = client.token
  context.goOnWith(hideToken(context, client, clients))
  return null
}

function describeMissing(sent: readonly Found[], { places }: ClientSettings): string {
  const where = places.map(describePlace).join(' or ')
  const what = sent.some(({ raw }) => raw.trim() !== '')
    ? "the one sent is nobody's"
    : 'none was sent'
  return `This proxy wants a client token in ${where}; ${what}.`
}

/** Browsers ask whether they may send a request, and show no token then (Fetch, CORS-preflight). */
function isOpenPreflight(context: RequestContext, { preflight }: ClientSettings): boolean {
  if (preflight !== 'open' || context.request.method !== 'OPTIONS') return false
  const { names } = context
  return names.includes('origin') && names.includes('access-control-request-method')
}

/** Where no token need be shown, one in a header of its own must be somebody's all the same. */
function mayGoOn(
  found: readonly Found[],
  { isRequired, places, ownHeaders }: ClientSettings,
): boolean {
  if (isRequired) return false
  return found.every(({ order }) => !ownHeaders.has(places[order]?.name ?? ''))
}

function findToken(found: readonly Found[], clients: ClientSettings): Token | null {
  for (const { order, raw } of found)
    for (const token of tokensIn(clients.places[order] as Place, raw, clients.reader)) {
      const name = clients.identify(token)
      if (name !== null) return { name, token, field: raw }
    }
  return null
}

/** What may be a token in a field: what stands behind the scheme, Basic's password or user, all of it. */
function tokensIn(place: Place, raw: string, reader: FieldReader): readonly string[] {
  const whole = raw.trim()
  // Alone it is the token, whatever kind of credential it looks like.
  if (!/[ \t]/.test(whole)) return [whole]
  const reading = readField(place, raw, reader)
  if (reading === null || reading === 'malformed') return [whole]
  if (reading.scheme !== 'basic') return [reading.value, whole]
  const { user, password } = splitBasic(Buffer.from(reading.value, 'base64').toString())
  return [password, user, whole]
}
