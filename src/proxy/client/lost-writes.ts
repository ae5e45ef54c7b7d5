/** What Node alone knows of a TLS socket: bytes that wait in it, and in what carries them. */
interface Handled {
  readonly bytesWritten: number
  readonly _handle?: (Queued & { readonly _parent?: Queued }) | null
}

interface Queued {
  readonly writeQueueSize?: number
}

/** How often writes are looked at: who resets a connection is to be missed within a second. */
export const LOST_LOOK_MS = 500

/**
 * Watches the writes of a TLS socket that is an HTTP/2 session's. Where a peer resets it while bytes
 * wait to be sent, Node before 26 tells the session, which writes and is never told again, and reads
 * no more. The function is to be called every LOST_LOOK_MS; true: nothing waits in what carries the
 * socket, so what waits in the socket itself, and did at the last look, will never leave.
 */
export function watchWrites(socket: object): () => boolean {
  const handled = socket as Handled
  let heldAt = -1
  return () => {
    const { _handle: handle, bytesWritten } = handled
    const isHeld = (handle?.writeQueueSize ?? 0) > 0 && handle?._parent?.writeQueueSize === 0
    const isLost = isHeld && heldAt === bytesWritten
    heldAt = isHeld ? bytesWritten : -1
    return isLost
  }
}

/** Bytes that wait to leave a TLS socket, and what carries it, whoever wrote them. */
export function waitingBytes(socket: object): number {
  const { _handle: handle } = socket as Handled
  return (handle?.writeQueueSize ?? 0) + (handle?._parent?.writeQueueSize ?? 0)
}
