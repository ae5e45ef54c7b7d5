/** What became of one secret of the operator's for one request. */
export interface SecretEvent {
  /** `used`: it is about to leave. */
  readonly outcome: 'used' | 'refused'
  /** Its name. */
  readonly secret: string
  /** null: it was not read. Never to be shown. */
  readonly value: string | null
  /** Name of the client that showed its token; null: nobody did. */
  readonly client: string | null
  /** Address of the client. */
  readonly address: string
  readonly route: string | null
  readonly rule: string | null
  readonly upstream: string | null
  /** Where it leaves for, or would have. */
  readonly host: string | null
  /** The request's. */
  readonly id: string
  /** Code of the answer by which it was refused; null: it was used. */
  readonly code: string | null
}

/** Takes note of events before anything leaves; resolves to false where they can't be noted, so that nothing may leave. */
export type NoteSecrets = (events: readonly SecretEvent[]) => true | Promise<boolean>
