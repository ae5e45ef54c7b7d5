/** Takes a request's body piece by piece. */
export interface BodySink {
  /** false: no more until the source is resumed. */
  readonly write: (chunk: Buffer) => boolean
  /** The body is whole. */
  readonly end: () => void
}

/** A request's body that is still coming. */
export interface BodySource {
  /** Bytes that it will have; null: nobody knows yet. */
  readonly length: number | null
  /** Whether pieces that were handed on may have to be handed on again; else they are the sink's to do away with. */
  readonly isKept: boolean
  /** Hands all of the body, from its start, to this sink and to no other any more. */
  readonly pipeTo: (sink: BodySink) => void
  /** The sink can take more. */
  readonly resume: () => void
}
