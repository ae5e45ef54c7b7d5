import type { RequestMessage } from '../../http/message/message.ts'

/** Pieces that nobody cuts a body into who means well, within one turn. */
const MANY_PIECES = 256
/** How long others are served then, before the next read costs as many calls. */
const OTHERS_MS = 20

/** Counts the short pieces that a body comes in, and has others served for a while where they are many. */
export class ShortPieces {
  private readonly request: RequestMessage
  private count = 0
  /** null: the client is read. */
  private rest: NodeJS.Timeout | null = null

  constructor(request: RequestMessage) {
    this.request = request
  }

  /** One has come. */
  push(): void {
    this.count += 1
    if (this.count !== MANY_PIECES) return
    // Not the request alone: what is read ahead of it would wait in as many pieces.
    this.request.socket.pause()
    this.rest = setTimeout(goOn, OTHERS_MS, this)
  }

  /** The turn that brought them is over. */
  endTurn(): void {
    if (this.count < MANY_PIECES) this.count = 0
  }

  /** Others have had their time. */
  goOn(): void {
    this.count = 0
    this.rest = null
    // Whoever has paused it will resume it.
    if (!this.request.isPaused()) this.request.socket.resume()
  }

  /** The body is over: whoever has the connection next says whether it is read. */
  stop(): void {
    if (this.rest === null) return
    clearTimeout(this.rest)
    this.rest = null
    this.request.socket.resume()
  }
}

function goOn(pieces: ShortPieces): void {
  pieces.goOn()
}
