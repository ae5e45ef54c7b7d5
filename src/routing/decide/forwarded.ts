import { detach } from '../../http/fields/detach.ts'
import { readForwarded, readForwardedFor } from '../../http/fields/forwarded-hops.ts'
import { RequestContext } from '../rules/request-context.ts'
import type { RequestView } from '../rules/request-view.ts'

/** Fields that the proxy writes itself, anew or behind what a trusted peer wrote. */
export const FORWARDED_FIELDS: ReadonlySet<string> = new Set([
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
])

/**
 * The client's address: the peer's, or, behind trusted peers, the nearest untrusted one they name.
 * Where one of them names what can't be read as an address, its own counts.
 */
export function findClientIp(
  context: RequestContext,
  isTrusted: (address: string) => boolean,
): string {
  let client = context.request.peerIp
  if (!context.isPeerTrusted) return client
  for (const hop of readHops(context).toReversed()) {
    if (hop === null || !isTrusted(client)) return client
    // Counts by address outlive the request, and would keep the whole field.
    client = detach(hop)
  }
  return client
}

/** The client's address of a request that nothing was decided about yet. */
export function clientIpOf(request: RequestView, isTrusted: (address: string) => boolean): string {
  const context = new RequestContext(request)
  context.isPeerTrusted = isTrusted(request.peerIp)
  return findClientIp(context, isTrusted)
}

function readHops(context: RequestContext): readonly (string | null)[] {
  const chain = context.header('x-forwarded-for')
  if (chain !== undefined) return readForwardedFor(chain)
  return readForwarded(context.header('forwarded') ?? '')
}

/** Writes the forwarding fields: anew, or behind what a trusted peer wrote. */
export function writeForwarded(fields: string[], context: RequestContext): void {
  const { request, isPeerTrusted } = context
  const { peerIp, protocol } = request
  const kept = (name: string): string | undefined =>
    isPeerTrusted ? context.header(name) : undefined
  const host = context.header('host') ?? ''
  const chain = kept('x-forwarded-for') ?? clientBehindPeer(context)
  fields.push('X-Forwarded-For', chain ? `${chain}, ${peerIp}` : peerIp)
  fields.push('X-Forwarded-Proto', kept('x-forwarded-proto') ?? protocol)
  if (host) fields.push('X-Forwarded-Host', kept('x-forwarded-host') ?? host)
  if (context.names.includes('forwarded'))
    fields.push('Forwarded', appendForwarded(kept('forwarded'), context, host))
}

/** The client that a trusted peer named by Forwarded alone. */
function clientBehindPeer({ clientIp, request }: RequestContext): string | undefined {
  return clientIp === request.peerIp ? undefined : clientIp
}

/** RFC 7239 §4: one element a proxy; addresses with colons and hosts with ports are quoted. */
function appendForwarded(chain: string | undefined, context: RequestContext, host: string): string {
  const { peerIp, protocol } = context.request
  const address = peerIp.includes(':') ? `"[${peerIp}]"` : peerIp
  const hostPart = host ? `;host="${host.replaceAll(/["\\]/g, '')}"` : ''
  const element = `for=${address}${hostPart};proto=${protocol}`
  return chain ? `${chain}, ${element}` : element
}
