import type { Socket } from 'node:net'
import type { RequestHead } from '../../http/message/message.ts'

/** Whether a request asks for its connection to become a WebSocket. */
export function asksForWebSocket({ method, headers }: RequestHead): boolean {
  return method === 'GET' && headers.upgrade?.trim().toLowerCase() === 'websocket'
}

/** A WebSocket handshake under way: the client's socket, and what it sent ahead of the answer. */
export interface Handshake {
  readonly socket: Socket
  /** Stops reading from the client; the bytes that came so far. */
  readonly takeEarly: () => Buffer
}
