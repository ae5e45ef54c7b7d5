import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket, Server as TlsServer } from 'node:tls'
import type { Bond } from '../upstream/bond.ts'
import type { AddressShare } from './address-share.ts'

/** What holds a connection until it is done: one exchange at a time. */
export interface Occupant {
  /** The client has left, or is being cut off. */
  readonly onClientGone: () => void
  /** The client's bytes are no HTTP any more; true where the occupant answers that itself. */
  readonly onBadMessage: () => boolean
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
  /** Requests that came before the one ahead of them was answered (HTTP pipelining). */
  readonly waiting: (() => void)[]
  /** The request that was read last, or is being read. */
  latest: IncomingMessage | null
  /** What comes after `latest` can't be told apart, or is not wanted: it is not served. */
  isClosing: boolean
  /** Connections to upstreams that its requests have authenticated; null: none. */
  bond: Bond | null
}

const CONNECTION: unique symbol = Symbol('keyway.connection')

interface TrackedSocket extends Socket {
  [CONNECTION]?: ClientConnection
}

/** The open client connections. */
export interface Connections {
  readonly count: () => number
  /** Tells every occupant that Keyway is going down; connections that have said nothing yet close. */
  readonly shutDown: () => void
  readonly destroyAll: () => void
}

/** How many requests may wait behind one another on a connection; nobody pipelines that deep in earnest. */
const PIPELINE_LIMIT = 64

/** The connection a socket belongs to; every socket of a tracked server has one. */
export function connectionOf(socket: Socket): ClientConnection {
  return (socket as TrackedSocket)[CONNECTION] ?? describeConnection(socket)
}

/** Follows a socket to its end: whatever holds it hears when the client leaves. Once for each. */
export function followConnection(socket: Socket): ClientConnection {
  const connection = connectionOf(socket)
  const onGone = (): void => {
    connection.waiting.length = 0
    connection.occupant?.onClientGone()
  }
  socket.on('end', onGone)
  socket.on('close', () => {
    onGone()
    connection.bond?.close()
  })
  return connection
}

/** Whether the client chose HTTP/2 in its TLS handshake. */
export function isHttp2(socket: object): boolean {
  return 'alpnProtocol' in socket && socket.alpnProtocol === 'h2'
}

/** Runs `start` when everything that came before it on the connection is done. */
export function inTurn(connection: ClientConnection, start: () => void): void {
  if (connection.occupant === null && connection.waiting.length === 0) start()
  else if (connection.waiting.length < PIPELINE_LIMIT) connection.waiting.push(start)
  else connection.socket.destroy()
}

/** Serves nothing more on the connection than what is under way. */
export function closeAfterLatest(connection: ClientConnection): void {
  connection.isClosing = true
  connection.waiting.length = 0
}

/** Frees the connection for the next request on it. */
export function leaveConnection(connection: ClientConnection): void {
  connection.occupant = null
  while (connection.occupant === null && !connection.socket.destroyed) {
    const next = connection.waiting.shift()
    if (next === undefined) return
    next()
  }
}

/** Follows the connections of a server from accept to close; those over the limit, or over their address's share, close as they come. */
export function trackConnections(server: Server, limit: number, share: AddressShare): Connections {
  // Accepted sockets; on a TLS server requests hang on another socket above each.
  const accepted = new Set<Socket>()
  const connections = new Map<Socket, ClientConnection>()

  function track(socket: Socket): void {
    // Its streams are followed each by itself.
    if (isHttp2(socket) || (socket as TrackedSocket)[CONNECTION] !== undefined) return
    connections.set(socket, followConnection(socket))
    socket.on('close', () => connections.delete(socket))
  }

  server.on('connection', (socket: Socket) => {
    // It was reset before it was accepted; rules about the client's address could not hold.
    if (socket.remoteAddress === undefined && typeof server.address() !== 'string') {
      socket.destroy()
      return
    }
    if (!accepted.has(socket)) {
      // Not by maxConnections: in a worker Node would offer the connection to the others for ever.
      const giveBack = accepted.size < limit ? share.take(addressOf(socket)) : null
      if (giveBack === null) {
        socket.destroy()
        return
      }
      accepted.add(socket)
      socket.on('close', () => {
        accepted.delete(socket)
        giveBack()
      })
    }
    if (!(server instanceof TlsServer)) track(socket)
  })
  server.on('secureConnection', track)
  return {
    count: () => accepted.size,
    shutDown() {
      for (const [socket, { occupant }] of connections) {
        if (occupant !== null) occupant.onShutdown()
        else if (socket.bytesRead === 0) socket.destroy()
      }
    },
    destroyAll() {
      for (const socket of accepted) socket.destroy()
    },
  }
}

function describeConnection(socket: Socket): ClientConnection {
  const connection: ClientConnection = {
    socket,
    peerIp: addressOf(socket),
    protocol: socket instanceof TLSSocket ? 'https' : 'http',
    occupant: null,
    waiting: [],
    latest: null,
    isClosing: false,
    bond: null,
  }
  ;(socket as TrackedSocket)[CONNECTION] = connection
  return connection
}

function addressOf({ remoteAddress }: Socket): string {
  return plainAddress(remoteAddress ?? '')
}

/** An IPv4 peer of a dual-stack listener, as IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address
}
