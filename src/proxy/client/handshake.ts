import type { Socket } from 'node:net'

/** A WebSocket handshake under way: the client's socket, and what it sent ahead of the answer. */
export interface Handshake {
  readonly socket: Socket
  /** Stops reading from the client; the bytes that came so far. */
  readonly takeEarly: () => Buffer
}
