import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import type { TraceContext } from '../trace-context.ts'
import type {
  AttemptDescription,
  AttemptSpan,
  RequestSpan,
  TracedExchange,
  Tracing,
} from '../tracing.ts'
import { describeGenAi } from './gen-ai.ts'

/** Creates what records requests and their attempts with a tracer. */
export function createTracing(tracer: Tracer): Tracing {
  return {
    begin(parent) {
      const span = tracer.startSpan('request', { kind: SpanKind.SERVER }, contextOf(parent))
      return new RecordedRequest(tracer, span)
    },
  }
}

function contextOf(parent: TraceContext | null): Context {
  if (parent === null) return ROOT_CONTEXT
  const { traceId, spanId, flags } = parent
  const traceFlags = flags & TraceFlags.SAMPLED
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}

function placeOf(span: Span): TraceContext {
  const { traceId, spanId, traceFlags } = span.spanContext()
  return { traceId, spanId, flags: traceFlags }
}

class RecordedRequest implements RequestSpan {
  readonly context: TraceContext
  private readonly tracer: Tracer
  private readonly span: Span
  private attempts = 0

  constructor(tracer: Tracer, span: Span) {
    this.tracer = tracer
    this.span = span
    this.context = placeOf(span)
  }

  attempt(attempt: AttemptDescription): AttemptSpan {
    const resends = this.attempts++
    const attributes = attributesOfAttempt(attempt, resends)
    const name = String(attributes['gen_ai.operation.name'] ?? attributes['http.request.method'])
    const parent = trace.setSpan(ROOT_CONTEXT, this.span)
    const span = this.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent)
    return new RecordedAttempt(span)
  }

  end(exchange: TracedExchange): void {
    const { record, pattern } = exchange
    const method = knownMethod(record.method)
    this.span.updateName(pattern === null ? method : `${method} ${pattern}`)
    this.span.setAttributes(attributesOfRequest(exchange))
    if (record.status >= 500) this.span.setStatus({ code: SpanStatusCode.ERROR })
    this.span.end()
  }
}

class RecordedAttempt implements AttemptSpan {
  readonly context: TraceContext
  private readonly span: Span

  constructor(span: Span) {
    this.span = span
    this.context = placeOf(span)
  }

  onStatus(status: number): void {
    this.span.setAttribute('http.response.status_code', status)
    if (status >= 400) this.fail(String(status))
  }

  onError(code: string): void {
    this.fail(code)
  }

  end(): void {
    this.span.end()
  }

  private fail(type: string): void {
    this.span.setAttribute('error.type', type)
    this.span.setStatus({ code: SpanStatusCode.ERROR })
  }
}

const METHODS: ReadonlySet<string> = new Set([
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
])

/** Whatever a client makes up is one name, so that names stay few. */
function knownMethod(method: string): string {
  return METHODS.has(method) ? method : '_OTHER'
}

function attributesOfRequest({
  record,
  pattern,
  address,
  httpVersion,
  scheme,
}: TracedExchange): Attributes {
  const { route, rule, upstream, code, client, credentialKind, status } = record
  const type = code ?? (status >= 500 ? String(status) : null)
  return {
    'http.request.method': knownMethod(record.method),
    'url.scheme': scheme,
    'url.path': record.path,
    'http.response.status_code': status,
    'network.protocol.version': httpVersion,
    'client.address': address,
    'keyway.request.id': record.id,
    ...named({
      'http.route': pattern,
      'error.type': type,
      'keyway.route': route,
      'keyway.rule': rule,
      'keyway.upstream': upstream,
      'keyway.code': code,
      'keyway.client': client,
      'keyway.credential.kind': credentialKind,
    }),
  }
}

function attributesOfAttempt(
  { method, upstream, provider, origin, path }: AttemptDescription,
  resends: number,
): Attributes {
  const { hostname, port, protocol } = new URL(origin)
  const genAi = describeGenAi(provider, path)
  return {
    'http.request.method': knownMethod(method),
    'url.full': `${origin}${path}`,
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    'server.port': Number(port || (protocol === 'https:' ? 443 : 80)),
    'keyway.upstream': upstream,
    ...(resends === 0 ? {} : { 'http.request.resend_count': resends }),
    ...named({
      'gen_ai.provider.name': genAi?.provider ?? null,
      'gen_ai.operation.name': genAi?.operation ?? null,
    }),
  }
}

/** Attributes without those that there is nothing to say of. */
function named(attributes: Readonly<Record<string, string | null>>): Attributes {
  const known: Attributes = {}
  for (const [name, value] of Object.entries(attributes)) if (value !== null) known[name] = value
  return known
}
