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
  // Each with what gives its place back. On a TLS server requests hang on another socket above each.
  const accepted = new Map<Socket, () => void>()
  // One for all of them: a closure each would live as long as the connection.
  function onClose(this: Socket): void {
    accepted.get(this)?.()
    accepted.delete(this)
  }
  server.on('connection', (socket: Socket) => {
    const giveBack =
      accepted.size < limit && isKnown(server, socket) ? share.take(addressOf(socket)) : null
    // Not by maxConnections: in a worker Node would offer the connection to the others for ever.
    if (giveBack === null) {
      socket.destroy()
      return
    }
    accepted.set(socket, giveBack)
    socket.on('close', onClose)
  })
  return {
    count: () => accepted.size,
    destroyAll() {
      for (const socket of accepted.keys()) socket.destroy()
    },
  }
}

/** Whether it is known who a connection's peer is: rules about an address could not hold for one that was reset before it was accepted. */
export function isKnown(server: Server, socket: Socket): boolean {
  return addressOf(socket) !== '' || typeof server.address() === 'string'
}
