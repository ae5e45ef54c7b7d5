import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ResponseMessage } from '../../http/message/message.ts'
import { printableReason, printHead, resetSocket } from './own-response.ts'

/** A response of Node's own server. */
export class NodeResponse implements ResponseMessage {
  private readonly response: ServerResponse

  constructor(response: ServerResponse) {
    this.response = response
  }

  get statusCode(): number {
    return this.response.statusCode
  }

  get headersSent(): boolean {
    return this.response.headersSent
  }

  get shouldKeepAlive(): boolean {
    return this.response.shouldKeepAlive
  }

  set shouldKeepAlive(isKept: boolean) {
    this.response.shouldKeepAlive = isKept
  }

  set sendDate(isSent: boolean) {
    this.response.sendDate = isSent
  }

  writeHead(status: number, reason: string | null, fields: string[]): void {
    // Node takes a Connection among the fields for all that there is to say.
    if (status === 426 && !this.shouldKeepAlive) fields.push('Connection', 'close')
    if (reason === null) this.response.writeHead(status, fields)
    else this.response.writeHead(status, printableReason(reason), fields)
  }

  writeContinue(): void {
    this.response.writeContinue()
  }

  inform(status: number, reason: string, fields: readonly string[]): void {
    const { req, socket } = this.response
    const head = printHead(status, printableReason(reason), fields)
    // Node looks at final responses; a hint that can't be passed on as it is can be left out.
    if (req.httpVersionMinor === 0 || FORBIDDEN.test(head)) return
    // To a client that does not read they would only pile up.
    if (socket?.writableNeedDrain === false) socket.write(head, 'latin1')
  }

  write(chunk: Buffer, onWritten?: (error?: Error | null) => void): boolean {
    return this.response.write(chunk, onWritten)
  }

  end(chunk?: Buffer | string, encoding: BufferEncoding = 'utf8'): void {
    if (chunk === undefined) this.response.end()
    else this.response.end(chunk, encoding)
  }

  on(event: 'drain' | 'close', listener: () => void): void {
    this.response.on(event, listener)
  }

  breakOff(): void {
    const { chunkedEncoding, shouldKeepAlive, req, socket } = this.response
    if (socket === null) return
    const isFramed = chunkedEncoding || shouldKeepAlive
    const isTold = isFramed && req.httpVersionMinor > 0
    // Newer Nodes hold what was written back to the end of the tick.
    process.nextTick(isTold ? destroySoon : resetSocket, socket)
  }

  detach(): void {
    const { socket } = this.response
    if (socket !== null) this.response.detachSocket(socket)
  }
}

const FORBIDDEN = /[^\t\r\n\x20-\x7e\x80-\xff]/

function destroySoon(socket: Socket): void {
  socket.destroySoon()
}
