import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { expect, test } from 'vitest'
import type { ExchangeRecord } from '../../../src/observability/exchange-record.ts'
import { createTracing } from '../../../src/observability/telemetry/request-spans.ts'
import type { TraceContext } from '../../../src/observability/trace-context.ts'
import type { AttemptDescription, Tracing } from '../../../src/observability/tracing.ts'
import { RECORD } from '../../support/sample-record.ts'

const ATTEMPT: AttemptDescription = {
  method: 'POST',
  upstream: 'one',
  provider: 'openai',
  origin: 'https://api.openai.com',
  path: '/v1/chat/completions',
}

const PARENT: TraceContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: 1 }

/** Spans that are over, in the order they ended. */
function recorded(trace: (tracing: Tracing) => void): ReadableSpan[] {
  const exporter = new InMemorySpanExporter()
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  trace(createTracing(provider.getTracer('test')))
  return exporter.getFinishedSpans()
}

function requestSpan(
  parts: Partial<ExchangeRecord> = {},
  { pattern = '/v1/*' as string | null, parent = null as TraceContext | null } = {},
): ReadableSpan | undefined {
  const exchange = { pattern, address: '10.0.0.1', httpVersion: '1.1', scheme: 'https' as const }
  const record = { ...RECORD, ...parts }
  return recorded((tracing) => tracing.begin(parent).end({ record, ...exchange }))[0]
}

test('a request is a span of the server, with everything that is known of it', () => {
  expect(requestSpan()).toMatchObject({
    name: 'POST /v1/*',
    kind: 1,
    status: { code: 0 },
    attributes: {
      'http.request.method': 'POST',
      'url.scheme': 'https',
      'url.path': '/v1/messages',
      'http.response.status_code': 200,
      'network.protocol.version': '1.1',
      'client.address': '10.0.0.1',
      'keyway.request.id': 'id-1',
      'http.route': '/v1/*',
      'keyway.route': 'chat',
      'keyway.rule': 'keys',
      'keyway.upstream': 'one',
      'keyway.client': 'ci',
      'keyway.credential.kind': 'openai',
    },
  })
})

test('of what there is nothing to say of, nothing is said', () => {
  const none = { route: null, rule: null, upstream: null, client: null, credentialKind: null }
  const span = requestSpan({ ...none, status: 404, code: 'no_route' }, { pattern: null })
  expect(span?.name).toBe('POST')
  expect(span?.attributes).toEqual({
    'http.request.method': 'POST',
    'url.scheme': 'https',
    'url.path': '/v1/messages',
    'http.response.status_code': 404,
    'network.protocol.version': '1.1',
    'client.address': '10.0.0.1',
    'keyway.request.id': 'id-1',
    'error.type': 'no_route',
    'keyway.code': 'no_route',
  })
})

test.each([
  { status: 200, code: null, type: undefined, spanStatus: 0 },
  { status: 404, code: null, type: undefined, spanStatus: 0 },
  { status: 403, code: 'credential_refused', type: 'credential_refused', spanStatus: 0 },
  { status: 500, code: null, type: '500', spanStatus: 2 },
  { status: 502, code: 'upstream_failed', type: 'upstream_failed', spanStatus: 2 },
])('an answer $status, $code: error $type, status $spanStatus', (row) => {
  const span = requestSpan({ status: row.status, code: row.code })
  expect(span?.attributes['error.type']).toBe(row.type)
  expect(span?.status.code).toBe(row.spanStatus)
})

test.each([
  ['CONNECT', 'CONNECT'],
  ['DELETE', 'DELETE'],
  ['GET', 'GET'],
  ['HEAD', 'HEAD'],
  ['OPTIONS', 'OPTIONS'],
  ['PATCH', 'PATCH'],
  ['POST', 'POST'],
  ['PUT', 'PUT'],
  ['QUERY', 'QUERY'],
  ['PROPFIND', '_OTHER'],
  ['get', '_OTHER'],
])('the method %s is told as %s', (method, told) => {
  const span = requestSpan({ method })
  expect(span?.name).toBe(`${told} /v1/*`)
  expect(span?.attributes['http.request.method']).toBe(told)
})

