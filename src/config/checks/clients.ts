import { headersOf, parsePlace } from '../language/place.ts'
import { DEFAULT_CLIENT_HEADER } from '../normalize/normalize-server.ts'
import type { Model } from '../schema/model.ts'
import type { Place } from '../shapes/normal-config.ts'
import { type CheckContext, errorAt } from './check-context.ts'
import { findForbiddenHeader } from './forbidden-headers.ts'

/** Where a file says that clients show their tokens; empty where nobody has to. */
export function clientPlaces({ clients }: Model): readonly Place[] {
  return clients === null
    ? []
    : [clients.value.header ?? DEFAULT_CLIENT_HEADER].flat().map(parsePlace)
}

/** Headers of clients' tokens that are no place for a credential: nothing of them may leave. */
export function tokenHeaders({ model, catalogue }: CheckContext): ReadonlySet<string> {
  const known = new Set(headersOf(catalogue.places))
  return new Set(headersOf(clientPlaces(model)).filter((name) => !known.has(name)))
}

/** Checks where clients show their tokens, and that no route takes one for a credential. */
export function checkClients(context: CheckContext): void {
  const { model, report } = context
  for (const [index, place] of clientPlaces(model).entries()) {
    const reason = place.in === 'header' ? findUnfitHeader(place.name) : null
    if (reason === null) continue
    const isList = Array.isArray(model.clients?.value.header)
    const path = ['clients', 'header', ...(isList ? [index] : [])]
    const hint = LIST_FIELDS[place.name] ?? 'name a header of its own, such as x-keyway-token'
    report(
      errorAt(path, 'forbidden-header', `no token can stand in "${place.name}": ${reason}`, {
        hint,
      }),
    )
  }
  const tokens = tokenHeaders(context)
  for (const { path, value } of model.routes)
    for (const [index, from] of (value.credential?.from ?? []).entries())
      if (tokens.has(from.toLowerCase()))
        report(
          errorAt(
            [...path, 'credential', 'from', index],
            'client-token-place',
            `"${from}" holds the client's token, which is no credential and never leaves`,
            { hint: 'remove it' },
          ),
        )
}

/** Fields that hold several values, and how one is named. */
const LIST_FIELDS: Readonly<Record<string, string>> = {
  cookie: 'write "cookie NAME"',
  'sec-websocket-protocol': 'write "subprotocol PREFIX*"',
}

/** Fields that say something else than who is there. */
const OTHER_FIELDS: ReadonlySet<string> = new Set([
  'sec-websocket-key',
  'content-type',
  'expect',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'forwarded',
  'x-request-id',
  'via',
])

function findUnfitHeader(name: string): string | null {
  if (LIST_FIELDS[name] !== undefined) return 'it holds many things'
  return findForbiddenHeader(name) ?? (OTHER_FIELDS.has(name) ? 'it says something else' : null)
}
