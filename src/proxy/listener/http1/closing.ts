import type { Socket } from 'node:net'
import type { AnswerCode } from '../../../answers/answers.ts'
import { isTlsSocket, type Occupant } from '../../client/connections.ts'
import { lookForPeer } from '../../client/look-for-peer.ts'
import type { Watched } from './deadlines.ts'
import type { Http1Service } from './http1-service.ts'

/** How long a client whose bytes are not wanted may go on sending, so that the answer is not lost in a reset. */
export const LINGER_MS = 2_000

/** How often a client that is not read is looked for: it is to be missed within a second. */
const PROBE_MS = 500

/**
 * How far a connection has come: nothing is under way (`idle`, or `held` where bytes wait to be read),
 * a `head` is read, its `body`, its `response` is under way, or it is `answered` with its body unread.
 */
export type Stage = 'idle' | 'held' | 'head' | 'body' | 'response' | 'answered'

/** A connection that is to end. */
export interface ClosingOwner {
  readonly socket: Socket
  readonly peerIp: string
  readonly occupant: Occupant | null
  readonly stage: () => Stage
  /** Drops what was held to be read. */
  readonly dropHeld: () => void
}

/** The end of a connection, and the time by which it comes unless the client comes further before. */
export class Closing implements Watched {
  dueStep: number = Number.POSITIVE_INFINITY
  /** Whether it has begun: nothing more is read, and nothing more is served. */
  isBegun = false
  private readonly owner: ClosingOwner
  private readonly service: Http1Service
  /** What was unsent when it was last looked at; -1: nobody looked. */
  private unsentBytes = -1

  constructor(owner: ClosingOwner, service: Http1Service) {
    this.owner = owner
    this.service = service
  }

  /** It comes by no time: what is waited for now has its own. */
  unschedule(): void {
    this.dueStep = Number.POSITIVE_INFINITY
  }

  /** It comes in so many milliseconds; 0: by no time. */
  schedule(ms: number): void {
    this.dueStep = this.service.after(ms)
  }

  /** It comes when the client has had the time to see an answer ahead of its unread bytes. */
  linger(): void {
    this.schedule(LINGER_MS)
  }

  /** The connection is not read for a while. */
  watchUnread(): void {
    const stage = this.owner.stage()
    if (stage === 'held') this.schedule(this.service.limits.bodyIdleMs)
    else if (stage === 'body' || stage === 'response') this.schedule(PROBE_MS)
  }

  /** The connection reads nothing more. */
  stop(): void {
    const { socket } = this.owner
    this.owner.dropHeld()
    this.isBegun = true
    // By TLS a reset may read as an end, and what is written then neither leaves nor fails.
    const mayBeReset = isTlsSocket(socket) && socket.readableEnded
    this.unsentBytes = mayBeReset ? socket.writableLength : -1
  }

  /** Serves nothing more, and closes when what was written has left. */
  close(): void {
    const { socket } = this.owner
    const stage = this.owner.stage()
    this.stop()
    if (stage === 'idle') socket.destroySoon()
    else {
      // To destroy it with bytes unread would be a reset, which may overtake the answer.
      socket.end()
      socket.resume()
    }
    this.linger()
  }

  /** Answers what is no request to go on with, and closes. */
  answer(code: AnswerCode): void {
    this.service.refuse(this.owner, code)
    this.close()
  }

  /** Keyway is going down: ends with what is under way; at once where there is nothing. */
  shutDown(): void {
    const stage = this.owner.stage()
    if (stage === 'idle') this.owner.socket.destroySoon()
    else if (stage !== 'head' && stage !== 'held') this.owner.occupant?.onShutdown()
  }

  onDue(): void {
    if (this.isBegun) return void this.finish()
    const stage = this.owner.stage()
    if (stage === 'head') this.answer('headers_timeout')
    else if (stage === 'response' || stage === 'body') this.probe()
    // What is held is asked for as soon as the answers before it are read.
    else if (stage === 'held' && this.isReading()) this.schedule(this.service.limits.bodyIdleMs)
    else this.closeStill()
  }

  /** Nothing came for too long, of a client that may still be reading. */
  private closeStill(): void {
    const { socket } = this.owner
    if (socket.writableLength > 0) this.close()
    else socket.destroy()
  }

  /** Whether the client has read of what waits for it, since this was asked last. */
  private isReading(): boolean {
    const left = this.owner.socket.writableLength
    const isReading = left > 0 && left !== this.unsentBytes
    this.unsentBytes = left
    return isReading
  }

  /** Looks for a client that is not read; what waits to be written would fail by itself. */
  private probe(): void {
    const { socket } = this.owner
    if (!socket.isPaused()) return
    if (socket.writableLength === 0) lookForPeer(socket)
    this.schedule(PROBE_MS)
  }

  /** Its time is over, unless the client is still reading: then it is due again. */
  private finish(): void {
    if (this.isReading()) this.schedule(this.service.limits.bodyIdleMs)
    else this.owner.socket.destroy()
  }
}
