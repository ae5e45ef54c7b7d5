import type { Socket } from 'node:net'
import type { Handshake } from '../../client/handshake.ts'
import { HeldBytes } from './held-bytes.ts'

/** Bytes a client may send before its handshake is answered; none is right, a few are harmless. */
const EARLY_BYTES = 16 * 1024

/** What a client sends while the upstream is asked for a WebSocket: it is read to see the client leave. */
export class EarlyBytes {
  readonly socket: Socket
  private readonly held = new HeldBytes()
  private isTaken = false

  constructor(socket: Socket) {
    this.socket = socket
  }

  /** Whether the socket is a tunnel's now. */
  get isTunnel(): boolean {
    return this.isTaken
  }

  push(chunk: Buffer): void {
    if (this.isTaken) return
    this.held.push(chunk)
    if (this.held.bytes > EARLY_BYTES) this.socket.destroy()
  }

  /** Leaves the socket to the tunnel that it becomes, paused. */
  take(): Buffer {
    this.isTaken = true
    this.socket.pause()
    return this.held.takeAll()
  }
}

/** A handshake whose client sent `held` with it, and may send more. */
export function openHandshake(early: EarlyBytes, held: Pick<HeldBytes, 'takeAll'>): Handshake {
  return {
    socket: early.socket,
    takeEarly: () => Buffer.concat([held.takeAll(), early.take()]),
  }
}
