import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { RequestMessage } from '../../../http/message/message.ts'

/**
 * A request that came by HTTP/2, as HTTP/1.1 would have brought it (RFC 9113 §8.3.1): Host from
 * `:authority`, the crumbs of Cookie joined, a body without length as a chunked one.
 */
export class InboundRequest implements RequestMessage {
  readonly httpVersion = '2'
  readonly httpVersionMajor = 1
  readonly httpVersionMinor = 1
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: string[]
  readonly socket: RequestMessage['socket']
  private readonly stream: ServerHttp2Stream

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[]) {
    this.stream = stream
    this.method = headers[':method'] ?? ''
    this.url = headers[':path'] ?? ''
    this.headers = headers
    this.rawHeaders = toHttp1(raw, headers[':authority'])
    // Frames are read whatever the streams do: a reset is heard without asking.
    this.socket = {
      destroy: () => stopReading(stream),
      write: nothing,
      pause: nothing,
      resume: nothing,
    }
    const hasBody = !stream.endAfterHeaders
    if (hasBody && headers['content-length'] === undefined) headers['transfer-encoding'] = 'chunked'
  }

  on(event: 'data' | 'end', listener: (chunk: Buffer) => void): unknown {
    return this.stream.on(event, listener)
  }

  pause(): unknown {
    return this.stream.pause()
  }

  resume(): unknown {
    return this.stream.resume()
  }

  isPaused(): boolean {
    return this.stream.isPaused()
  }
}

function toHttp1(raw: readonly string[], authority: string | undefined): string[] {
  const fields = authority === undefined ? [] : ['host', authority]
  let cookieAt = -1
  // Hot: a loop by hand.
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string
    const value = raw[i + 1] as string
    if (name.startsWith(':') || (name === 'host' && value === authority)) continue
    if (name === 'cookie' && cookieAt >= 0) fields[cookieAt] += `; ${value}`
    else {
      fields.push(name, value)
      if (name === 'cookie') cookieAt = fields.length - 1
    }
  }
  return fields
}

function nothing(): void {}

/** Asks the client to send no more (RFC 9113 §8.1), once it has been sent the whole answer. */
function stopReading(stream: ServerHttp2Stream): void {
  if (stream.writableFinished) stream.close()
  else stream.once('finish', () => stream.close())
}
