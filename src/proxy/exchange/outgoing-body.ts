import { Readable } from 'node:stream'
import type { RequestBody } from '../client/request-body.ts'

/** The body of a request as it is sent, and whether it can be sent once more. */
export class OutgoingBody {
  /** null: there is none. */
  content: Buffer | Readable | null
  /** Where a streamed body can be had again; null: it was read whole. */
  private readonly source: RequestBody | null

  constructor(content: Buffer | Readable | null, source: RequestBody | null) {
    this.content = content
    this.source = source
  }

  get isStreamed(): boolean {
    return this.source !== null
  }

  /** Whether the whole of it can be sent again; `bufferBytes` is what the file lets a request keep. */
  isReplayable(bufferBytes: number): boolean {
    const { content, source } = this
    if (content === null) return true
    if (content instanceof Readable) return source?.isKept ?? false
    return content.length <= bufferBytes
  }

  /** Begins a stream anew, from what was kept of it. */
  reopen(): void {
    if (this.source !== null) this.content = this.source.reopenStream()
  }
}
