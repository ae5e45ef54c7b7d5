import { hasUpgrade, withoutLength } from '../../http/fields/fit-fields.ts'
import type { ResponseMessage } from '../../http/message/message.ts'
import type { OwnAnswer } from './own-answer.ts'
import { sendAnswer } from './own-response.ts'
import { isWorthReleasing, releaseMemory } from './release-memory.ts'

/** Whoever feeds a response. */
export interface ResponseFeeder {
  /** The client has read; more may come. */
  readonly onDrained: () => void
  /** The client has read nothing for as long as a stream may be quiet. */
  readonly onStalled: () => void
  /** It goes on beyond the turn that it began in, perhaps for long. */
  readonly onLasting: () => void
}

const NOTHING = Buffer.alloc(0)

/** A body this short is copied behind its head: one write of a string costs Node less than one of two parts. */
const ONE_WRITE_BYTES = 4 * 1024

/**
 * The client's side of an exchange: one response, written as it comes. The first bytes wait for the
 * rest of their tick, so that a short response leaves in one piece and a stream's head at once.
 */
export class ClientResponse {
  /** Answered, broken off or without a client: nothing more can be written. */
  isOver = false
  /** Bytes of the body. */
  sentBytes = 0
  private readonly response: ResponseMessage
  private readonly feeder: ResponseFeeder
  private readonly stallMs: number
  private pending: Buffer | null = null
  private isFresh = false
  private stallTimer: NodeJS.Timeout | null = null
  private isWatched = false

  constructor(response: ResponseMessage, feeder: ResponseFeeder, stallMs: number) {
    this.response = response
    this.feeder = feeder
    this.stallMs = stallMs
  }

  get hasBegun(): boolean {
    return this.response.headersSent
  }

  /** Writes the head, which leaves with what follows in this turn; fields are flat, in order. */
  begin(status: number, reason: string, fields: string[]): void {
    this.response.sendDate = false
    this.response.writeHead(status, reason, this.fit(status, fields))
    this.isFresh = true
  }

  /** Has the head leave with this turn, whatever follows. */
  flushSoon(): void {
    process.nextTick(flush, this)
  }

  /** Writes bytes of the body; false: wait for onDrained. */
  write(chunk: Buffer): boolean {
    this.sentBytes += chunk.length
    if (this.isFresh && this.pending === null) {
      this.pending = chunk
      return true
    }
    this.writePending()
    if (this.send(chunk)) return true
    this.awaitDrain()
    return false
  }

  /** Ends the response as it should end. */
  end(): void {
    const { pending } = this
    this.pending = null
    if (pending === null) this.response.end()
    else if (pending.length > ONE_WRITE_BYTES) this.response.end(pending)
    else this.response.end(pending.toString('latin1'), 'latin1')
    this.leave()
  }

  /** Answers with an error of Keyway's; nothing may have been written before. */
  refuse(error: OwnAnswer, id: string): void {
    sendAnswer(this.response, error, id)
    this.leave()
  }

  /** Ends a response that can't be completed so that the client sees it. */
  breakOff(): void {
    this.writePending()
    this.leave()
    this.response.breakOff()
  }

  /** Writes nothing more. */
  leave(): void {
    this.isOver = true
    this.stopClock()
  }

  /** Sends a head that no body followed at once: event streams say nothing for a while. */
  flush(): void {
    this.isFresh = false
    if (this.isOver) return
    // flushHeaders would write the head as UTF-8 and so change bytes over 127.
    if (this.pending === null) this.response.write(NOTHING)
    else this.writePending()
    this.feeder.onLasting()
  }

  /** A response's fields as one with its status may have them, whatever its server thinks. */
  private fit(status: number, fields: string[]): string[] {
    if (status === 204) return withoutLength(fields)
    // What a 426 asks for belongs to this connection, and is named as that (RFC 9110 §7.8).
    if (status === 426 && hasUpgrade(fields)) fields.push('Connection', 'Upgrade')
    return fields
  }

  private writePending(): void {
    const { pending } = this
    if (pending === null) return
    this.pending = null
    this.send(pending)
  }

  private send(chunk: Buffer): boolean {
    if (!isWorthReleasing(chunk)) return this.response.write(chunk)
    return this.response.write(chunk, (error) => {
      if (!error) releaseMemory(chunk)
    })
  }

  /** Comes more than once before a drain: what one read from a TLS upstream brought comes in several pieces. */
  private awaitDrain(): void {
    if (this.stallMs > 0) this.stallTimer ??= setTimeout(onStalled, this.stallMs, this.feeder)
    if (this.isWatched) return
    this.isWatched = true
    this.response.on('drain', () => {
      this.stopClock()
      this.feeder.onDrained()
    })
  }

  private stopClock(): void {
    if (this.stallTimer !== null) clearTimeout(this.stallTimer)
    this.stallTimer = null
  }
}

function flush(response: ClientResponse): void {
  response.flush()
}

function onStalled(feeder: ResponseFeeder): void {
  feeder.onStalled()
}
