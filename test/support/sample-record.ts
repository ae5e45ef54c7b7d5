import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'

/** What is recorded of a request beside what a line of the log tells; none of it has happened. */
export const UNTOLD: Pick<
  ExchangeRecord,
  | 'first'
  | 'credentialSource'
  | 'credentialScheme'
  | 'form'
  | 'receivedBytes'
  | 'sentBytes'
  | 'firstByteMs'
  | 'upstreamMs'
  | 'addedMs'
> = {
  first: null,
  credentialSource: null,
  credentialScheme: null,
  form: 'plain',
  receivedBytes: 0,
  sentBytes: 0,
  firstByteMs: null,
  upstreamMs: null,
  addedMs: null,
}

/** One request that went well. */
export const RECORD: ExchangeRecord = {
  id: 'id-1',
  traceId: null,
  method: 'POST',
  path: '/v1/messages',
  route: 'chat',
  rule: 'keys',
  branch: 'then',
  upstream: 'one',
  status: 200,
  origin: 'upstream',
  code: null,
  credentialKind: 'openai',
  client: 'ci',
  countedClient: null,
  durationMs: 30,
  ...UNTOLD,
}
