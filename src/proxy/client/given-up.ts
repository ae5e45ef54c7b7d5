/** A session of HTTP/2, as far as it is asked something. */
interface Asked {
  /** It takes no new requests: then it sends no PING either. */
  readonly closed: boolean
  readonly ping: (onPong: () => void) => boolean
}

/** What Node counts of a session's socket, and what it alone knows of it. */
interface Counted {
  readonly bytesRead: number
  readonly bytesWritten: number
  readonly _handle?: { readonly writeQueueSize?: number } | null
}

/** Since then a session that has given a connection up says so by an error. */
const TELLING_NODE = 24

/**
 * Finds out whether a session has given its connection up and keeps it to itself, as Node before 24
 * does where a peer's bytes make no frames: it reads no more, hears of no end, and sends nothing. To
 * be called every so often; true: it was asked for a PING, and did not even write it. It is asked
 * once each time that nothing more is read.
 */
export function watchGivenUp(
  session: Asked,
  socket: Counted,
  node: string = process.versions.node,
): () => boolean {
  return Number.parseInt(node, 10) >= TELLING_NODE ? isNever : createWatch(session, socket)
}

/** What the answer to a PING is read as. */
const PONG_BYTES = 17
/** Answers that may be waited for; Node has room for ten. */
const OPEN_PINGS = 8

function createWatch(session: Asked, socket: Counted): () => boolean {
  let seenAt = 0
  /** Bytes that were read when it was last asked, and the answers since. */
  let livedAt = 0
  /** Bytes that were written before the PING; null: there is none to look for. */
  let askedAt: number | null = null
  let pings = 0

  function ask(): void {
    askedAt = socket.bytesWritten
    livedAt = socket.bytesRead
    pings += 1
    session.ping(() => {
      pings -= 1
      livedAt += PONG_BYTES
    })
  }
  return () => {
    const { bytesRead, bytesWritten, _handle: handle } = socket
    const isQuiet = bytesRead === seenAt
    seenAt = bytesRead
    if (askedAt !== null) {
      const hasWritten = bytesWritten > askedAt || (handle?.writeQueueSize ?? 0) > 0
      askedAt = null
      return !hasWritten
    }
    if (isQuiet && bytesRead !== livedAt && pings < OPEN_PINGS && !session.closed) ask()
    return false
  }
}

function isNever(): boolean {
  return false
}
