import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { ResponseMessage } from '../../../http/message/message.ts'
import {
  printResponseHead,
  type ResponseClient,
  type ResponseFraming,
} from '../../../http/message/print-response-head.ts'
import { printableReason, printHead, resetSocket } from '../../client/own-response.ts'
import { dateNow } from './date-now.ts'

/** Whoever a response is written for. */
export interface ResponseOwner {
  /** All of it is written. */
  readonly onAnswered: () => void
  /** It was broken off: the connection ends by itself. */
  readonly onBrokenOff: () => void
}

/** How a response is written. */
export interface ResponseOptions {
  readonly client: ResponseClient
  /** Whether the client would send another request. */
  readonly keepsAlive: boolean
  /** How long the connection is kept for it; 0: for ever. */
  readonly keepAliveMs: number
}

/** Bytes that may wait in a socket; with less than two reads' worth, each chunk would stop its sender. */
export const UNSENT_BYTES: number = 128 * 1024

/** A piece this short leaves with what frames it as one string, which costs Node less than a write of several parts. */
const ONE_WRITE_BYTES = 4 * 1024

/** A response that leaves by HTTP/1.1. */
export class Http1InboundResponse implements ResponseMessage {
  statusCode = 200
  headersSent = false
  sendDate = true
  shouldKeepAlive: boolean
  /** All of it is written, or nothing more will be. */
  isEnded = false
  private readonly owner: ResponseOwner
  private readonly socket: Socket
  private readonly client: ResponseClient
  private readonly keepAliveMs: number
  /** The head, until it leaves with what follows. */
  private head = ''
  private framing: ResponseFraming = 0
  private hasBody = false
  private onDrain: (() => void) | null = null
  private onClose: (() => void)[] | null = null

  constructor(owner: ResponseOwner, socket: Socket, options: ResponseOptions) {
    this.owner = owner
    this.socket = socket
    // Its whole head would be kept until the end.
    const { method, minor } = options.client
    this.client = { method, minor }
    this.keepAliveMs = options.keepAliveMs
    this.shouldKeepAlive = options.keepsAlive
  }

  writeHead(status: number, reason: string | null, fields: string[]): void {
    const printed = printResponseHead({
      status,
      reason: reason === null ? (STATUS_CODES[status] ?? '') : printableReason(reason),
      fields,
      client: this.client,
      date: this.sendDate ? dateNow() : null,
      keepAliveMs: this.shouldKeepAlive ? this.keepAliveMs : null,
    })
    this.head = printed.text
    this.framing = printed.framing
    this.hasBody = printed.framing !== 0
    this.shouldKeepAlive = printed.keepsAlive
    this.statusCode = status
    this.headersSent = true
  }

  writeContinue(): void {
    this.socket.write('HTTP/1.1 100 Continue\r\n\r\n', 'latin1')
  }

  inform(status: number, reason: string, fields: readonly string[]): void {
    const { client, socket } = this
    const head = printHead(status, printableReason(reason), fields)
    // To a client that does not read they would only pile up.
    if (client.minor > 0 && !FORBIDDEN.test(head) && !socket.writableNeedDrain)
      socket.write(head, 'latin1')
  }

  write(chunk: Buffer, onWritten?: (error?: Error | null) => void): boolean {
    if (this.isEnded) return true
    if (chunk.length === 0 || !this.hasBody) this.flushHead()
    else if (this.framing === 'chunked') this.writeChunk(chunk, onWritten)
    else this.writePlain(chunk, onWritten)
    return this.socket.writableLength <= UNSENT_BYTES
  }

  end(chunk?: Buffer | string, encoding: BufferEncoding = 'utf8'): void {
    if (this.isEnded) return
    if (chunk !== undefined && this.hasBody) this.endWith(chunk, encoding)
    else this.writeText(this.framing === 'chunked' ? '0\r\n\r\n' : '')
    // Fewer bytes than the head has announced: what comes next would be taken for them.
    if (typeof this.framing === 'number' && this.hasBody && this.framing > 0) this.breakOff()
    else this.finish()
  }

  on(event: 'drain' | 'close', listener: () => void): void {
    if (event === 'drain') this.onDrain = listener
    else this.onClose = [...(this.onClose ?? []), listener]
  }

  breakOff(): void {
    const { framing, client, socket } = this
    if (this.isEnded) return
    this.flushHead()
    this.isEnded = true
    this.tellClosed()
    if (framing !== 'close' && client.minor > 0) socket.destroySoon()
    else resetSocket(socket)
    this.owner.onBrokenOff()
  }

  detach(): void {
    this.isEnded = true
  }

  /** Fastify tells the client so when it is closing. */
  setHeader(): void {
    this.shouldKeepAlive = false
  }

  /** The client has read. */
  drained(): void {
    if (!this.isEnded) this.onDrain?.()
  }

  /** The client is gone. */
  abandon(): void {
    this.isEnded = true
    this.tellClosed()
  }

  private finish(): void {
    this.isEnded = true
    this.tellClosed()
    this.owner.onAnswered()
  }

  private tellClosed(): void {
    const { onClose } = this
    this.onClose = null
    for (const listener of onClose ?? []) listener()
  }

  private flushHead(): void {
    this.writeText('')
  }

  /** Writes text, behind the head where it has not left yet. */
  private writeText(text: string): void {
    const bytes = this.head + text
    this.head = ''
    if (bytes !== '') this.socket.write(bytes, 'latin1')
  }

  private writePlain(chunk: Buffer, onWritten?: (error?: Error | null) => void): void {
    if (typeof this.framing === 'number' && !this.count(chunk.length)) return
    this.writeParts('', chunk, '', onWritten)
  }

  private writeChunk(chunk: Buffer, onWritten?: (error?: Error | null) => void): void {
    this.writeParts(`${chunk.length.toString(16)}\r\n`, chunk, '\r\n', onWritten)
  }

  private writeParts(
    before: string,
    chunk: Buffer,
    after: string,
    onWritten?: (error?: Error | null) => void,
  ): void {
    const { socket } = this
    if (chunk.length <= ONE_WRITE_BYTES) {
      this.writeText(before + chunk.toString('latin1') + after)
      onWritten?.(null)
      return
    }
    socket.cork()
    this.writeText(before)
    socket.write(chunk, onWritten)
    if (after !== '') socket.write(after, 'latin1')
    socket.uncork()
  }

  private endWith(chunk: Buffer | string, encoding: BufferEncoding): void {
    const bytes = typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length
    if (bytes === 0) {
      this.writeText(this.framing === 'chunked' ? '0\r\n\r\n' : '')
      return
    }
    if (typeof this.framing === 'number' && !this.count(bytes)) return
    const isChunked = this.framing === 'chunked'
    const before = isChunked ? `${bytes.toString(16)}\r\n` : ''
    const after = isChunked ? '\r\n0\r\n\r\n' : ''
    if (typeof chunk !== 'string') this.writeParts(before, chunk, after)
    else if (encoding === 'latin1') this.writeText(before + chunk + after)
    else this.writeParts(before, Buffer.from(chunk, encoding), after)
  }

  /** Takes bytes off what the head has announced; false: there are more, and the response is broken off. */
  private count(bytes: number): boolean {
    const left = (this.framing as number) - bytes
    if (left >= 0) {
      this.framing = left
      return true
    }
    this.breakOff()
    return false
  }
}

const FORBIDDEN = /[^\t\r\n\x20-\x7e\x80-\xff]/
