import type { Socket } from 'node:net'
import type { ResponseHead } from '../../../http/message/response-head.ts'
import type { AttemptSpan } from '../../../observability/tracing.ts'
import type { Stage } from '../../../upstreams/failure.ts'
import type { Bond } from '../../upstream/bond.ts'
import type { Call, CallHandler, Lane, OutgoingRequest } from '../../upstream/call.ts'
import type { LaneUser, UpstreamPool } from '../../upstream/upstream-pool.ts'
import type { Recording } from '../recording/recording.ts'
import type { TracedRequest } from '../trace/attempt-span.ts'
import { codeOf } from './failures.ts'

/** Whoever is told what became of an attempt; after onEnd, onFailure or a cancellation, nothing more. */
export interface AttemptOwner {
  /** An interim response (1xx). */
  readonly onInformation: (status: number, reason: string, fields: string[]) => void
  readonly onResponse: (status: number, reason: string, fields: string[]) => void
  /** Bytes of the body; false: no more until `resume`. */
  readonly onBytes: (chunk: Buffer) => boolean
  readonly onEnd: () => void
  readonly onFailure: (error: Error, stage: Stage) => void
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

/**
 * One request to one upstream, from its place in the pool to the last byte of the response. Never
 * sent twice.
 */
export class Attempt implements CallHandler, LaneUser {
  /** Where its connection comes from. */
  readonly pool: UpstreamPool
  /** Version of HTTP that the response came by, as Via writes it. */
  responseVersion: ResponseHead['version'] = '1.1'
  private readonly owner: AttemptOwner
  private readonly recording: Recording | null
  private outgoing: OutgoingRequest | null = null
  private span: AttemptSpan | null = null
  private lane: Lane | null = null
  private call: Call | null = null
  private bond: Bond | null = null
  private waitTimer: NodeJS.Timeout | null = null
  /** Bytes of the rest that may still be read away; null: the response is wanted. */
  private restBytes: number | null = null
  private isCancelled = false
  private isDone = false

  /** `pool` holds a place for this attempt already. */
  constructor(pool: UpstreamPool, owner: AttemptOwner, recording: Recording | null) {
    this.pool = pool
    this.owner = owner
    this.recording = recording
  }

  /** Whether the response that has begun is here to its end. */
  get isAtHand(): boolean {
    return this.call?.isAtHand ?? false
  }

  /** Sends the request when there is a connection for it; `fresh`: on one that nobody used before; `bond`: on the one that it authenticates, for its client alone. */
  send({ outgoing, span }: TracedRequest, connection: 'any' | 'fresh', bond: Bond | null): void {
    if (this.isDone) {
      span?.end()
      return
    }
    this.outgoing = outgoing
    this.span = span
    this.bond = bond
    const bound = bond?.take(this.pool) ?? null
    if (bound !== null) this.onLane(bound)
    else if (connection === 'any') this.pool.enter(this)
    else this.pool.enterAfresh(this)
    const { connectMs } = this.pool.target.config.limits
    if (this.lane === null && connectMs > 0) {
      this.waitTimer = setTimeout(onWaited, connectMs, this.owner)
    }
  }

  /** Reads on after onBytes said false. */
  resume(): void {
    if (!this.isDone) this.call?.resume()
  }

  /** Breaks off whatever is under way; the owner hears nothing more. */
  cancel(): void {
    if (this.isDone || this.isCancelled) return
    this.isCancelled = true
    if (this.call !== null) this.call.cancel()
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
    this.recording?.awaitUpstream()
    const outgoing = this.outgoing as OutgoingRequest
    this.outgoing = null
    lane.send(outgoing, this)
  }

  onConnect(call: Call): void {
    if (this.isCancelled) call.cancel()
    else this.call = call
  }

  onInterim({ status, reason, fields }: ResponseHead): void {
    this.owner.onInformation(status, reason, fields)
  }

  onHead({ status, reason, fields, version }: ResponseHead): void {
    this.responseVersion = version
    this.span?.onStatus(status)
    this.recording?.goOn()
    this.owner.onResponse(status, reason, fields)
  }

  onBody(bytes: Buffer): boolean {
    if (this.restBytes === null) return this.owner.onBytes(bytes)
    this.restBytes -= bytes.length
    if (this.restBytes < 0) this.cancel()
    return true
  }

  onTunnel({ status, fields }: ResponseHead, upstream: Socket): void {
    this.span?.onStatus(status)
    this.recording?.goOn()
    this.owner.onTunnel(status, fields, upstream, () => this.leave())
  }

  onEnd(): void {
    this.leave()
    if (this.restBytes === null) this.owner.onEnd()
  }

  onError(error: Error): void {
    const stage = this.call === null ? 'connecting' : 'exchanging'
    this.span?.onError(codeOf(error))
    this.leave()
    if (this.isCancelled || this.restBytes !== null) return
    this.recording?.goOn()
    this.owner.onFailure(error, stage)
  }

  private leave(): void {
    const { lane, bond, pool } = this
    if (lane !== null && bond !== null) bond.keep(pool, lane)
    else if (lane !== null) pool.giveBack(lane)
    this.finish()
  }

  private finish(): void {
    this.isDone = true
    this.span?.end()
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
