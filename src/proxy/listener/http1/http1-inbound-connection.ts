import type { Socket } from 'node:net'
import type { ParsedRequest } from '../../../http/message/parse-request-head.ts'
import type { RequestFault, RequestFaultCode } from '../../../http/message/request-fault.ts'
import { type RequestListener, RequestReader } from '../../../http/message/request-reader.ts'
import { addressOf, isTlsSocket, type Occupant } from '../../client/connections.ts'
import { asksForWebSocket } from '../../client/handshake.ts'
import type { SocketOwner } from '../../client/own-socket.ts'
import type { Bond } from '../../upstream/bond.ts'
import { Closing, type ClosingOwner, type Stage } from './closing.ts'
import { EarlyBytes, openHandshake } from './early-bytes.ts'
import { Http1InboundRequest, type RequestCarrier } from './http1-inbound-request.ts'
import { Http1InboundResponse, type ResponseOwner, UNSENT_BYTES } from './http1-inbound-response.ts'
import type { Http1Service } from './http1-service.ts'
import { Intake, type IntakeOwner } from './intake.ts'

/**
 * One connection of a client that speaks HTTP/1.1: one request after the other, each read when the
 * one before it is answered. What comes behind a request is held, and then left unread.
 */
export class Http1InboundConnection
  implements RequestCarrier, RequestListener, ResponseOwner, IntakeOwner, SocketOwner, ClosingOwner
{
  readonly socket: Socket
  readonly peerIp: string
  readonly protocol: 'http' | 'https'
  readonly closing: Closing
  occupant: Occupant | null = null
  bond: Bond | null = null
  private readonly service: Http1Service
  private readonly reader: RequestReader
  private readonly intake: Intake
  private request: Http1InboundRequest | null = null
  private response: Http1InboundResponse | null = null
  /** null: it was not asked to become a WebSocket. */
  private early: EarlyBytes | null = null

  constructor(socket: Socket, service: Http1Service) {
    this.socket = socket
    this.service = service
    this.peerIp = addressOf(socket)
    this.protocol = isTlsSocket(socket) ? 'https' : 'http'
    this.reader = new RequestReader(this, service.limits.headersBytes)
    this.intake = new Intake(this, this.reader)
    this.closing = new Closing(this, service)
    this.closing.schedule(service.limits.headersTimeoutMs)
  }

  /** It is free for another request with the end of the response. */
  leave(occupant: Occupant): void {
    if (this.occupant === occupant) this.occupant = null
  }

  closeBehind(): void {
    this.reader.stop()
  }

  /** Takes what the socket brought. */
  read(chunk: Buffer): void {
    if (this.closing.isBegun) return
    if (this.early !== null) this.early.push(chunk)
    else {
      this.intake.take(chunk)
      if (this.intake.isFull) this.holdBack()
    }
  }

  /** The client sends nothing more. */
  end(): void {
    if (this.early?.isTunnel || this.closing.isBegun) return
    this.occupant?.onClientGone()
    // Who only ended its side is to see that the answer is not whole.
    this.response?.breakOff()
    if (this.stage() === 'head') this.closing.answer('bad_message')
    else if (!this.closing.isBegun) this.closing.close()
  }

  /** The client has read what waited for it. */
  drained(): void {
    if (this.early?.isTunnel) return
    this.response?.drained()
    this.goOn()
  }

  /** The socket is closed. */
  gone(): void {
    this.service.onGone(this.closing)
    this.closing.stop()
    this.occupant?.onClientGone()
    this.occupant = null
    this.response?.abandon()
    this.bond?.close()
  }

  get hasBodyAtHand(): boolean {
    return this.reader.hasBodyAtHand
  }

  stage(): Stage {
    const { request, response, reader } = this
    if (response?.isEnded) return 'answered'
    if (request !== null) return reader.isBetween ? 'response' : 'body'
    if (!reader.isBetween) return 'head'
    return this.intake.isEmpty ? 'idle' : 'held'
  }

  dropHeld(): void {
    this.intake.clear()
  }

  pauseReading(): void {
    this.socket.pause()
    this.closing.watchUnread()
  }

  resumeReading(): void {
    if (!this.intake.isFull) this.socket.resume()
  }

  onHead(head: ParsedRequest): void {
    this.closing.unschedule()
    if (head.method === 'CONNECT') {
      this.reader.stop()
      this.closing.answer('connect_refused')
      return
    }
    const request = new Http1InboundRequest(this, head)
    const response = new Http1InboundResponse(this, this.socket, {
      client: head,
      keepsAlive: head.keepsAlive && head.framing !== 'unclear',
      keepAliveMs: this.service.limits.keepAliveMs,
    })
    this.request = request
    this.response = response
    if (head.upgrade !== null && head.framing === 0 && asksForWebSocket(request))
      this.shakeHands(request, response)
    else this.service.onRequest(request, response)
    // Whoever answers refuses such a request: it must not go on, whatever happens.
    if (head.framing === 'unclear' && !response.isEnded) this.socket.destroy()
  }

  onBody(bytes: Buffer): void {
    this.request?.push(bytes)
  }

  onEnd(): void {
    this.request?.complete()
    if (this.response?.isEnded) this.release()
  }

  onAnswered(): void {
    const { request, response, reader } = this
    if (request === null || response === null) return
    request.drop()
    if (request.isComplete) this.release()
    else if (response.shouldKeepAlive && reader.mayGoOn) {
      // Nobody wants the rest, which is read away.
      this.closing.linger()
      this.resumeReading()
    } else this.closing.close()
  }

  onBrokenOff(): void {
    this.closing.stop()
    this.closing.linger()
  }

  /** The reader reads one request, until that is answered, and as long as answers are read. */
  isReady(): boolean {
    if (this.closing.isBegun || this.early !== null) return false
    if (this.request !== null) return !this.request.isComplete
    return this.socket.writableLength <= UNSENT_BYTES
  }

  onBegin(): void {
    this.closing.schedule(this.service.limits.headersTimeoutMs)
  }

  onFault({ code }: RequestFault): void {
    this.reader.stop()
    if (this.request === null) this.closing.answer(code)
    else if (!this.tellBadBody(code)) this.closing.close()
  }

  /** Has a body that is wrong be answered; false: it was answered, and two answers would be one too many. */
  private tellBadBody(code: RequestFaultCode): boolean {
    if (this.occupant === null || this.response?.isEnded) return false
    return this.occupant.onBadMessage(code === 'chunk_extensions_too_large' ? code : 'bad_body')
  }

  /** Leaves unread what comes behind too many bytes; a handshake has its own time. */
  private holdBack(): void {
    this.socket.pause()
    if (this.early === null) this.closing.watchUnread()
  }

  /** Reads on, what was held first. */
  private goOn(): void {
    this.intake.goOn()
    if (this.closing.isBegun) return
    if (this.intake.isFull) this.holdBack()
    else if (!this.request?.isPaused()) this.socket.resume()
  }

  /** The request under way is read, and answered. */
  private release(): void {
    const { response, reader, service, closing } = this
    const isKept = response?.shouldKeepAlive && reader.mayGoOn && !service.isDraining()
    this.request = null
    this.response = null
    if (!isKept) return void closing.close()
    closing.schedule(service.limits.keepAliveMs)
    if (this.intake.isEmpty) this.socket.resume()
    // Not before its request has given back what it holds: its place under a limit, say.
    else process.nextTick(() => this.goOn())
  }

  private shakeHands(request: Http1InboundRequest, response: Http1InboundResponse): void {
    this.early = new EarlyBytes(this.socket)
    response.shouldKeepAlive = false
    this.service.onHandshake(request, response, openHandshake(this.early, this.intake))
  }
}
