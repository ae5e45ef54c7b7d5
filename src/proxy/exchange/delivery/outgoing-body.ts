import type { BodySource } from '../../../http/message/body-source.ts'
import type { Forward } from '../../../routing/decide/decision.ts'
import type { RequestBody } from '../../client/request-body.ts'

/** Methods that may be carried out twice (RFC 9110 §9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'])

/** Whether a request may be carried out twice. */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method)
}

/** Bytes of a request's body that are worth keeping, as it may have to be sent again. */
export function bytesWorthKeeping({ retry, fallbacks }: Forward, method: string): number {
  const isNeeded = retry.on.some((name) => name !== 'connect') || fallbacks.length > 0
  return isNeeded || isIdempotent(method) ? retry.bufferBytes : 0
}

/** The body of a request as it is sent, and whether it can be sent once more. */
export class OutgoingBody {
  /** null: there is none. */
  readonly content: Buffer | BodySource | null
  /** Where a streamed body can be had again; null: it was read whole. */
  private readonly source: RequestBody | null

  constructor(content: Buffer | BodySource | null, source: RequestBody | null) {
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
    if (Buffer.isBuffer(content)) return content.length <= bufferBytes
    return source?.isKept ?? false
  }

  /** Has it begin anew, from what was kept of it. */
  rewind(): void {
    this.source?.rewind()
  }
}
