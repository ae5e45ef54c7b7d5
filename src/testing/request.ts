import { standInToken } from '../config/language/stand-in-token.ts'
import type { Test } from '../config/shapes/config.generated.ts'
import type { NormalClients, NormalConfig } from '../config/shapes/normal-config.ts'
import { parseSubprotocolPlace, writeSubprotocol } from '../http/fields/subprotocols.ts'
import { appendQuery, encodeBeyondAscii, splitTarget } from '../http/target/request-target.ts'
import type { RequestView } from '../routing/rules/request-view.ts'

/** The request that a test describes; a named client's token goes where clients show theirs. */
export function viewOfTest({ request }: Test, { clients }: NormalConfig): RequestView {
  const headers = Object.entries(request.headers ?? {}).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => [name, one]),
  )
  const { client } = request
  if (!Object.keys(request.headers ?? {}).some((name) => name.toLowerCase() === 'host'))
    headers.unshift('Host', 'localhost')
  const view: RequestView = {
    method: request.method ?? 'GET',
    target: encodeBeyondAscii(request.path),
    headers,
    peerIp: client?.ip ?? '127.0.0.1',
    protocol: 'http',
    id: 'test',
  }
  return client?.name !== undefined && clients ? withToken(view, clients, client.name) : view
}

/** The request with a named client's token in the first place that one may stand in. */
export function withToken(view: RequestView, { places }: NormalClients, name: string): RequestView {
  const [place] = places
  const token = standInToken(name)
  const withField = (field: string, value: string): RequestView => ({
    ...view,
    headers: [...view.headers, field, value],
  })
  switch (place?.in) {
    case 'header':
      return withField(place.name, place.name === 'authorization' ? `Bearer ${token}` : token)
    case 'cookie':
      return withField('cookie', `${place.name}=${token}`)
    case 'subprotocol':
      return withField(
        'sec-websocket-protocol',
        writeSubprotocol(parseSubprotocolPlace(place.name), token),
      )
    default: {
      const { path, query } = splitTarget(view.target)
      return { ...view, target: `${path}?${appendQuery(query, place?.name ?? '', token)}` }
    }
  }
}

/** The request without the token that it was given so; as it is where it has none. */
export function withoutToken(view: RequestView, clients: NormalClients, name: string): RequestView {
  const bare = withToken({ ...view, target: '/', headers: [] }, clients, name)
  const [field, value] = bare.headers
  if (field === undefined) return { ...view, target: withoutEnd(view.target, bare.target.slice(2)) }
  const isIt = (text: string, at: number): boolean =>
    at % 2 === 0 && text === field && view.headers[at + 1] === value
  const at = view.headers.findLastIndex(isIt)
  return at < 0 ? view : { ...view, headers: view.headers.toSpliced(at, 2) }
}

/** A target without the last parameter of its query, where it is this one. */
function withoutEnd(target: string, parameter: string): string {
  const isLast = target.endsWith(`?${parameter}`) || target.endsWith(`&${parameter}`)
  return isLast ? target.slice(0, -parameter.length - 1) : target
}

/** The client that a stand-in token names; null: it is none, or the file knows no such client. */
export function clientOfToken(token: string, clients: NormalClients | null): string | null {
  const client = clients?.tokens.find(({ name }) => token === standInToken(name))
  return client?.name ?? null
}

/** Stands in for a secret's value, so that tests run where the secrets are not. */
export function standInSecret(name: string): string {
  return `secret:${name}`
}
