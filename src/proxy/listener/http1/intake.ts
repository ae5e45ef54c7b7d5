import { RequestFault } from '../../../http/message/request-fault.ts'
import type { RequestReader } from '../../../http/message/request-reader.ts'
import { HeldBytes } from './held-bytes.ts'

/** Whoever reads requests by an intake. */
export interface IntakeOwner {
  /** Whether the reader may be given bytes. */
  readonly isReady: () => boolean
  /** The first bytes of a request have come, or of empty lines before it. */
  readonly onBegin: () => void
  readonly onFault: (fault: RequestFault) => void
}

/** Bytes behind a request that wait for its answer; more are left unread. */
const HELD_BYTES = 64 * 1024

/** Gives a reader the bytes of one request at a time, and holds those behind it until it is ready again. */
export class Intake {
  private readonly owner: IntakeOwner
  private readonly reader: RequestReader
  private readonly held = new HeldBytes()
  private isReading = false

  constructor(owner: IntakeOwner, reader: RequestReader) {
    this.owner = owner
    this.reader = reader
  }

  get isEmpty(): boolean {
    return this.held.isEmpty
  }

  /** Whether nothing more should be read for now. */
  get isFull(): boolean {
    return this.held.bytes > HELD_BYTES
  }

  /** Takes what the connection brought. */
  take(chunk: Buffer): void {
    const rest = this.held.isEmpty ? this.feed(chunk) : chunk
    if (rest !== null) this.held.push(rest)
  }

  /** Reads on with what was held. */
  goOn(): void {
    const { held } = this
    if (this.isReading) return
    while (!held.isEmpty && this.owner.isReady()) {
      const rest = this.feed(held.shift())
      if (rest !== null) held.unshift(rest)
    }
  }

  /** What was held, for whoever reads it otherwise. */
  takeAll(): Buffer {
    return this.held.takeAll()
  }

  clear(): void {
    this.held.clear()
  }

  /** Reads up to a request that has to be waited for; what is left of the chunk. */
  private feed(chunk: Buffer): Buffer | null {
    const { reader, owner } = this
    let at = 0
    this.isReading = true
    try {
      while (at < chunk.length && owner.isReady()) {
        if (reader.isFresh) owner.onBegin()
        at = reader.push(chunk, at)
      }
    } catch (error) {
      if (!(error instanceof RequestFault)) throw error
      owner.onFault(error)
      return null
    } finally {
      this.isReading = false
    }
    return at < chunk.length ? chunk.subarray(at) : null
  }
}
