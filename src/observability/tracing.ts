import type { ExchangeRecord } from './exchange-record.ts'
import type { TraceContext } from './trace-context.ts'

/** Records what becomes of requests as spans of their traces. */
export interface Tracing {
  /** A request begins; null: its client named no trace. */
  readonly begin: (parent: TraceContext | null) => RequestSpan
}

/** The span of one request. */
export interface RequestSpan {
  readonly context: TraceContext
  /** It is sent to an upstream, once more perhaps. */
  readonly attempt: (attempt: AttemptDescription) => AttemptSpan
  readonly end: (exchange: TracedExchange) => void
}

/** What is said of a request that is over. */
export interface TracedExchange {
  readonly record: ExchangeRecord
  /** Pattern of the route's path; null: there is no route. */
  readonly pattern: string | null
  /** The client's. */
  readonly address: string
  /** As Via writes it. */
  readonly httpVersion: string
  readonly scheme: 'http' | 'https'
}

/** What is said of one attempt; holds no credential, no query and no header. */
export interface AttemptDescription {
  readonly method: string
  readonly upstream: string
  /** Name of the provider in the catalogue; null: none is named. */
  readonly provider: string | null
  /** Such as `https://api.anthropic.com`. */
  readonly origin: string
  /** Without a query, and with nothing in it that must not be shown. */
  readonly path: string
}

/** The span of one attempt. */
export interface AttemptSpan {
  readonly context: TraceContext
  readonly onStatus: (status: number) => void
  readonly onError: (code: string) => void
  /** Called once, when nothing of it is left. */
  readonly end: () => void
}

/** Ends a request's span by its record; `clientIp` is null where nobody has looked for it. */
export type EndSpan = (record: ExchangeRecord, clientIp: string | null) => void
