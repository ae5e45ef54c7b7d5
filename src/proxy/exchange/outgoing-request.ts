import type { Forward } from '../../routing/decide/decision.ts'
import type { OutgoingRequest } from '../upstream/call.ts'
import { type Slot, targetPath } from '../upstream/upstream-group.ts'
import type { Incoming } from './incoming.ts'

/** How long an upstream may take to answer a WebSocket handshake. */
const HANDSHAKE_MS = 10_000

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
