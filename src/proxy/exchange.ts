import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex, Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { expectsContinue } from '../http/message-fault.ts'
import { readResponseFields } from '../http/response-fields.ts'
import type { Forward } from '../routing/decision.ts'
import { type ClientConnection, leaveConnection, type Occupant } from './connections.ts'
import type { OwnError } from './errors.ts'
import type { Handshake } from './handshake.ts'
import { breakOff, printHead, relayInformation, sendError } from './own-response.ts'
import type { ProxyContext } from './proxy-context.ts'
import { announcedLength, type BodyReader, RequestBody, WHOLE_BODY_BYTES } from './request-body.ts'
import { codeOf, describeFailure, OVERLOADED, TOTAL_TIMEOUT } from './upstream-errors.ts'
import type { Lane, LaneUser, UpstreamPool } from './upstream-pool.ts'
import { openTunnel } from './web-socket-tunnel.ts'

/** What an exchange is made of. */
export interface ExchangeParts {
  readonly context: ProxyContext
  readonly connection: ClientConnection
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly forward: Forward
  readonly id: string
  /** Holds a place for this exchange already. */
  readonly pool: UpstreamPool
  /** null: an ordinary request. */
  readonly handshake: Handshake | null
}

/** How long an upstream may take to answer a WebSocket handshake. */
const HANDSHAKE_MS = 10_000

const NOTHING = Buffer.alloc(0)

const CANCELLED = new Error('the exchange was cancelled')

/**
 * One request on its way to the upstream and its response on the way back. It is undici's handler
 * itself (the raw form, which undici 7 calls without a wrapper: fields in order, repeated ones
 * kept), so that a request costs one object. Two sides end independently: the client's (answered
 * or gone) and the upstream's (complete, failed or never asked).
 */
export class Exchange implements Dispatcher.DispatchHandler, LaneUser, Occupant, BodyReader {
  private readonly parts: ExchangeParts
  private lane: Lane | null = null
  private body: RequestBody | null = null
  private payload: Buffer | Readable | null = null
  private abort: ((error?: Error) => void) | null = null
  private resume: (() => void) | null = null
  /** The response's first bytes while more of it may come in the same tick. */
  private pending: Buffer | null = null
  private isHeadFresh = false
  private isAnswered = false
  private isClientGone = false
  private isCancelled = false
  private isUpstreamDone = false
  private totalTimer: NodeJS.Timeout | null = null
  private waitTimer: NodeJS.Timeout | null = null
  private isWatchingDrain = false

  constructor(parts: ExchangeParts) {
    this.parts = parts
  }

  /** Reads the body, if there is one, and asks the upstream. */
  start(): void {
    const { connection, request, response, forward, context } = this.parts
    connection.occupant = this
    if (context.isDraining) response.shouldKeepAlive = false
    const { bodyBytes, totalMs } = forward.limits
    if (totalMs > 0) this.totalTimer = setTimeout(onTotalTimeout, totalMs, this)
    const length = announcedLength(request)
    if (length === 0) this.enterPool()
    else if (length !== null && bodyBytes > 0 && length > bodyBytes) this.onTooLarge()
    else this.readBody(length)
  }

  private readBody(length: number | null): void {
    const { request, response, forward, context } = this.parts
    if (expectsContinue(request)) response.writeContinue()
    const limits = { bytes: forward.limits.bodyBytes, idleMs: context.limits.bodyIdleMs }
    this.body = new RequestBody(request, this, limits)
    if (length !== null && length <= WHOLE_BODY_BYTES) return
    this.payload = this.body.openStream()
    this.enterPool()
  }

  onWhole(body: Buffer): void {
    this.payload = body
    if (!this.isCancelled) this.enterPool()
  }

  onTooLarge(): void {
    this.fail({ status: 413, code: 'body_too_large', message: 'The request body is too large.' })
  }

  onIdle(): void {
    this.parts.response.shouldKeepAlive = false
    this.fail({ status: 408, code: 'body_timeout', message: 'The request body stopped coming.' })
  }

