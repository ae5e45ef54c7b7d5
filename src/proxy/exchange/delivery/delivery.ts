import type { Socket } from 'node:net'
import { type Answer, answerOf } from '../../../answers/answers.ts'
import { readRetryAfter } from '../../../http/fields/retry-after.ts'
import type { BodySource } from '../../../http/message/body-source.ts'
import type { Forward } from '../../../routing/decide/decision.ts'
import type { UsedSecret } from '../../../routing/rules/request-context.ts'
import { classifyError, type Failure, type Stage } from '../../../upstreams/failure.ts'
import type { RequestBody } from '../../client/request-body.ts'
import type { Slot } from '../../upstream/upstream-group.ts'
import type { UpstreamPool } from '../../upstream/upstream-pool.ts'
import type { Incoming } from '../incoming.ts'
import { Attempt, type AttemptOwner } from './attempt.ts'
import { Course, CROWDED } from './course.ts'
import { tellAfresh, tellFailed } from './delivery-log.ts'
import type { DeliveryOwner } from './delivery-owner.ts'
import { codeOf, describeFailure } from './failures.ts'
import { isIdempotent, OutgoingBody } from './outgoing-body.ts'
import { describeRequest, findBond } from './outgoing-request.ts'
import { restKey } from './rest-key.ts'
import { traceAttempt } from '../trace/attempt-span.ts'

/**
 * The upstream's side of an exchange: gets one request to an upstream, by as many attempts as the
 * file allows, and to its fallbacks. Once a response has begun, that attempt is the last.
 */
export class Delivery implements AttemptOwner {
  private readonly incoming: Incoming
  private readonly owner: DeliveryOwner
  private readonly course: Course
  private attempt: Attempt | null = null
  private body: OutgoingBody | null = null
  private timer: NodeJS.Timeout | null = null
  private hasBegun = false
  private isOver = false
  private wentAfresh = false

  constructor(incoming: Incoming, forward: Forward, owner: DeliveryOwner) {
    this.incoming = incoming
    this.course = new Course(incoming, forward)
    this.owner = owner
  }

  /** What is sent at present. */
  get forward(): Forward {
    return this.course.forward
  }

  /** Every secret that left, by whichever attempt. */
  get secrets(): readonly UsedSecret[] {
    return this.course.secrets
  }

  /** Whether the response that has begun is here to its end, which follows in the same turn. */
  get isAtHand(): boolean {
    return this.attempt?.isAtHand ?? false
  }

  /**
   * Takes a place for the next attempt: at the upstream, or at the first fallback that has one.
   * null: it is taken; else why there is none.
   */
  reserve(): Answer | null {
    const place = this.course.reserve()
    if ('status' in place) return place
    this.attempt = this.open(place)
    return null
  }

  /** Sends the request to the place that was taken. */
  send(body: Buffer | BodySource | null, source: RequestBody | null): void {
    this.body = new OutgoingBody(body, source)
    this.depart('any')
  }

  /** Reads on after onBytes said false. */
  resume(): void {
    this.attempt?.resume()
  }

  /** Lets go of what it would be sent once more with: its response has begun. */
  forgetRequest(): void {
    this.body = null
    this.course.forgetRequest()
  }

  /** Breaks off whatever is under way; the owner hears nothing more. */
  cancel(): void {
    this.isOver = true
    if (this.timer !== null) clearTimeout(this.timer)
    this.attempt?.cancel()
  }

  onInformation(status: number, reason: string, fields: string[]): void {
    this.owner.onInformation(status, reason, fields)
  }

  onResponse(status: number, reason: string, fields: string[]): void {
    if (this.isOver || this.passesOver(status, fields)) return
    this.hasBegun = true
    this.owner.onResponse(status, reason, this.editResponse(fields, status))
  }

  onBytes(chunk: Buffer): boolean {
    return this.isOver || this.owner.onBytes(chunk)
  }

  onEnd(): void {
    if (this.isOver) return
    this.isOver = true
    this.owner.onEnd()
  }

  onFailure(error: Error, stage: Stage): void {
    if (this.isOver || (!this.hasBegun && this.outlives(error, stage))) return
    tellFailed(this.incoming, this.forward, codeOf(error))
    this.owner.onFailure(describeFailure(error, stage))
  }

  onWaited(): void {
    this.attempt?.cancel()
    if (!this.goOn({ type: 'connect' }, CROWDED, null))
      this.fail(answerOf('upstream_overloaded'), CROWDED)
  }

  onTunnel(status: number, fields: string[], upstream: Socket, onClosed: () => void): void {
    this.owner.onTunnel(status, this.editResponse(fields, status), upstream, onClosed)
  }

