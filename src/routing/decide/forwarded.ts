import { lowerName } from '../../http/header-names.ts'
import type { RequestContext } from '../rules/request-context.ts'

/** Fields that say who sent a request through which proxy; only a trusted peer's are believed. */
export const FORWARDED_FIELDS: ReadonlySet<string> = new Set([
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
])

/** The client's address: the peer's, or, behind trusted peers, the nearest untrusted one they name. */
export function findClientIp(
  context: RequestContext,
  isTrusted: (address: string) => boolean,
): string {
  const { peerIp } = context.request
  if (!isTrusted(peerIp)) return peerIp
  const named = (context.header('x-forwarded-for') ?? '').split(',').map((text) => text.trim())
  const nearest = named.findLast((address) => address !== '' && !isTrusted(address))
  return nearest ?? named.find((address) => address !== '') ?? peerIp
}

/** Writes the forwarding fields: anew, or behind what a trusted peer wrote. */
export function writeForwarded(
  fields: string[],
  context: RequestContext,
  isTrusted: boolean,
): void {
  const { peerIp, protocol } = context.request
  const kept = (name: string): string | undefined => (isTrusted ? context.header(name) : undefined)
  const host = context.header('host') ?? ''
  const chain = kept('x-forwarded-for')
  fields.push('X-Forwarded-For', chain ? `${chain}, ${peerIp}` : peerIp)
  fields.push('X-Forwarded-Proto', kept('x-forwarded-proto') ?? protocol)
  if (host) fields.push('X-Forwarded-Host', kept('x-forwarded-host') ?? host)
  if (context.names.includes(lowerName('forwarded')))
    fields.push('Forwarded', appendForwarded(kept('forwarded'), context, host))
}

/** RFC 7239 §4: one element a proxy; addresses with colons and hosts with ports are quoted. */
function appendForwarded(chain: string | undefined, context: RequestContext, host: string): string {
  const { peerIp, protocol } = context.request
  const address = peerIp.includes(':') ? `"[${peerIp}]"` : peerIp
  const hostPart = host ? `;host="${host.replaceAll(/["\\]/g, '')}"` : ''
  const element = `for=${address}${hostPart};proto=${protocol}`
  return chain ? `${chain}, ${element}` : element
}
