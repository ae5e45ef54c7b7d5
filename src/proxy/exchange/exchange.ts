import type { Socket } from 'node:net'
import { type Answer, answerOf } from '../../answers/answers.ts'
import type { Forward } from '../../routing/decide/decision.ts'
import { ClientResponse, type ResponseFeeder } from '../client/client-response.ts'
import type { BadBody, Occupant } from '../client/connections.ts'
import { expectsContinue } from '../client/message-fault.ts'
import type { OwnAnswer } from '../client/own-answer.ts'
import { relayInformation } from '../client/own-response.ts'
import {
  announcedLength,
  type BodyReader,
  RequestBody,
  WHOLE_BODY_BYTES,
} from '../client/request-body.ts'
import { isEventStream, withRequestId } from './answer-fields.ts'
import { Delivery } from './delivery/delivery.ts'
import type { DeliveryOwner } from './delivery/delivery-owner.ts'
import { bytesWorthKeeping } from './delivery/outgoing-body.ts'
import type { Incoming } from './incoming.ts'
import { maskHead } from './mask-response.ts'
import { refuse } from './refuse.ts'
import { relayTunnel } from './relay-tunnel.ts'
import { tellBroken, tellLeft, tellUndone } from './tell-end.ts'

/** How the log calls what was still open when the time to drain was over. */
const CUT_CODE = 'cut_by_drain'

/** How logs have come to call a client that did not wait for its answer. */
const CLIENT_LEFT = { status: 499, code: 'client_left' }

/**
 * One request with its response. Two sides end independently: the client's (answered, broken off
 * or gone) and the upstream's (the delivery's).
 */
export class Exchange implements DeliveryOwner, Occupant, BodyReader, ResponseFeeder {
  private readonly incoming: Incoming
  private readonly delivery: Delivery
  private readonly client: ClientResponse
  private body: RequestBody | null = null
  private totalTimer: NodeJS.Timeout | null = null
  private isTunnel = false

  constructor(incoming: Incoming, forward: Forward) {
    this.incoming = incoming
    this.delivery = new Delivery(incoming, forward, this)
    this.client = new ClientResponse(incoming.response, this, forward.limits.idleMs)
  }

  /** Reads the body, if there is one, and asks the upstream; refuses where there is no place for it. */
  start(): void {
    const { connection, request, response, context } = this.incoming
    const answer = this.delivery.reserve()
    if (answer !== null) {
      this.incoming.permit?.release()
      refuse(this.incoming, this.asOwn(answer), this.delivery.forward)
      return
    }
    connection.occupant = this
    if (context.isDraining) response.shouldKeepAlive = false
    const { bodyBytes, totalMs } = this.delivery.forward.limits
    const onTimeout = (): void => this.fail(answerOf('request_timeout'))
    if (totalMs > 0) this.totalTimer = setTimeout(onTimeout, totalMs)
    const length = announcedLength(request)
    if (length === 0) this.delivery.send(null, null)
    else if (length !== null && bodyBytes > 0 && length > bodyBytes) this.onTooLarge()
    else this.readBody(length)
  }

  private readBody(length: number | null): void {
    const { request, response, context } = this.incoming
    if (expectsContinue(request)) response.writeContinue()
    const isStreamed = length === null || length > WHOLE_BODY_BYTES
    this.body = new RequestBody(request, this, {
      bytes: this.delivery.forward.limits.bodyBytes,
      idleMs: context.limits.bodyIdleMs,
      keepBytes: isStreamed
        ? bytesWorthKeeping(this.delivery.forward, request.method as string)
        : 0,
      room: context.keptBodies,
    })
    if (isStreamed) this.delivery.send(this.body.stream(), this.body)
  }

  onWhole(body: Buffer): void {
    this.incoming.recording?.goOn()
    this.delivery.send(body, null)
  }

  onAwaited(): void {
    this.incoming.recording?.awaitBody()
  }

  onTooLarge(): void {
    this.fail(answerOf('body_too_large'))
  }

  onIdle(): void {
    this.incoming.response.shouldKeepAlive = false
    this.fail(answerOf('body_timeout'))
  }

  onInformation(status: number, reason: string, fields: string[]): void {
    const { incoming, delivery } = this
    const masked = maskHead(incoming, delivery, reason, fields)
    relayInformation(incoming.response, status, masked.reason, masked.fields)
  }

