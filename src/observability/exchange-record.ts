/** What became of one request; holds no credential, no query and no header. */
export interface ExchangeRecord {
  readonly id: string
  /** Of W3C trace context; null: it stands in no trace. */
  readonly traceId: string | null
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** null: none matched. */
  readonly route: string | null
  readonly rule: string | null
  /** Which side of the rule was taken. */
  readonly branch: 'then' | 'else' | null
  /** null: Keyway answered by itself. */
  readonly upstream: string | null
  /** What was decided before a fallback took over; null: none did. */
  readonly first: FirstDecision | null
  /** As the client received it; 499: the client left before it was complete. */
  readonly status: number
  /** Who made the answer. */
  readonly origin: 'upstream' | 'keyway'
  /** Code of an answer of Keyway's. */
  readonly code: string | null
  /** Kind of the client's credential; null: none was presented. */
  readonly credentialKind: string | null
  /** Where that was found, in the file's words; null: none was. */
  readonly credentialSource: string | null
  /** Its scheme, one that is known or named by the file; null: a bare value, or none. */
  readonly credentialScheme: string | null
  /** Name of the client that showed its token; null: nobody did. */
  readonly client: string | null
  /** The same where metrics may count by it. */
  readonly countedClient: string | null
  readonly durationMs: number
  /** How its answer came. */
  readonly form: AnswerForm
  /** Bytes of the request's body, or that a WebSocket's client sent. */
  readonly receivedBytes: number
  /** Bytes of an upstream's response body, or that a WebSocket's client was sent. */
  readonly sentBytes: number
  /** From the request to the first byte of an upstream's answer to the client; null: none was begun. */
  readonly firstByteMs: number | null
  /** How long the upstream that answered took to its first byte; null: none answered. */
  readonly upstreamMs: number | null
  /** Of `firstByteMs`, what was spent neither on upstreams nor on the client's body; null: as it is. */
  readonly addedMs: number | null
}

/** What was decided for a request that a fallback took over. */
export interface FirstDecision {
  readonly rule: string | null
  readonly branch: 'then' | 'else' | null
  readonly upstream: string
}

/** Whole or streamed, as server-sent events, or as a WebSocket. */
export type AnswerForm = 'plain' | 'sse' | 'websocket'

/** Hears of each request when its answer is complete or broken off. */
export type OnExchange = (record: ExchangeRecord) => void
