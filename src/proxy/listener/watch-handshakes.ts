import type { Socket } from 'node:net'
import type { Server, TLSSocket } from 'node:tls'
import { addressOf } from '../client/connections.ts'
import type { UnreadTeller } from '../exchange/unread-teller.ts'

/** A socket under a TLS socket: Node forgets the address of a peer with its connection, and asked before it does not. */
interface Wrapped extends TLSSocket {
  readonly _parent?: Socket
}

/** Closes connections whose TLS handshake fails, or takes too long, and has them told of. */
export function watchHandshakes(server: Server, tell: UnreadTeller['noHandshake']): void {
  server.on('connection', (socket: Socket) => void socket.remoteAddress)
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Wrapped) => {
    const plain = socket._parent ?? socket
    // Those who look whether somebody listens say nothing, and are not worth a line.
    if (plain.bytesRead > 0) tell(addressOf(plain), error.code ?? error.name)
    // Node leaves one whose time is over open.
    socket.destroy()
  })
}
