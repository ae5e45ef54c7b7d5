import type { Forward } from '../../../routing/decide/decision.ts'
import { Bond, bindsConnection } from '../../upstream/bond.ts'
import type { OutgoingRequest } from '../../upstream/call.ts'
import { type Slot, targetPath, type Way } from '../../upstream/upstream-group.ts'
import type { UpstreamPool } from '../../upstream/upstream-pool.ts'
import type { Incoming } from '../incoming.ts'

/** How long an upstream may take to answer a WebSocket handshake. */
const HANDSHAKE_MS = 10_000

/** Which of a target's connections a request may be sent on: those of HTTP/1.1 alone carry upgrades and authenticate. */
export function wayOf({ handshake, connection }: Incoming, { headers }: Forward): Way {
  if (handshake !== null || connection.bond !== null || bindsConnection(headers)) return 'http1'
  return 'any'
}

/** A request as it leaves for a target, by what was decided about it. */
export function describeRequest(
  { request, handshake }: Incoming,
  forward: Forward,
  slot: Slot,
  body: OutgoingRequest['body'],
): OutgoingRequest {
  const { headers, limits } = forward
  return {
    method: request.method as string,
    target: targetPath(forward, slot),
    fields: headers,
    body,
    headersMs: handshake === null ? limits.responseHeadersMs : HANDSHAKE_MS,
    idleMs: limits.idleMs,
    upgrade: handshake === null ? null : 'websocket',
  }
}

/** What a request authenticates its connection for, or an earlier one on its client's connection did. */
export function findBond(
  { connection }: Incoming,
  { headers }: Forward,
  pool: UpstreamPool,
): Bond | null {
  if (connection.bond?.holds(pool)) return connection.bond
  if (!bindsConnection(headers)) return null
  connection.bond ??= new Bond()
  return connection.bond
}