test('a request goes on with the trace of its client, or begins one', () => {
  const inside = requestSpan({}, { parent: PARENT })
  expect(inside?.spanContext().traceId).toBe(PARENT.traceId)
  expect(inside?.parentSpanContext).toMatchObject({ spanId: PARENT.spanId, isRemote: true })
  const first = requestSpan()
  expect(first?.parentSpanContext).toBeUndefined()
  expect(first?.spanContext().traceId).toMatch(/^(?!a{32})[0-9a-f]{32}$/)
})

test('flags that nobody knows are not sent on', () => {
  const contexts: TraceContext[] = []
  recorded((tracing) => void contexts.push(tracing.begin({ ...PARENT, flags: 255 }).context))
  expect(contexts).toEqual([
    { traceId: PARENT.traceId, spanId: expect.stringMatching(/^[0-9a-f]{16}$/), flags: 1 },
  ])
})

function attemptSpan(parts: Partial<AttemptDescription> = {}): ReadableSpan | undefined {
  return recorded((tracing) =>
    tracing
      .begin(null)
      .attempt({ ...ATTEMPT, ...parts })
      .end(),
  )[0]
}

test('an attempt is a span of a client, below that of its request', () => {
  const told: TraceContext[] = []
  const [span] = recorded((tracing) => {
    const request = tracing.begin(PARENT)
    const attempt = request.attempt(ATTEMPT)
    told.push(request.context, attempt.context)
    attempt.onStatus(200)
    attempt.end()
  })
  expect(span).toMatchObject({ name: 'chat', kind: 2, status: { code: 0 } })
  expect(span?.attributes).toEqual({
    'http.request.method': 'POST',
    'url.full': 'https://api.openai.com/v1/chat/completions',
    'server.address': 'api.openai.com',
    'server.port': 443,
    'keyway.upstream': 'one',
    'gen_ai.provider.name': 'openai',
    'gen_ai.operation.name': 'chat',
    'http.response.status_code': 200,
  })
  const { traceId } = PARENT
  expect(told).toEqual([
    { traceId, spanId: span?.parentSpanContext?.spanId, flags: 1 },
    { traceId, spanId: span?.spanContext().spanId, flags: 1 },
  ])
})

test('of an upstream that is no model provider nothing is said of models', () => {
  const span = attemptSpan({ provider: null, method: 'BREW' })
  expect(span?.name).toBe('_OTHER')
  expect(Object.keys(span?.attributes ?? {}).filter((name) => name.startsWith('gen_ai'))).toEqual(
    [],
  )
})

test.each([
  { origin: 'https://one.example', address: 'one.example', port: 443 },
  { origin: 'http://one.example', address: 'one.example', port: 80 },
  { origin: 'http://one.example:8080', address: 'one.example', port: 8080 },
  { origin: 'https://[2001:db8::1]:8443', address: '2001:db8::1', port: 8443 },
])('$origin is the server $address at $port', ({ origin, address, port }) => {
  expect(attemptSpan({ origin })?.attributes).toMatchObject({
    'url.full': `${origin}/v1/chat/completions`,
    'server.address': address,
    'server.port': port,
  })
})

test('attempts after the first say how many went before', () => {
  const spans = recorded((tracing) => {
    const request = tracing.begin(null)
    for (let count = 0; count < 3; count += 1) request.attempt(ATTEMPT).end()
  })
  const resends = spans.map(({ attributes }) => attributes['http.request.resend_count'])
  expect(resends).toEqual([undefined, 1, 2])
})

test.each([
  { name: 'an answer', status: 399, type: undefined, spanStatus: 0 },
  { name: 'a refusal', status: 400, type: '400', spanStatus: 2 },
  { name: 'a failure', status: 503, type: '503', spanStatus: 2 },
])('an attempt with $name $status: error $type', ({ status, type, spanStatus }) => {
  const [span] = recorded((tracing) => {
    const attempt = tracing.begin(null).attempt(ATTEMPT)
    attempt.onStatus(status)
    attempt.end()
  })
  expect(span?.attributes['http.response.status_code']).toBe(status)
  expect(span?.attributes['error.type']).toBe(type)
  expect(span?.status.code).toBe(spanStatus)
})

test('an attempt that has no answer tells why', () => {
  const [span] = recorded((tracing) => {
    const attempt = tracing.begin(null).attempt(ATTEMPT)
    attempt.onError('ECONNREFUSED')
    attempt.end()
  })
  expect(span?.attributes['error.type']).toBe('ECONNREFUSED')
  expect(span?.attributes['http.response.status_code']).toBeUndefined()
  expect(span?.status.code).toBe(2)
})
