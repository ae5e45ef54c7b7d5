import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'

/** One request that went well, and nothing told of how. */
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
