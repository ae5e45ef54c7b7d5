import type { Socket } from 'node:net'
import type { Server, TLSSocket } from 'node:tls'
import { answerOf } from '../../answers/answers.ts'
import { addressOf } from '../client/connections.ts'
import { printAnswer } from '../client/own-response.ts'
import type { UnreadTeller } from '../exchange/unread-teller.ts'

/** A socket under a TLS socket: Node forgets the address of a peer with its connection, and asked before it does not. */
interface Wrapped extends TLSSocket {
  readonly _parent?: Socket
}

const TLS_MISSING = printAnswer({ ...answerOf('tls_missing'), errors: 'problem' })

/** Closes connections whose TLS handshake fails, or takes too long, and has them told of; HTTP without TLS is answered in it. */
export function watchHandshakes(server: Server, tell: UnreadTeller['noHandshake']): void {
  server.on('connection', (socket: Socket) => void socket.remoteAddress)
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Wrapped) => {
    const plain = socket._parent ?? socket
    // Those who look whether somebody listens say nothing, and are not worth a line.
    if (plain.bytesRead > 0) tell(addressOf(socket), error.code ?? error.name)
    if (error.code === 'ERR_SSL_HTTP_REQUEST') plain.write(TLS_MISSING, 'latin1')
    // Node leaves one whose time is over open.
    socket.destroy()
  })
}