  /** Sends the request again, now that its time has come. */
  private sendAgain(): void {
    if (this.isOver) return
    const answer = this.reserve()
    if (answer === null) this.depart('any')
    else this.fail(answer, answer.code)
  }

  /** No attempt is left, and none was made; `code` says why in the log. */
  private fail(answer: Answer, code: string): void {
    tellFailed(this.incoming, this.forward, code)
    this.owner.onFailure(answer)
  }

  /** The response's fields as they go to the client. */
  private editResponse(fields: string[], status: number): string[] {
    return this.forward.editResponse(fields, this.attempt?.responseVersion, status)
  }

  /** Takes note of a response; true: it is not the answer, another attempt follows. */
  private passesOver(status: number, fields: readonly string[]): boolean {
    const slot = this.course.slot as Slot
    slot.group.onStatus(slot, status)
    if (status < 400) return false
    const retryAfterMs = readRetryAfter(fields, Date.now())
    if (status === 429) restKey(this.incoming, this.forward, retryAfterMs)
    return this.goOn({ type: 'status', status }, String(status), retryAfterMs)
  }

  /** Takes note of an error before the response; true: another attempt follows. */
  private outlives(error: Error, stage: Stage): boolean {
    const code = codeOf(error)
    if (this.mayGoOnAfresh(code) && this.goOnAfresh()) return true
    const failure = classifyError(code, stage)
    if (failure === null) return false
    const slot = this.course.slot as Slot
    slot.group.onFailure(slot)
    return this.goOn(failure, code, null)
  }

  private open(pool: UpstreamPool): Attempt {
    return new Attempt(pool, this, this.incoming.recording)
  }

  /** Dispatches once it is noted which secrets leave, and never without. */
  private depart(connection: 'any' | 'fresh'): void {
    if (this.isOver) return
    const { host } = (this.course.slot as Slot).target
    const noted = this.incoming.recording?.secretUse?.begin(this.forward, host) ?? true
    if (noted === true) this.dispatch(connection)
    else void this.departOnce(noted, connection)
  }

  private async departOnce(noted: Promise<boolean>, connection: 'any' | 'fresh'): Promise<void> {
    const isNoted = await noted
    if (this.isOver) return
    if (isNoted) this.dispatch(connection)
    else this.fail(answerOf('audit_unavailable'), 'audit_unavailable')
  }

  private dispatch(connection: 'any' | 'fresh'): void {
    const { retry } = this.forward
    const slot = this.course.slot as Slot
    const attempt = this.attempt as Attempt
    if (this.course.isFirst) slot.group.budget.earn(retry.budget)
    const { content = null } = this.body ?? {}
    const outgoing = describeRequest(this.incoming, this.forward, slot, content)
    const bond = findBond(this.incoming, this.forward, attempt.pool)
    attempt.send(traceAttempt(this.incoming, this.forward, slot, outgoing), connection, bond)
  }

  private goOn(failure: Failure, code: string, retryAfterMs: number | null): boolean {
    if (this.isOver) return false
    const isReplayable = this.body?.isReplayable(this.forward.retry.bufferBytes) ?? false
    const delayMs = this.course.turn({ failure, code, retryAfterMs, isReplayable })
    if (delayMs === null) return false
    if (failure.type !== 'connect') this.leaveAttempt()
    // Never within the attempt's callback: the connection that failed is still being put away.
    if (delayMs === 0) setImmediate(() => this.sendAgain())
    else this.timer = setTimeout(() => this.sendAgain(), delayMs)
    return true
  }

  /**
   * Whether what failed is no word of the upstream's: it was written to a connection that was just
   * being closed (RFC 9112 §9.3.1), or, whatever its method, not begun with (RFC 9113 §8.7).
   */
  private mayGoOnAfresh(code: string): boolean {
    if (code === 'UPSTREAM_REFUSED') return true
    return code === 'UPSTREAM_STALE' && isIdempotent(this.incoming.request.method as string)
  }

  /** Sends the request once more on a new connection; false: it can't be, or was already. */
  private goOnAfresh(): boolean {
    const { retry } = this.forward
    if (this.isOver || this.wentAfresh) return false
    if (!this.body?.isReplayable(retry.bufferBytes)) return false
    const { pool } = this.attempt as Attempt
    if (!pool.reserve()) return false
    this.wentAfresh = true
    this.body.rewind()
    this.attempt = this.open(pool)
    tellAfresh(this.incoming, this.forward)
    setImmediate(() => this.depart('fresh'))
    return true
  }

  /** What is left of its response is read away; of its request nothing may be left. */
  private leaveAttempt(): void {
    if (!this.body?.isStreamed) this.attempt?.discard()
    else {
      this.attempt?.cancel()
      this.body.rewind()
    }
  }
}
