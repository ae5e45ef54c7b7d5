import type { Socket } from 'node:net'
import type { Server as TlsServer, TLSSocket } from 'node:tls'
import type { Bond } from '../upstream/bond.ts'

/** Answers to a body that can't be read to its end. */
export type BadBody = 'bad_body' | 'chunk_extensions_too_large'

/** What holds a connection until it is done: one exchange at a time. */
export interface Occupant {
  /** The client has left, or is being cut off. */
  readonly onClientGone: () => void
  /** The client's bytes are no HTTP any more; true where the occupant answers so itself. */
  readonly onBadMessage: (code: BadBody) => boolean
  /** Keyway is going down: this connection ends with the response under way. */
  readonly onShutdown: () => void
}

/** One client connection. */
export interface ClientConnection {
  /** What carries its requests: the socket, or with HTTP/2 one stream. */
  readonly socket: Pick<Socket, 'destroyed'> & {
    readonly destroy: () => unknown
    /** Closes when all that was written has left. */
    readonly destroySoon: () => void
  }
  /** Address of the peer; empty on a unix socket. */
  readonly peerIp: string
  readonly protocol: 'http' | 'https'
  occupant: Occupant | null
  /** Connections to upstreams that its requests have authenticated; null: none. */
  bond: Bond | null
  /** An occupant is done; where the next has begun already, within the end of its answer, that one stays. */
  leave(occupant: Occupant): void
  /** What comes behind the request under way can't be told apart: it is not served. */
  closeBehind(): void
}

/** Whether a connection's bytes are sealed. Asked of the socket, since TLS is not loaded where nobody speaks it. */
export function isTlsSocket(socket: object): socket is TLSSocket {
  return 'encrypted' in socket && socket.encrypted === true
}

/** Whether a server's connections begin with a handshake of TLS. */
export function isTlsServer(server: object): server is TlsServer {
  return 'setSecureContext' in server
}

/** Whether the client chose HTTP/2 in its TLS handshake. */
export function isHttp2(socket: object): boolean {
  return 'alpnProtocol' in socket && socket.alpnProtocol === 'h2'
}

/** What tells the address of a peer. */
interface Peer {
  readonly remoteAddress?: string | undefined
  /** The socket below one of TLS; not in Node's types. */
  readonly _parent?: Peer | null
}

/**
 * Address of a connection's peer; an IPv4 peer of a dual-stack listener as IPv4. By TLS the socket
 * below tells it: that was asked when it was accepted, and after a reset the system says nothing.
 */
export function addressOf(peer: Peer): string {
  const address = peer._parent?.remoteAddress ?? peer.remoteAddress ?? ''
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
