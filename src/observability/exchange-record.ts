/** What became of one request; holds no credential, no query and no header. */
export interface ExchangeRecord {
  readonly id: string
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
  /** As the client received it; 499: the client left before it was complete. */
  readonly status: number
  /** Who made the answer. */
  readonly origin: 'upstream' | 'keyway'
  /** Code of an answer of Keyway's. */
  readonly code: string | null
  /** Kind of the client's credential; null: none was presented. */
  readonly credentialKind: string | null
  /** Name of the client that showed its token; null: nobody did. */
  readonly client: string | null
  /** The same where metrics may count by it. */
  readonly countedClient: string | null
  readonly durationMs: number
}

/** Hears of each request when its answer is complete or broken off. */
export type OnExchange = (record: ExchangeRecord) => void