  onResponse(status: number, reason: string, fields: string[]): void {
    const masked = maskHead(this.incoming, this.delivery, reason, fields)
    const { recording, id } = this.incoming
    this.client.begin(status, masked.reason, withRequestId(masked.fields, id))
    if (!this.delivery.isAtHand) this.client.flushSoon()
    recording?.begin(isEventStream(fields) ? 'sse' : 'plain')
    this.body?.forget()
  }

  onBytes(chunk: Buffer): boolean {
    return this.client.isOver || this.client.write(chunk)
  }

  onEnd(): void {
    if (this.client.isOver) return
    this.client.end()
    this.settleAnswered(this.incoming.response.statusCode, null)
  }

  onFailure(answer: Answer): void {
    if (this.client.isOver) return
    this.delivery.cancel()
    if (this.client.hasBegun) this.breakOff()
    else this.answer(answer)
  }

  onTunnel(status: number, fields: string[], upstream: Socket, onClosed: () => void): void {
    const { incoming, delivery } = this
    const { response, context, handshake } = incoming
    if (handshake === null) throw new Error('an upgrade that nobody asked for')
    response.detach()
    this.client.leave()
    this.isTunnel = true
    this.settle(status, null)
    const switched = { handshake, status, fields, upstream }
    relayTunnel(incoming, delivery, switched, () => {
      onClosed()
      this.finish(status, context.isCut ? CUT_CODE : null)
    })
  }

  onDrained(): void {
    this.delivery.resume()
  }

  onLasting(): void {
    const { request, recording } = this.incoming
    this.delivery.forgetRequest()
    request.forgetHead?.()
    recording?.settle(this.delivery.forward)
    if (!this.body?.isOver) return
    recording?.addBytes({ received: this.body.receivedBytes, sent: 0 })
    this.body = null
  }

  onStalled(): void {
    tellBroken(this.incoming, this.delivery.forward, 'client_stalled')
    this.delivery.cancel()
    this.breakOff()
  }

  onClientGone(): void {
    if (this.client.isOver) return
    this.client.leave()
    this.body?.stop()
    this.delivery.cancel()
    const { context, response } = this.incoming
    const cutStatus = response.headersSent ? response.statusCode : 503
    const end = context.isCut ? { status: cutStatus, code: CUT_CODE } : CLIENT_LEFT
    tellLeft(this.incoming, this.delivery.forward, end.code)
    this.settle(end.status, end.code)
  }

  onBadMessage(code: BadBody): boolean {
    if (this.client.isOver) return false
    this.incoming.response.shouldKeepAlive = false
    this.fail(answerOf(code))
    return true
  }

  onShutdown(): void {
    this.incoming.response.shouldKeepAlive = false
  }

  /** Answers with an error of Keyway's, or breaks the response off where it has begun. */
  private fail(answer: Answer): void {
    if (this.client.isOver) return
    tellUndone(this.incoming, this.delivery.forward, answer, this.client)
    this.onFailure(answer)
  }

  private answer(answer: Answer): void {
    const { request, response, id } = this.incoming
    // A client that waits for 100 may send its body now or never: nobody could tell what comes next.
    if (expectsContinue(request) && this.body === null) response.shouldKeepAlive = false
    this.incoming.recording?.beforeAnswer(answer.code)
    this.client.refuse(this.asOwn(answer), id)
    this.settleAnswered(answer.status, answer.code)
  }

  private asOwn(answer: Answer): OwnAnswer {
    const { errors, editOwn } = this.delivery.forward
    return { ...answer, errors, editOwn }
  }

  private breakOff(): void {
    this.body?.stop()
    this.client.breakOff()
    this.settle(this.incoming.response.statusCode, null)
  }

  private settleAnswered(status: number, code: string | null): void {
    const { context, connection } = this.incoming
    this.body?.discard()
    // Another's server may have told the client that it may go on.
    if (context.isDraining && context.mount !== null) connection.socket.destroySoon()
    this.settle(status, code)
  }

  private settle(status: number, code: string | null): void {
    if (this.totalTimer !== null) clearTimeout(this.totalTimer)
    this.body?.forget()
    // A tunnel is under way until it closes.
    if (!this.isTunnel) this.finish(status, code)
    this.incoming.connection.leave(this)
  }

  /** It is over: its limits and whoever hears of requests are told. */
  private finish(status: number, code: string | null): void {
    const { recording, permit } = this.incoming
    permit?.release()
    if (recording === null) return
    recording.decide(this.delivery.forward)
    recording.addBytes({ received: this.body?.receivedBytes ?? 0, sent: this.client.sentBytes })
    recording.finish(status, code)
  }
}
