import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { readRetryAfter } from '../../http/retry-after.ts'
import type { Forward } from '../../routing/decide/decision.ts'
import { classifyError, type Failure as TryFailure } from '../../upstreams/failure.ts'
import type { RequestBody } from '../client/request-body.ts'
import { poolOf, type Slot, targetPath } from '../upstream/upstream-group.ts'
import type { UpstreamPool } from '../upstream/upstream-pool.ts'
import { Attempt, type AttemptOwner } from './attempt.ts'
import { decideByTable } from './decide-request.ts'
import { codeOf } from './failures.ts'
import type { Incoming } from './incoming.ts'
import { type NextTry, Tries } from './tries.ts'

/** Whoever a request is delivered for; hears of the attempt that counts. */
export interface DeliveryOwner extends AttemptOwner {
  /** There is no place for the next attempt. */
  readonly onNoPlace: () => void
}

/** How long an upstream may take to answer a WebSocket handshake. */
const HANDSHAKE_MS = 10_000

/** Code in the log of a request that no connection came free for. */
const CROWDED = 'QUEUE_TIMEOUT'
/** Code in the log of an upstream that checks say is down. */
const DOWN = 'UPSTREAM_DOWN'

/**
 * The upstream's side of an exchange: gets one request to an upstream, by as many attempts as the
 * file allows, and to its fallbacks. Once a response has begun, that attempt is the last.
 */
export class Delivery {
  /** What is sent at present. */
  forward: Forward
  private readonly incoming: Incoming
  private readonly owner: DeliveryOwner
  private slot: Slot
  private attempt: Attempt
  private body: Buffer | Readable | null = null
  /** Where a streamed body can be had once more. */
  private source: RequestBody | null = null
  private tries: Tries | null = null
  private tried: readonly number[] = []
  private timer: NodeJS.Timeout | null = null
  private isOver = false

  /** `slot` holds a place for this delivery already. */
  constructor(incoming: Incoming, forward: Forward, slot: Slot, owner: DeliveryOwner) {
    this.incoming = incoming
    this.forward = forward
    this.owner = owner
    this.slot = slot
    this.attempt = this.createAttempt()
  }

  /** Bytes of a streamed body that are worth keeping. */
  get keepBytes(): number {
    const { retry, fallbacks } = this.forward
    const isNeeded = retry.on.some((name) => name !== 'connect') || fallbacks.length > 0
    return isNeeded ? retry.bufferBytes : 0
  }

  send(body: Buffer | Readable | null, source: RequestBody | null): void {
    this.body = body
    this.source = source
    this.slot.group.budget.earn(this.forward.retry.budget)
    this.dispatch()
  }

  /** Reads on after onBytes said false. */
  resume(): void {
    this.attempt.resume()
  }

  /** Breaks off whatever is under way; the owner hears nothing more. */
  cancel(): void {
    this.isOver = true
    if (this.timer !== null) clearTimeout(this.timer)
    this.attempt.cancel()
  }

  /** The response's fields as they go to the client. */
  editResponse(fields: string[]): string[] {
    return this.forward.editResponse?.(fields, this.attempt.responseVersion) ?? fields
  }

  /** Takes note of a response; true: it is not the answer, another attempt follows. */
  passesOver(status: number, fields: readonly string[]): boolean {
    this.slot.group.onStatus(this.slot, status)
    if (status < 400) return false
    const retryAfterMs = readRetryAfter(fields, Date.now())
    if (status === 429) this.restKey(retryAfterMs)
    return this.goOn({ type: 'status', status }, String(status), retryAfterMs)
  }

  /** Takes note of an error before the response; true: another attempt follows. */
  outlives(error: Error, wasConnected: boolean): boolean {
    const code = codeOf(error)
    const failure = classifyError(code, wasConnected)
    if (failure === null) return false
    this.slot.group.onFailure(this.slot)
    return this.goOn(failure, code, null)
  }

  /** No connection came free in time; true: another attempt follows. */
  outlivesWaiting(): boolean {
    this.attempt.cancel()
    return this.goOn({ type: 'connect' }, CROWDED, null)
  }

  /** Sends the request again, now that its time has come. */
  onTime(): void {
    if (this.isOver) return
    const { context, handshake } = this.incoming
    const group = context.pools.find(this.forward.upstream)
    if (group.isDown && this.passOver(DOWN)) return
    const slot = group.reserve(this.forward, handshake !== null, this.tried)
    if (slot === null) {
      if (!this.passOver(CROWDED)) this.owner.onNoPlace()
      return
    }
    this.slot = slot
    this.attempt = this.createAttempt()
    if (this.tried.length === 0) group.budget.earn(this.forward.retry.budget)
    this.dispatch()
  }

  /** Goes to the next upstream at once, as there is no use in this one; false: there is none. */
  private passOver(code: string): boolean {
    const next = this.tries?.passOver(this.forward) ?? null
    if (next === null) return false
    this.turnTo(next, code)
    this.onTime()
    return true
  }

  private createAttempt(): Attempt {
    const isUpgrade = this.incoming.handshake !== null
    return new Attempt(poolOf(this.slot, isUpgrade) as UpstreamPool, this.owner)
  }

  private dispatch(): void {
    const { request, handshake } = this.incoming
    const { headers, limits } = this.forward
    const isUpgrade = handshake !== null
    this.attempt.send({
      path: targetPath(this.forward, this.slot),
      method: request.method as Dispatcher.HttpMethod,
      headers: this.attempt.pool.addHost(headers),
      body: this.body,
      headersTimeout: isUpgrade ? HANDSHAKE_MS : limits.responseHeadersMs,
      bodyTimeout: limits.idleMs,
      upgrade: isUpgrade ? 'websocket' : null,
    })
  }

  private goOn(failure: TryFailure, code: string, retryAfterMs: number | null): boolean {
    if (this.isOver) return false
    const { forward, slot, incoming } = this
    this.tries ??= new Tries(incoming.request.method as string, () => decideByTable(incoming))
    const isReplayable = this.isReplayable()
    const isCrowded = code === CROWDED
    const next = this.tries.next({ forward, slot, failure, retryAfterMs, isReplayable, isCrowded })
    if (next === null) return false
    this.turnTo(next, code)
    if (failure.type !== 'connect') this.leaveAttempt()
    // Never within undici's callback: the connection that failed is still being put away.
    if (next.delayMs === 0) setImmediate(onTime, this)
    else this.timer = setTimeout(onTime, next.delayMs, this)
    return true
  }

  private isReplayable(): boolean {
    const { body, source } = this
    if (body === null) return true
    if (body instanceof Readable) return source?.isKept ?? false
    return body.length <= this.forward.retry.bufferBytes
  }

  /** What is left of its response is read away; of its request nothing may be left. */
  private leaveAttempt(): void {
    if (this.source === null) this.attempt.discard()
    else {
      this.attempt.cancel()
      this.body = this.source.reopenStream()
    }
  }

  private restKey(retryAfterMs: number | null): void {
    const { secret } = this.forward
    if (secret === null) return
    this.incoming.context.store.current.secrets.rest(secret.name, secret.value, retryAfterMs)
  }

  private turnTo({ forward, tried, delayMs }: NextTry, code: string): void {
    const { context, id } = this.incoming
    const { route, upstream } = this.forward
    const names = { route, upstream: upstream.config.name, next: forward.upstream.config.name }
    context.log.warn({ id, ...names, code, delayMs: Math.round(delayMs) }, 'trying again')
    this.forward = forward
    this.tried = tried
  }
}

function onTime(delivery: Delivery): void {
  delivery.onTime()
}
