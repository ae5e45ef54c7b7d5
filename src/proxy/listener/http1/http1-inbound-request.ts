import type { Socket } from 'node:net'
import type { NamedFields, RequestMessage } from '../../../http/message/message.ts'
import type { ParsedRequest } from '../../../http/message/parse-request-head.ts'
import type { ClientConnection } from '../../client/connections.ts'

/** The connection that a request came on. */
export interface RequestCarrier extends ClientConnection {
  readonly socket: Socket
  readonly pauseReading: () => void
  readonly resumeReading: () => void
  /** Whether the body of the request whose head was just read has come with it. */
  readonly hasBodyAtHand: boolean
}

const NO_NAMES: NamedFields = {}
const NO_FIELDS: string[] = []

/** A request of a client that speaks HTTP/1.1. */
export class Http1InboundRequest implements RequestMessage {
  readonly method: string
  /** Fastify is shown another, and keeps this one in `originalUrl`. */
  url: string
  originalUrl: string
  readonly httpVersion: string
  readonly httpVersionMajor: number
  readonly httpVersionMinor: number
  headers: NamedFields
  rawHeaders: string[]
  readonly socket: Socket
  /** What it came on. */
  readonly connection: RequestCarrier
  readonly isAtHand: boolean
  /** Its last byte has been read. */
  isComplete = false
  private isHeld = false
  private onData: ((chunk: Buffer) => void) | null = null
  private onEnd: (() => void) | null = null
  /** What came before anybody asked for it. */
  private early: Buffer[] | null = null
  private isUnwanted = false

  constructor(connection: RequestCarrier, head: ParsedRequest) {
    this.connection = connection
    this.socket = connection.socket
    this.method = head.method
    this.url = head.target
    this.originalUrl = head.target
    this.httpVersion = head.minor === 1 && head.major === 1 ? '1.1' : `${head.major}.${head.minor}`
    this.httpVersionMajor = head.major
    this.httpVersionMinor = head.minor
    this.headers = head.named
    this.rawHeaders = head.fields
    this.isAtHand = connection.hasBodyAtHand
  }

  on(event: 'data' | 'end', listener: (chunk: Buffer) => void): void {
    if (event === 'data') this.onData = listener
    else this.onEnd = listener as () => void
    if (this.early !== null && this.onData !== null && this.onEnd !== null)
      process.nextTick(handOver, this)
  }

  pause(): void {
    this.isHeld = true
    this.connection.pauseReading()
  }

  resume(): void {
    this.isHeld = false
    this.connection.resumeReading()
  }

  /** What is left of the body is read away: the connection has a clock for it. */
  readAway(): void {
    this.resume()
  }

  isPaused(): boolean {
    return this.isHeld
  }

  forgetHead(): void {
    this.headers = NO_NAMES
    this.rawHeaders = NO_FIELDS
  }

  /** Takes bytes of the body. */
  push(chunk: Buffer): void {
    if (this.isUnwanted) return
    if (this.onData !== null && this.early === null) {
      this.onData(chunk)
      return
    }
    this.early ??= []
    this.early.push(chunk)
    this.pause()
  }

  /** The body is whole. */
  complete(): void {
    this.isComplete = true
    // Its client is listened to again: else nobody would hear it leave before it is answered.
    if (this.isHeld) this.resume()
    if (this.isUnwanted) return
    if (this.onEnd !== null && this.early === null) this.tellEnd()
    // Whoever asks for it yet is to hear of an end at once.
    else this.early ??= []
  }

  /** Hands on what came too early. */
  handOver(): void {
    const { early } = this
    this.early = null
    // Who takes it may stop it again.
    this.isHeld = false
    for (const chunk of early ?? []) this.onData?.(chunk)
    if (this.isComplete) this.tellEnd()
    else if (!this.isHeld) this.resume()
  }

  /** Nobody will ask for what nobody has asked for yet. */
  drop(): void {
    if (this.onData !== null) return
    this.isUnwanted = true
    this.isHeld = false
    this.early = null
  }

  /** Whoever took it is not kept for as long as its answer lasts. */
  private tellEnd(): void {
    const { onEnd } = this
    this.onData = null
    this.onEnd = null
    onEnd?.()
  }
}

function handOver(request: Http1InboundRequest): void {
  request.handOver()
}
