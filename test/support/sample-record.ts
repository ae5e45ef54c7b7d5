import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'

/** What is recorded of a request beside what a line of the log tells; none of it has happened. */
export const UNTOLD: Pick<
  ExchangeRecord,
  'form' | 'receivedBytes' | 'sentBytes' | 'firstByteMs' | 'upstreamMs' | 'addedMs'
> = {
  form: 'plain',
  receivedBytes: 0,
  sentBytes: 0,
  firstByteMs: null,
  upstreamMs: null,
  addedMs: null,
}
