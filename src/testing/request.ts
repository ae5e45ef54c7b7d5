import type { Test } from '../config/shapes/config.generated.ts'
import type { NormalConfig } from '../config/shapes/normal-config.ts'
import type { RequestView } from '../routing/rules/request-view.ts'

/** The request that a test describes; a named client's token goes in the header that clients use. */
export function viewOfTest({ request }: Test, { clients }: NormalConfig): RequestView {
  const headers = Object.entries(request.headers ?? {}).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => [name, one]),
  )
  const { client } = request
  if (client?.name !== undefined && clients) headers.push(clients.header, tokenOf(client.name))
  if (!Object.keys(request.headers ?? {}).some((name) => name.toLowerCase() === 'host'))
    headers.unshift('Host', 'localhost')
  return {
    method: request.method ?? 'GET',
    target: request.path,
    headers,
    peerIp: client?.ip ?? '127.0.0.1',
    protocol: 'http',
    id: 'test',
  }
}

const TOKEN = 'client:'

/** Stands in for a client's token where the real one is not at hand. */
export function tokenOf(name: string): string {
  return TOKEN + name
}

/** The client that a stand-in token names; null: it is none. */
export function clientOfToken(token: string): string | null {
  return token.startsWith(TOKEN) ? token.slice(TOKEN.length) : null
}

/** Stands in for a secret's value, so that tests run where the secrets are not. */
export function standInSecret(name: string): string {
  return `secret:${name}`
}
