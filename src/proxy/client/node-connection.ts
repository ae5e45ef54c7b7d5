import type { Socket } from 'node:net'
import type { Bond } from '../upstream/bond.ts'
import { addressOf, type ClientConnection, isTlsSocket, type Occupant } from './connections.ts'

/** How many requests may wait behind one another on a connection; nobody pipelines that deep in earnest. */
const PIPELINE_LIMIT = 64

const CONNECTION: unique symbol = Symbol('keyway.connection')

interface TrackedSocket extends Socket {
  [CONNECTION]?: NodeConnection
}

/** The connection of a socket of Node's own server; from the first time on it is followed to its end. */
export function connectionOf(socket: Socket): NodeConnection {
  const tracked = socket as TrackedSocket
  tracked[CONNECTION] ??= new NodeConnection(socket)
  return tracked[CONNECTION]
}

/** A client connection of Node's own server, which reads requests ahead: they are served in turn. */
class NodeConnection implements ClientConnection {
  readonly socket: Socket
  readonly peerIp: string
  readonly protocol: 'http' | 'https'
  occupant: Occupant | null = null
  bond: Bond | null = null
  private isClosing = false
  private waiting: (() => void)[] = []

  constructor(socket: Socket) {
    this.socket = socket
    this.peerIp = addressOf(socket)
    this.protocol = isTlsSocket(socket) ? 'https' : 'http'
    socket.on('end', () => this.onGone())
    socket.on('close', () => {
      this.onGone()
      this.bond?.close()
    })
  }

  /** Whether requests are under way on it, or none may follow. */
  get isBusy(): boolean {
    return this.occupant !== null || this.waiting.length > 0 || this.isClosing
  }

  /** Runs `start` when everything that came before it is done. */
  inTurn(start: () => void): void {
    if (this.isClosing) return
    if (this.occupant === null && this.waiting.length === 0) start()
    else if (this.waiting.length < PIPELINE_LIMIT) this.waiting.push(start)
    else this.socket.destroy()
  }

  leave(occupant: Occupant): void {
    if (this.occupant !== occupant) return
    this.occupant = null
    while (this.occupant === null && !this.socket.destroyed) {
      const next = this.waiting.shift()
      if (next === undefined) return
      next()
    }
  }

  closeBehind(): void {
    this.isClosing = true
    this.waiting = []
  }

  private onGone(): void {
    this.waiting = []
    this.occupant?.onClientGone()
  }
}
