import type { IncomingHttpHeaders } from 'node:http'

/** The head of a request, as HTTP/1.1 writes it. */
export interface RequestHead {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** As Via writes it: `1.1`, and `2` where HTTP/2 brought it. */
  readonly httpVersion: string
  readonly httpVersionMajor: number
  readonly httpVersionMinor: number
  readonly headers: IncomingHttpHeaders
  /** Name, value, name, value… in the order they came. */
  readonly rawHeaders: string[]
}

/** What forwarding needs of a request, whichever version of HTTP brought it: Node's own for HTTP/1.1. */
export interface RequestMessage extends RequestHead {
  readonly socket: {
    readonly destroy: () => unknown
    readonly write: (bytes: string) => unknown
    /** Reads nothing of the whole connection for a while; where others share it, does nothing. */
    readonly pause: () => unknown
    readonly resume: () => unknown
  }
  on(event: 'data', listener: (chunk: Buffer) => void): unknown
  on(event: 'end', listener: () => void): unknown
  pause(): unknown
  resume(): unknown
  isPaused(): boolean
}

/** What forwarding needs of a response, whichever version of HTTP takes it: Node's own for HTTP/1.1. */
export interface ResponseMessage {
  readonly statusCode: number
  readonly headersSent: boolean
  sendDate: boolean
  /** False: the connection ends with this response. HTTP/2 ends connections in its own way. */
  shouldKeepAlive: boolean
  writeHead(status: number, reason: string, fields: string[]): unknown
  writeHead(status: number, fields: string[]): unknown
  writeContinue(): void
  /** `onWritten` is called when the chunk's memory is needed no more, or with the error. */
  write(chunk: Buffer, onWritten?: (error?: Error | null) => void): boolean
  end(chunk?: Buffer | string, encoding?: BufferEncoding): unknown
  on(event: 'drain' | 'close', listener: () => void): unknown
}
