import type { Socket } from 'node:net'
import type { BodySink, BodySource } from '../../../http/message/body-source.ts'

import { isWorthReleasing, releaseMemory } from '../../client/release-memory.ts'

/** Bytes that may wait in a socket; with less than two reads' worth, each chunk would stop its sender. */
const UNSENT_BYTES = 128 * 1024

/** Whoever a body is sent for. */
export interface BodySenderOwner {
  /** A piece of the body was written. */
  readonly onProgress: () => void
  /** The body has not the length that its head announced. */
  readonly onWrongLength: () => void
}

/** Writes the body of one request as it comes, in the framing that its head announced. */
export class BodySender implements BodySink {
  /** All of it is written. */
  isDone = false
  /** The upstream takes no more at present. */
  isBlocked = false
  private readonly socket: Socket
  private readonly source: BodySource
  private readonly owner: BodySenderOwner
  /** Bytes still to come; null: chunked. */
  private left: number | null
  private hasChunks = false
  private isStopped = false

  constructor(socket: Socket, source: BodySource, owner: BodySenderOwner) {
    this.socket = socket
    this.source = source
    this.owner = owner
    this.left = source.length
  }

  write(chunk: Buffer): boolean {
    if (this.isStopped) return true
    if (this.left === null) this.writeChunk(chunk)
    else if (!this.writeSized(chunk, this.left)) return true
    this.owner.onProgress()
    this.isBlocked = this.socket.writableLength > UNSENT_BYTES
    return !this.isBlocked
  }

  end(): void {
    if (this.isStopped) return
    if (this.left === null)
      this.socket.write(this.hasChunks ? '\r\n0\r\n\r\n' : '0\r\n\r\n', 'latin1')
    else if (this.left > 0) {
      this.owner.onWrongLength()
      return
    }
    this.isDone = true
    this.owner.onProgress()
  }

  /** Writes nothing more. */
  stop(): void {
    this.isStopped = true
  }

  onDrain(): void {
    this.isBlocked = false
    if (!this.isStopped && !this.isDone) this.source.resume()
  }

  /** The end of one chunk leaves with the size of the next: one write fewer. */
  private writeChunk(chunk: Buffer): void {
    const size = chunk.length.toString(16)
    this.socket.cork()
    this.socket.write(this.hasChunks ? `\r\n${size}\r\n` : `${size}\r\n`, 'latin1')
    this.writeBytes(chunk)
    this.socket.uncork()
    this.hasChunks = true
  }

  private writeSized(chunk: Buffer, left: number): boolean {
    // A byte more would be read as the next request.
    if (chunk.length > left) {
      this.owner.onWrongLength()
      return false
    }
    this.left = left - chunk.length
    this.writeBytes(chunk)
    return true
  }

  private writeBytes(chunk: Buffer): void {
    if (!isWorthReleasing(chunk)) this.socket.write(chunk)
    else
      this.socket.write(chunk, (error) => {
        // Only now is it the kernel's, or encrypted.
        if (!error && !this.source.isKept) releaseMemory(chunk)
      })
  }
}
