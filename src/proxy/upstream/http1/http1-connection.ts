import type { Socket } from 'node:net'
import type { ResponseHead } from '../../../http/message/response-head.ts'
import { type ResponseListener, ResponseReader } from '../../../http/message/response-reader.ts'
import type { Call, CallHandler, Lane, OutgoingRequest } from '../call.ts'
import { leaveData, type SocketOwner } from '../../client/own-socket.ts'
import { Deadline, type DeadlineOwner } from '../deadline.ts'
import { UpstreamError } from '../upstream-error.ts'
import type { BodySender, BodySenderOwner } from './body-sender.ts'
import type { Http1Options } from './http1-options.ts'
import { earlierOf } from './keep-alive.ts'
import { sharedReads } from './shared-reads.ts'
import { printHead, writeRequest } from './write-request.ts'

const IDLE = 'UPSTREAM_IDLE_TIMEOUT'
const SILENT = 'UPSTREAM_HEADERS_TIMEOUT'

/** One connection to a target: one request after the other, each with its response. */
export class Http1Connection
  implements Lane, Call, ResponseListener, BodySenderOwner, DeadlineOwner, SocketOwner
{
  readonly openedAt: number = performance.now()
  isClosed = false
  private readonly options: Http1Options
  private readonly reader: ResponseReader = new ResponseReader(this)
  private readonly deadline: Deadline = new Deadline(this)
  private socket: Socket | null = null
  private handler: CallHandler | null = null
  /** What waits for the connection to be open. */
  private request: OutgoingRequest | null = null
  private headersMs = 0
  private idleMs = 0
  private sender: BodySender | null = null
  private keepAliveMs: number
  private served = 0
  private hasBytes = false
  private hasHead = false
  private isPaused = false
  private isTunnel = false

  constructor(options: Http1Options) {
    this.options = options
    this.keepAliveMs = options.keepAliveMs
  }

  get hasUnsent(): boolean {
    return !this.isClosed && (this.socket?.writableLength ?? 0) > 0
  }

  get isAtHand(): boolean {
    return this.reader.isAtHand
  }

  send(request: OutgoingRequest, handler: CallHandler): void {
    this.headersMs = request.headersMs
    this.idleMs = request.idleMs
    this.handler = handler
    if (this.socket !== null) this.begin(this.socket, request, handler)
    else {
      this.request = request
      this.options.open(sharedReads(this), (error, socket) => this.onOpened(error, socket))
    }
  }

  /** Nobody needs it any more. */
  close(): void {
    this.isClosed = true
    this.deadline.stop()
    this.socket?.destroy()
  }

  cancel(): void {
    this.giveUp(new UpstreamError('REQUEST_CANCELLED'))
  }

  resume(): void {
    if (!this.isPaused || this.isClosed) return
    this.isPaused = false
    this.socket?.resume()
  }

  onInterim(head: ResponseHead): void {
    this.handler?.onInterim(head)
  }

  onHead(head: ResponseHead): void {
    if (this.handler === null) return
    this.hasHead = true
    if (head.keepAliveMs !== null)
      this.keepAliveMs = earlierOf(this.options.keepAliveMs, head.keepAliveMs)
    this.handler.onHead(head)
  }

  onBody(bytes: Buffer): void {
    if (this.handler === null) return
    if (this.handler.onBody(bytes) || this.isPaused || this.isClosed) return
    this.isPaused = true
    this.socket?.pause()
  }

  onEnd(): void {
    const { handler } = this
    if (handler === null) return
    const isSent = this.sender?.isDone ?? true
    this.served += 1
    this.leave()
    // What is left of the request would be read as the next one.
    if (!isSent || !this.reader.mayGoOn) this.close()
    else this.rest()
    handler.onEnd()
  }

  onSwitch(head: ResponseHead, rest: Buffer): void {
    const { handler, socket } = this
    if (handler === null || socket === null) return
    this.leave()
    this.isTunnel = true
    this.isClosed = true
    this.deadline.stop()
    leaveData(socket)
    socket.pause()
    if (rest.length > 0) socket.unshift(rest)
    handler.onTunnel(head, socket)
  }

  onProgress(): void {
    if (!this.hasHead) this.deadline.set(this.headersMs)
  }

  onWrongLength(): void {
    this.giveUp(new UpstreamError('REQUEST_LENGTH'))
  }

  private onOpened(error: Error | null, socket: Socket | null): void {
    if (socket === null) {
      this.giveUp(error as Error)
      return
    }
    this.socket = socket
    this.options.own(socket, this)
    if (this.isClosed) socket.destroy()
    if (socket.destroyed) this.gone()
    else {
      if (socket.isPaused()) socket.resume()
      this.begin(socket, this.request as OutgoingRequest, this.handler as CallHandler)
    }
  }

  private begin(socket: Socket, request: OutgoingRequest, handler: CallHandler): void {
    handler.onConnect(this)
    if (this.handler !== handler) return
    // What has left is not kept for as long as a stream goes on.
    this.request = null
    try {
      const head = printHead(request, this.options.host)
      this.reader.expect(request.method, request.upgrade === null ? null : 'upgrade')
      this.sender = writeRequest(socket, head, request.body, this)
      if (this.handler === handler) this.deadline.set(this.headersMs, this.idleMs)
    } catch (error) {
      this.giveUp(error as Error)
    }
  }

  /** Takes what the connection brought; false: no more until it is asked for. */
  read(chunk: Buffer): boolean {
    if (this.isTunnel) return this.socket?.push(chunk) ?? false
    this.hasBytes = true
    // Nobody asked for them, so nobody can say whose they are.
    if (this.handler === null) this.close()
    else this.feed(chunk)
    return true
  }

  drained(): void {
    this.sender?.onDrain()
  }

  end(): void {
    if (this.handler === null) this.close()
    else if (this.hasBytes) this.feed(null)
    else this.giveUp(this.closedError())
  }

  /** `null` is the connection's end. */
  private feed(chunk: Buffer | null): void {
    try {
      if (chunk === null) this.reader.finish()
      else this.reader.push(chunk)
      // Once a read, whatever it brought: a clock is slow to look at.
      if (this.hasHead) this.deadline.set(this.idleMs)
    } catch (error) {
      this.giveUp(error as Error)
    }
  }

  gone(): void {
    this.fail(new UpstreamError('UPSTREAM_CLOSED'))
  }

  fail(error: Error): void {
    if (this.isTunnel) return
    if (this.handler !== null) this.giveUp(this.hasBytes ? error : this.closedError(error))
    else if (!this.isClosed) this.close()
    this.deadline.stop()
    this.options.onClosed()
  }

  /** A kept connection that ends without a byte of an answer says nothing about the upstream. */
  private closedError(error: Error = new UpstreamError('UPSTREAM_CLOSED')): Error {
    return this.served > 0 ? new UpstreamError('UPSTREAM_STALE') : error
  }

  /** The request has failed. */
  private giveUp(error: Error): void {
    const { handler } = this
    if (handler === null) return
    const hasWritten = this.reader.isBusy
    this.leave()
    if (hasWritten || this.socket === null) this.close()
    else this.rest()
    handler.onError(error)
  }

  /** The connection has no request any more. */
  private leave(): void {
    this.sender?.stop()
    this.sender = null
    this.handler = null
    this.request = null
    this.hasBytes = false
    this.hasHead = false
  }

  /** Waits for the next request. */
  private rest(): void {
    this.resume()
    this.deadline.set(this.keepAliveMs)
  }

  onDue(): void {
    if (this.handler === null) {
      this.close()
      return
    }
    const isSending = this.sender !== null && !this.sender.isDone && !this.sender.isBlocked
    // It is our own side that is waited for.
    if (this.hasHead ? this.isPaused : isSending)
      this.deadline.set(this.hasHead ? this.idleMs : this.headersMs)
    else this.giveUp(new UpstreamError(this.hasHead ? IDLE : SILENT))
  }
}
