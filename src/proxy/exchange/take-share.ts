import { viewOf } from './decide-request.ts'
import type { Incoming } from './incoming.ts'

/** Counts a request towards what its client's address may have under way, until it is over; false: that is reached. */
export function takeShare(incoming: Incoming): boolean {
  const { context, response, handshake } = incoming
  const release = context.requestShare.take(clientIp(incoming))
  if (release === null) return false
  // A handshake that became a WebSocket is over with its connection.
  if (handshake === null) response.on('close', release)
  else handshake.socket.on('close', release)
  return true
}

/** The table is asked only where it may know better than the connection. */
function clientIp(incoming: Incoming): string {
  const { peerIp } = incoming.connection
  const { table } = incoming.context.store.current
  if (!table.isTrusted(peerIp)) return peerIp
  const view = viewOf(incoming)
  return view === null ? peerIp : table.clientIp(view)
}
