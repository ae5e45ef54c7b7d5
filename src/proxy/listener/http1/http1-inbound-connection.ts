import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { AnswerCode } from '../../../answers/answers.ts'
import type { ParsedRequest } from '../../../http/message/parse-request-head.ts'
import type { RequestFault, RequestFaultCode } from '../../../http/message/request-fault.ts'
import { type RequestListener, RequestReader } from '../../../http/message/request-reader.ts'
import { addressOf, type Occupant } from '../../client/connections.ts'
import { asksForWebSocket } from '../../client/handshake.ts'
import type { SocketOwner } from '../../client/own-socket.ts'
import type { Bond } from '../../upstream/bond.ts'
import { Closing, LINGER_MS } from './closing.ts'
import type { Watched } from './deadlines.ts'
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
  implements RequestCarrier, RequestListener, ResponseOwner, IntakeOwner, SocketOwner, Watched
{
  readonly socket: Socket
  readonly peerIp: string
  readonly protocol: 'http' | 'https'
  occupant: Occupant | null = null
  bond: Bond | null = null
  dueStep: number
  private readonly service: Http1Service
  private readonly reader: RequestReader
  private readonly intake: Intake
  private request: Http1InboundRequest | null = null
  private response: Http1InboundResponse | null = null
  /** null: it was not asked to become a WebSocket. */
  private early: EarlyBytes | null = null
  /** null: it goes on. */
  private closing: Closing | null = null

  constructor(socket: Socket, service: Http1Service) {
    this.socket = socket
    this.service = service
    this.peerIp = addressOf(socket)
    this.protocol = socket instanceof TLSSocket ? 'https' : 'http'
    this.reader = new RequestReader(this, service.limits.headersBytes)
    this.intake = new Intake(this, this.reader)
    this.dueStep = service.after(service.limits.headersTimeoutMs)
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
    if (this.closing !== null) return
    if (this.early !== null) this.early.push(chunk)
    else {
      this.intake.take(chunk)
      if (this.intake.isFull) this.holdBack()
    }
  }

  /** The client sends nothing more. */
  end(): void {
    if (this.early?.isTunnel || this.closing !== null) return
    this.occupant?.onClientGone()
    // Who only ended its side is to see that the answer is not whole.
    this.response?.breakOff()
    if (this.request === null && !this.reader.isBetween) this.answer('bad_message')
    else if (this.closing === null) this.close()
  }

  /** The client has read what waited for it. */
  drained(): void {
    if (this.early?.isTunnel) return
    this.response?.drained()
    this.goOn()
  }

  /** The socket is closed. */
  gone(): void {
    this.service.onGone(this)
    this.stop()
    this.occupant?.onClientGone()
    this.occupant = null
    this.response?.abandon()
    this.bond?.close()
  }

  /** Ends with what is under way; at once where there is nothing. */
  shutDown(): void {
    if (this.request !== null) this.occupant?.onShutdown()
    else if (this.reader.isBetween && this.intake.isEmpty) this.socket.destroySoon()
  }

  pauseReading(): void {
    this.socket.pause()
  }

  resumeReading(): void {
    if (!this.intake.isFull) this.socket.resume()
  }

  onHead(head: ParsedRequest): void {
    this.dueStep = Number.POSITIVE_INFINITY
    if (head.method === 'CONNECT') {
      this.answer('connect_refused')
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
      this.dueStep = this.service.after(LINGER_MS)
      this.resumeReading()
    } else this.close()
  }

  onBrokenOff(): void {
    this.stop()
    this.dueStep = this.service.after(LINGER_MS)
  }

  onDue(): void {
    if (this.closing !== null) this.dueStep = this.closing.onDue()
    else if (this.response?.isEnded || this.reader.isBetween) this.onStill()
    else if (this.request === null) this.answer('headers_timeout')
  }

  /** Nothing came for too long, of a client that may still be reading, or could be heard to leave. */
  private onStill(): void {
    const { service, socket } = this
    const isOver = this.request === null || this.response?.isEnded
    if (isOver && socket.writableLength > 0) return void this.close()
    if (isOver) return void socket.destroy()
    // Who is not read is not seen to leave, but by an attempt to write.
    socket.write('')
    this.dueStep = service.after(service.limits.bodyIdleMs)
  }

  /** The reader reads one request, until that is answered, and as long as answers are read. */
  isReady(): boolean {
    if (this.closing !== null || this.early !== null) return false
    if (this.request !== null) return !this.request.isComplete
    return this.socket.writableLength <= UNSENT_BYTES
  }

  onBegin(): void {
    this.dueStep = this.service.after(this.service.limits.headersTimeoutMs)
  }

  onFault({ code }: RequestFault): void {
    this.reader.stop()
    if (this.request === null) this.answer(code)
    else if (!this.tellBadBody(code)) this.close()
  }

  /** Has a body that is wrong be answered; false: it was answered, and two answers would be one too many. */
  private tellBadBody(code: RequestFaultCode): boolean {
    if (this.occupant === null || this.response?.isEnded) return false
    return this.occupant.onBadMessage(code === 'chunk_extensions_too_large' ? code : 'bad_body')
  }

  /** Leaves unread what comes behind too many bytes. */
  private holdBack(): void {
    this.socket.pause()
    this.dueStep = this.service.after(this.service.limits.bodyIdleMs)
  }

  /** Reads on, what was held first. */
  private goOn(): void {
    this.intake.goOn()
    if (this.closing !== null) return
    if (this.intake.isFull) this.holdBack()
    else if (!this.request?.isPaused()) this.socket.resume()
  }

  /** The request under way is read, and answered. */
  private release(): void {
    const { response, reader, service } = this
    const isKept = response?.shouldKeepAlive && reader.mayGoOn && !service.isDraining()
    this.request = null
    this.response = null
    if (!isKept) return void this.close()
    this.dueStep = service.after(service.limits.keepAliveMs)
    if (this.intake.isEmpty) this.socket.resume()
    // Not before its request has given back what it holds: its place under a limit, say.
    else process.nextTick(() => this.goOn())
  }

  /** Serves nothing more, and closes when what was written has left. */
  private close(): void {
    const isRead = this.request === null && this.reader.isBetween && this.intake.isEmpty
    this.dueStep = this.stop().begin(isRead ? 'read' : 'unread')
  }

  /** Reads nothing more. */
  private stop(): Closing {
    this.intake.clear()
    this.closing ??= new Closing(this.socket, this.service)
    return this.closing
  }

  /** Answers what is no request to go on with; the connection ends. */
  private answer(code: AnswerCode): void {
    this.reader.stop()
    this.service.refuse(this, code)
    this.close()
  }

  private shakeHands(request: Http1InboundRequest, response: Http1InboundResponse): void {
    this.early = new EarlyBytes(this.socket)
    response.shouldKeepAlive = false
    this.service.onHandshake(request, response, openHandshake(this.early, this.intake))
  }
}
