import type { Socket } from 'node:net'
import type { BodySource } from '../../http/message/body-source.ts'
import type { ResponseHead } from '../../http/message/response-head.ts'

/** A request as it leaves for an upstream. */
export interface OutgoingRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  /** Name, value, name, value… in order, framing as it came; Host only where it is not the target's. */
  readonly fields: readonly string[]
  readonly body: Buffer | BodySource | null
  /** Time for the response's head once the request is written; 0: no limit. */
  readonly headersMs: number
  /** Time that the body of the response may be quiet; 0: no limit. */
  readonly idleMs: number
  /** What the connection is to switch to; null: it stays. */
  readonly upgrade: string | null
}

/** A request under way at an upstream. */
export interface Call {
  /** Whether the response whose head was handed over last is here to its end, which follows in the same turn; not there: nobody knows. */
  readonly isAtHand?: boolean
  /** Breaks it off; its handler hears of it by onError, if of anything. */
  readonly cancel: () => void
  /** Reads on after onBody said false. */
  readonly resume: () => void
}

/** Whoever is told what becomes of a request; after onEnd, onError or onTunnel, nothing more. */
export interface CallHandler {
  /** There is a connection; nothing has been written, and nothing will be if it is cancelled now. */
  readonly onConnect: (call: Call) => void
  /** An interim response (1xx). */
  readonly onInterim: (head: ResponseHead) => void
  readonly onHead: (head: ResponseHead) => void
  /** Bytes of the body; false: no more until `resume`. */
  readonly onBody: (bytes: Buffer) => boolean
  readonly onEnd: () => void
  readonly onError: (error: Error) => void
  /** The upstream has switched protocols. */
  readonly onTunnel: (head: ResponseHead, socket: Socket) => void
}

/** One request's worth of a target: carries one at a time. */
export interface Lane {
  readonly openedAt: number
  /** It carries no other request. */
  readonly isClosed: boolean
  /** Whether bytes of its last request are still here. */
  readonly hasUnsent: boolean
  readonly send: (request: OutgoingRequest, handler: CallHandler) => void
  readonly close: () => void
}
