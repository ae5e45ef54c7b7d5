import type { Socket } from 'node:net'

/** Whoever hears of a socket. */
export interface SocketOwner {
  /** Not there: it was connected before it had an owner. */
  readonly connected?: (socket: Socket) => void
  /** Takes what it brought. */
  readonly read: (chunk: Buffer) => unknown
  /** What waited for the peer has left. */
  readonly drained: () => void
  /** The peer sends nothing more. */
  readonly end: () => void
  /** Not there: what a socket fails of shows as its close. */
  readonly fail?: (error: Error) => void
  /** It is closed. */
  readonly gone: () => void
}

const OWNER: unique symbol = Symbol('keyway.owner')

interface OwnedSocket extends Socket {
  [OWNER]: SocketOwner
}

/**
 * Has an owner hear of a socket by functions that all sockets share: closures of its own for the five
 * events would be half a KiB, for each of the two sockets of every open stream.
 */
export function ownSocket(socket: Socket, owner: SocketOwner): void {
  ownUnread(socket, owner)
  socket.on('data', onData)
}

/** Has an owner hear of a socket but for what it brings, which comes another way; in the place of an earlier one. */
export function ownUnread(socket: Socket, owner: SocketOwner): void {
  const owned = socket as OwnedSocket
  const isOwned = owned[OWNER] !== undefined
  owned[OWNER] = owner
  if (isOwned) return
  owned.on('drain', onDrain)
  owned.on('end', onEnd)
  owned.on('error', onError)
  owned.on('close', onClose)
}

/** Has its owner hear that a socket is connected, and secure where that is to be waited for. */
export function awaitConnection(socket: Socket, event: 'connect' | 'secureConnect'): void {
  socket.on(event, onConnect)
}

/** Leaves to others what it brings; its owner hears of its end all the same. */
export function leaveData(socket: Socket): void {
  socket.off('data', onData)
}

function onConnect(this: OwnedSocket): void {
  this[OWNER].connected?.(this)
}

// A defect of ours leaves no connection behind that nobody watches over: where its owner throws, it is closed.
function onData(this: OwnedSocket, chunk: Buffer): void {
  try {
    this[OWNER].read(chunk)
  } catch (error) {
    this.destroy()
    throw error
  }
}

function onDrain(this: OwnedSocket): void {
  try {
    this[OWNER].drained()
  } catch (error) {
    this.destroy()
    throw error
  }
}

function onEnd(this: OwnedSocket): void {
  this[OWNER].end()
}

// A record of TLS that can't be read fails a socket, and Node leaves it open.
function onError(this: OwnedSocket, error: Error): void {
  this[OWNER].fail?.(error)
  this.destroy()
}

function onClose(this: OwnedSocket): void {
  this[OWNER].gone()
}
