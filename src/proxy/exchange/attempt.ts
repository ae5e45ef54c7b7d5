import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import { hasHopByHop, readResponseFields } from '../../http/response-fields.ts'
import type { Lane, LaneUser, UpstreamPool } from '../upstream/upstream-pool.ts'

/** Whoever is told what became of an attempt; after onEnd, onFailure or a cancellation, nothing more. */
export interface AttemptOwner {
  /** An interim response (1xx). */
  readonly onInformation: (status: number, reason: string, fields: string[]) => void
  readonly onResponse: (status: number, reason: string, fields: string[]) => void
  /** Bytes of the body; false: no more until `resume`. */
  readonly onBytes: (chunk: Buffer) => boolean
  readonly onEnd: () => void
  readonly onFailure: (error: Error, wasConnected: boolean) => void
  /** No connection came free in time. */
  readonly onWaited: () => void
  /** The upstream has switched protocols; `onClosed` is to be called when the connection is done. */
  readonly onTunnel: (
    status: number,
    fields: string[],
    upstream: Socket,
    onClosed: () => void,
  ) => void
}

/** What is read of a response that nobody wants, to keep its connection; more breaks it off. */
const REST_BYTES = 64 * 1024
const REST_MS = 1_000

const CANCELLED = new Error('the attempt was cancelled')

/**
 * One request to one upstream, from its place in the pool to the last byte of the response. It is
 * undici's handler itself, in the raw form that undici 7 calls without a wrapper: fields in order,
 * repeated ones kept. Never sent twice.
 */
export class Attempt implements Dispatcher.DispatchHandler, LaneUser {
  /** Where its connection comes from. */
  readonly pool: UpstreamPool
  private readonly owner: AttemptOwner
  private outgoing: Dispatcher.DispatchOptions | null = null
  private lane: Lane | null = null
  private abort: ((error?: Error) => void) | null = null
  private resumeReading: (() => void) | null = null
  private waitTimer: NodeJS.Timeout | null = null
  /** Bytes of the rest that may still be read away; null: the response is wanted. */
  private restBytes: number | null = null
  private isCancelled = false
  private isDone = false

  /** `pool` holds a place for this attempt already. */
  constructor(pool: UpstreamPool, owner: AttemptOwner) {
    this.pool = pool
    this.owner = owner
  }

  /** Version of HTTP that the response came by, as Via writes it. */
  get responseVersion(): string {
    if (this.lane?.socket === null) return '2'
    return this.lane?.statusLines.isHttp10 ? '1.0' : '1.1'
  }

  /** Sends the request when there is a connection for it. */
  send(outgoing: Dispatcher.DispatchOptions): void {
    if (this.isDone) return
    this.outgoing = outgoing
    this.pool.enter(this)
    const { connectMs } = this.pool.target.config.limits
    if (this.lane === null && connectMs > 0) {
      this.waitTimer = setTimeout(onWaited, connectMs, this.owner)
    }
  }

  /** Reads on after onBytes said false. */
  resume(): void {
    if (!this.isDone) this.resumeReading?.()
  }

  /** Breaks off whatever is under way; the owner hears nothing more. */
  cancel(): void {
    if (this.isDone || this.isCancelled) return
    this.isCancelled = true
    if (this.abort !== null) this.abort(CANCELLED)
    // On its way to a connection: onConnect will find it cancelled before a byte is written.
    else if (this.lane === null) {
      this.pool.leave(this)
      this.finish()
    }
  }

  /** Reads away what is left of the response; the owner hears nothing more. */
  discard(): void {
    if (this.isDone || this.isCancelled) return
    this.restBytes = REST_BYTES
    this.waitTimer = setTimeout(onRestTimeout, REST_MS, this)
  }

  onLane(lane: Lane): void {
    if (this.waitTimer !== null) clearTimeout(this.waitTimer)
    this.lane = lane
    lane.client.dispatch(this.outgoing as Dispatcher.DispatchOptions, this)
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.isCancelled) {
      abort(CANCELLED)
      return
    }
    this.abort = abort
    this.lane?.statusLines.expectHead()
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, reason: string): boolean {
    const fields = readResponseFields(raw)
    this.resumeReading = resume
    if (status < 200) this.owner.onInformation(status, reason, fields)
    else this.owner.onResponse(status, reason, fields)
    return true
  }

  onData(chunk: Buffer): boolean {
    if (this.restBytes === null) return this.owner.onBytes(chunk)
    this.restBytes -= chunk.length
    if (this.restBytes < 0) this.cancel()
    return true
  }

  onUpgrade(status: number, raw: Buffer[] | string[] | null, upstream: Duplex): void {
    const fields = readResponseFields((raw ?? []) as Buffer[])
    this.owner.onTunnel(status, fields, upstream as Socket, () => this.onTunnelClosed())
  }

  onComplete(trailers: Buffer[] | string[] | null): void {
    if (this.lane?.statusLines.isBroken) {
      this.onError(new Error('the connection broke amid the response'))
      return
    }
    // undici's parser heeds such a trailer, and takes no other response then; undici itself does not.
    if (trailers?.length && hasHopByHop(trailers as Buffer[])) this.pool.giveUp(this.lane as Lane)
    else this.pool.giveBack(this.lane as Lane)
    if (this.restBytes === null) this.owner.onEnd()
    this.finish()
  }

  onError(error: Error): void {
    const wasConnected = this.abort !== null
    if (this.lane !== null) {
      if (wasConnected) this.pool.giveBack(this.lane)
      else this.pool.discard(this.lane)
    }
    this.finish()
    if (!this.isCancelled && this.restBytes === null) this.owner.onFailure(error, wasConnected)
  }

  private onTunnelClosed(): void {
    this.pool.giveBack(this.lane as Lane)
    this.finish()
  }

  private finish(): void {
    this.isDone = true
    if (this.waitTimer !== null) clearTimeout(this.waitTimer)
    this.pool.release()
  }
}

function onRestTimeout(attempt: Attempt): void {
  attempt.cancel()
}

function onWaited(owner: AttemptOwner): void {
  owner.onWaited()
}
