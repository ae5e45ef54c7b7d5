import type { Server, Socket } from 'node:net'
import type { AddressShare } from '../client/address-share.ts'
import { addressOf } from '../client/connections.ts'

/** The connections that a listener has accepted. */
export interface AdmittedConnections {
  readonly count: () => number
  readonly destroyAll: () => void
}

/** Counts the connections of a server from accept to close; those over the limit, or over their address's share, close as they come. */
export function admitConnections(
  server: Server,
  limit: number,
  share: AddressShare,
): AdmittedConnections {
  // On a TLS server requests hang on another socket above each.
  const accepted = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    const giveBack =
      accepted.size < limit && isKnown(server, socket) ? share.take(addressOf(socket)) : null
    // Not by maxConnections: in a worker Node would offer the connection to the others for ever.
    if (giveBack === null) {
      socket.destroy()
      return
    }
    accepted.add(socket)
    socket.on('close', () => {
      accepted.delete(socket)
      giveBack()
    })
  })
  return {
    count: () => accepted.size,
    destroyAll() {
      for (const socket of accepted) socket.destroy()
    },
  }
}

/** Rules about an address could not hold for a connection that was reset before it was accepted. */
function isKnown(server: Server, socket: Socket): boolean {
  return socket.remoteAddress !== undefined || typeof server.address() === 'string'
}