  onLane(lane: Lane): void {
    const { request, forward, pool, handshake } = this.parts
    const { limits, target } = forward
    if (this.waitTimer !== null) clearTimeout(this.waitTimer)
    this.waitTimer = null
    this.lane = lane
    const headers = forward.headers as string[]
    if (pool.hostField !== null) headers.push('host', pool.hostField)
    lane.client.dispatch(
      {
        path: target,
        method: request.method as Dispatcher.HttpMethod,
        headers,
        body: this.payload,
        headersTimeout: handshake === null ? limits.responseHeadersMs : HANDSHAKE_MS,
        bodyTimeout: limits.idleMs,
        upgrade: handshake === null ? null : 'websocket',
      },
      this,
    )
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.isCancelled) return abort(CANCELLED)
    this.abort = abort
    if (this.lane !== null) this.lane.statusLines.isAwaited = true
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, reason: string): boolean {
    const { request, response, forward } = this.parts
    if (status < 200) {
      relayInformation(response, status, reason, readResponseFields(raw))
      return true
    }
    this.resume = resume
    const fields = readResponseFields(raw)
    response.sendDate = false
    response.writeHead(
      status,
      printable(reason),
      forward.editResponse === null ? fields : forward.editResponse(fields),
    )
    // undici takes a 304 with Content-Length for a broken one; whatever it says later, this is whole.
    if (status === 204 || status === 304 || request.method === 'HEAD') this.finishResponse()
    else {
      this.isHeadFresh = true
      process.nextTick(flushHead, this)
    }
    return true
  }

  onData(chunk: Buffer): boolean {
    if (this.isAnswered) return true
    if (this.isHeadFresh && this.pending === null) {
      this.pending = chunk
      return true
    }
    this.writePending()
    return this.write(chunk)
  }

  onUpgrade(status: number, raw: Buffer[] | string[] | null, upstream: Duplex): void {
    const { response, forward, context, handshake } = this.parts
    if (handshake === null || this.isClientGone) return void upstream.destroy()
    const client = handshake.socket
    const fields = readResponseFields((raw ?? []) as Buffer[])
    const edited = forward.editResponse === null ? fields : forward.editResponse(fields)
    response.detachSocket(client)
    const own = ['Connection', 'Upgrade', 'Upgrade', 'websocket']
    client.write(printHead(status, 'Switching Protocols', [...own, ...edited]), 'latin1')
    const early = handshake.takeEarly()
    if (early.length > 0) client.unshift(early)
    this.isAnswered = true
    this.settleClient()
    openTunnel({
      client,
      upstream: upstream as Socket,
      messageBytes: context.limits.messageBytes,
      idleMs: forward.limits.idleMs,
      onClosed: () => this.onComplete(),
    })
  }

  onComplete(): void {
    const { pool } = this.parts
    this.isUpstreamDone = true
    pool.giveBack(this.lane as Lane)
    if (!this.isAnswered && !this.isClientGone) this.finishResponse()
    this.settleUpstream()
  }

  onError(error: Error): void {
    const { pool, response } = this.parts
    const wasConnected = this.abort !== null
    this.isUpstreamDone = true
    if (this.lane !== null && wasConnected) pool.giveBack(this.lane)
    else if (this.lane !== null) pool.discard(this.lane)
    if (!this.isAnswered && !this.isClientGone && !this.isCancelled) {
      this.logFailure(error)
      if (response.headersSent) this.breakOff()
      else this.answer(describeFailure(error, wasConnected))
    }
    this.settleUpstream()
  }

  /** Answers with an error of Keyway's, or breaks the response off where it has begun. */
  fail(error: Omit<OwnError, 'errors'>): void {
    if (this.isAnswered || this.isClientGone) return
    this.cancelUpstream()
    if (this.parts.response.headersSent) this.breakOff()
    else this.answer(error)
  }

  onClientGone(): void {
    if (this.isAnswered || this.isClientGone) return
    this.isClientGone = true
    this.body?.stop()
    this.cancelUpstream()
    this.settleClient()
  }

  onBadMessage(): boolean {
    if (this.isAnswered) return false
    this.parts.response.shouldKeepAlive = false
    this.fail({ status: 400, code: 'bad_body', message: 'The request body is malformed.' })
    return true
  }

  onShutdown(): void {
    this.parts.response.shouldKeepAlive = false
  }

  /** Sends a head that no body followed at once: event streams say nothing for a while. */
  flushHead(): void {
    this.isHeadFresh = false
    if (this.isAnswered || this.isClientGone) return
    // flushHeaders would write the head as UTF-8 and so change bytes over 127.
    if (this.pending === null) this.parts.response.write(NOTHING)
    else this.writePending()
  }

  onTotalTimeout(): void {
    this.fail(TOTAL_TIMEOUT)
  }

  onWaited(): void {
    this.fail(OVERLOADED)
  }

  /** The client has read nothing for as long as the upstream may be quiet. */
  onStalled(): void {
    if (this.isAnswered || this.isClientGone) return
    this.cancelUpstream()
    this.breakOff()
  }

  private enterPool(): void {
    const { pool } = this.parts
    const { connectMs } = pool.upstream.config.limits
    pool.enter(this)
    if (this.lane === null && !this.isUpstreamDone && connectMs > 0) {
      this.waitTimer = setTimeout(onWaited, connectMs, this)
    }
  }

  private write(chunk: Buffer): boolean {
    if (this.parts.response.write(chunk)) return true
    this.watchDrain()
    return false
  }

  private writePending(): void {
    const { pending } = this
    if (pending === null) return
    this.pending = null
    this.parts.response.write(pending)
  }

  private watchDrain(): void {
    const { idleMs } = this.parts.forward.limits
    if (idleMs > 0) this.waitTimer = setTimeout(onStalled, idleMs, this)
    if (this.isWatchingDrain) return
    this.isWatchingDrain = true
    this.parts.response.on('drain', () => this.onDrained())
  }

  private onDrained(): void {
    if (this.waitTimer !== null) clearTimeout(this.waitTimer)
    this.waitTimer = null
    if (!this.isUpstreamDone) this.resume?.()
  }

  private finishResponse(): void {
    const { pending } = this
    this.pending = null
    if (pending === null) this.parts.response.end()
    else this.parts.response.end(pending)
    this.settleAnswered()
  }

  private answer(error: Omit<OwnError, 'errors'>): void {
    const { request, response, forward, id } = this.parts
    if (expectsContinue(request) && this.body === null) response.shouldKeepAlive = false
    sendError(response, { ...error, errors: forward.errors }, id)
    this.settleAnswered()
  }

  private settleAnswered(): void {
    const { context, connection } = this.parts
    this.isAnswered = true
    this.body?.discard()
    if (context.isDraining) connection.socket.destroySoon()
    this.settleClient()
  }

  private breakOff(): void {
    this.isClientGone = true
    this.body?.stop()
    breakOff(this.parts.response, this.pending)
    this.settleClient()
  }

  private cancelUpstream(): void {
    if (this.isUpstreamDone || this.isCancelled) return
    this.isCancelled = true
    if (this.abort !== null) this.abort(CANCELLED)
    else if (this.lane === null) {
      this.parts.pool.leave(this)
      this.isUpstreamDone = true
      this.settleUpstream()
    }
  }

  private settleClient(): void {
    if (this.waitTimer !== null) clearTimeout(this.waitTimer)
    if (this.totalTimer !== null) clearTimeout(this.totalTimer)
    leaveConnection(this.parts.connection)
  }

  private settleUpstream(): void {
    this.parts.pool.release()
  }

  private logFailure(error: Error): void {
    const { context, forward, id } = this.parts
    const { route, upstream } = forward
    context.log.warn(
      { id, route, upstream: upstream.config.name, code: codeOf(error) },
      'upstream failed',
    )
  }
}

function flushHead(exchange: Exchange): void {
  exchange.flushHead()
}

function onTotalTimeout(exchange: Exchange): void {
  exchange.onTotalTimeout()
}

function onWaited(exchange: Exchange): void {
  exchange.onWaited()
}

function onStalled(exchange: Exchange): void {
  exchange.onStalled()
}

/** A reason phrase as Node accepts it; one with other bytes is left to the status. */
function printable(reason: string): string {
  return /^[\t\x20-\x7e]*$/.test(reason) ? reason : ''
}
