/** The fields of a request that are asked for by name; what came twice is joined by a comma. */
export interface NamedFields {
  readonly connection?: string | undefined
  readonly 'content-length'?: string | undefined
  readonly 'transfer-encoding'?: string | undefined
  readonly upgrade?: string | undefined
  readonly expect?: string | undefined
  readonly 'x-request-id'?: string | string[] | undefined
  readonly traceparent?: string | string[] | undefined
  readonly tracestate?: string | string[] | undefined
}

/** The head of a request, as HTTP/1.1 writes it. */
export interface RequestHead {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** As Via writes it: `1.1`, and `2` where HTTP/2 brought it. */
  readonly httpVersion: string
  readonly httpVersionMajor: number
  readonly httpVersionMinor: number
  readonly headers: NamedFields
  /** Name, value, name, value… in the order they came. */
  readonly rawHeaders: string[]
}

/** What forwarding needs of a request, whichever server and version of HTTP brought it. */
export interface RequestMessage extends RequestHead {
  readonly socket: {
    readonly destroy: () => unknown
    readonly write: (bytes: string) => unknown
    /** Reads nothing of the whole connection for a while; where others share it, does nothing. */
    readonly pause: () => unknown
    readonly resume: () => unknown
  }
  /** Whether its whole body came with its head, so that it is not waited for; not there: nobody knows. */
  readonly isAtHand?: boolean
  on(event: 'data', listener: (chunk: Buffer) => void): unknown
  on(event: 'end', listener: () => void): unknown
  pause(): unknown
  resume(): unknown
  isPaused(): boolean
  /** Lets go of its fields, once nobody will ask for them; not there: they go with it. */
  forgetHead?(): void
  /** Reads away what is left of the body of an answered request, for a while; not there: whoever asked for the body has to. */
  readAway?(): void
}

/** What forwarding needs of a response, whichever server and version of HTTP takes it. */
export interface ResponseMessage {
  readonly statusCode: number
  readonly headersSent: boolean
  /** Whether it gets a Date of Keyway's own. */
  set sendDate(isSent: boolean)
  /** False: the connection ends with this response. HTTP/2 ends connections in its own way. */
  shouldKeepAlive: boolean
  /** `reason` null: the usual one. */
  writeHead(status: number, reason: string | null, fields: string[]): void
  writeContinue(): void
  /** Passes an interim response on, unless it can't be, or the client does not read. */
  inform(status: number, reason: string, fields: readonly string[]): void
  /** `onWritten` is called when the chunk's memory is needed no more, or with the error. */
  write(chunk: Buffer, onWritten?: (error?: Error | null) => void): boolean
  end(chunk?: Buffer | string, encoding?: BufferEncoding): void
  on(event: 'drain' | 'close', listener: () => void): void
  /**
   * Ends a response that can't be completed so that the client sees it: what came is delivered, then
   * the stream is reset, or the connection closes before the end that the framing announces. A body
   * that ends with the connection is ended by a reset.
   */
  breakOff(): void
  /** Lets go of the connection, which becomes a tunnel. */
  detach(): void
}
