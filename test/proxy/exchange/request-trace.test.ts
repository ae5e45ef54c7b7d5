import { expect, test } from 'vitest'
import { createEndSpan } from '../../../src/proxy/exchange/trace/end-span.ts'
import {
  openTrace,
  withAttempt,
  withTrace,
} from '../../../src/proxy/exchange/trace/request-trace.ts'
import type { TraceContext } from '../../../src/observability/trace-context.ts'
import type { RequestSpan, TracedExchange, Tracing } from '../../../src/observability/tracing.ts'
import { RECORD } from '../../support/sample-record.ts'

const TRACE = 'a'.repeat(32)
const VALID = `00-${TRACE}-${'b'.repeat(16)}-01`
const OWN: TraceContext = { traceId: TRACE, spanId: 'c'.repeat(16), flags: 1 }

/** Records with a span of its own, and tells which parent it was begun with. */
function record(): { tracing: Tracing; parents: (TraceContext | null)[] } {
  const parents: (TraceContext | null)[] = []
  const span = { context: OWN } as unknown as RequestSpan
  const begin = (parent: TraceContext | null): RequestSpan => {
    parents.push(parent)
    return span
  }
  return { tracing: { begin }, parents }
}

test('a request without a trace has none unless one is asked for', () => {
  expect(openTrace({}, 'pass', null)).toBeNull()
  expect(openTrace({}, 'drop', null)).toBeNull()
  expect(openTrace({}, 'make', null)).toMatchObject({
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    span: null,
    tracestate: null,
    isAsItCame: false,
  })
})

test('whoever records it goes on with the trace of its client, under a span of its own', () => {
  const { tracing, parents } = record()
  const trace = openTrace({ traceparent: VALID, tracestate: 'a=1' }, 'pass', tracing)
  expect(parents).toEqual([{ traceId: TRACE, spanId: 'b'.repeat(16), flags: 1 }])
  expect(trace).toMatchObject({
    traceId: TRACE,
    traceparent: `00-${TRACE}-${'c'.repeat(16)}-01`,
    tracestate: 'a=1',
    isAsItCame: false,
  })
})

test('or begins one', () => {
  const { tracing, parents } = record()
  expect(openTrace({}, 'pass', tracing)).toMatchObject({ traceId: TRACE, isAsItCame: false })
  expect(parents).toEqual([null])
})

test('where the file takes it away it is recorded all the same', () => {
  const { tracing } = record()
  const gone = { traceparent: null, tracestate: null }
  expect(openTrace({ traceparent: VALID }, 'drop', tracing)).toMatchObject({
    ...gone,
    traceId: TRACE,
    isAsItCame: false,
  })
  expect(openTrace({ traceparent: VALID }, 'drop', null)).toMatchObject({ ...gone, traceId: TRACE })
  expect(openTrace({}, 'drop', tracing)).toMatchObject({ ...gone, isAsItCame: true })
})

const TRACED = {
  traceId: TRACE,
  span: null,
  traceparent: VALID,
  tracestate: null,
  isAsItCame: false,
}

test('its fields leave in place of those that came', () => {
  const own = ['Accept', '*/*', 'User-Agent', 'ua', 'If-Modified', 'no']
  const headers = [...own, 'TraceParent', 'x', 'tracestate', 'y', 'x-trace', 'z']
  expect(withTrace(headers, TRACED)).toEqual([...own, 'x-trace', 'z', 'traceparent', VALID])
  expect(withTrace(headers, { ...TRACED, tracestate: 'a=1' }).slice(-2)).toEqual([
    'tracestate',
    'a=1',
  ])
  expect(withTrace(headers, { ...TRACED, isAsItCame: true })).toBe(headers)
})

test('each attempt is told of under its own span, unless the file set another', () => {
  const own = `00-${TRACE}-${'c'.repeat(16)}-01`
  const fields = ['a', 'traceparent', 'b', 'c', 'TraceParent', VALID]
  expect(withAttempt(fields, TRACED, OWN)).toEqual([...fields.slice(0, 5), own])
  for (const other of [
    ['traceparent', 'of the file'],
    ['x-copy', VALID],
    ['a', 'traceparent', VALID, 'b'],
  ])
    expect(withAttempt(other, TRACED, OWN)).toBe(other)
})

test('the end of a request is told with the pattern of its route and the address of its client', () => {
  const ended: TracedExchange[] = []
  const span = { end: (exchange: TracedExchange) => void ended.push(exchange) }
  const config = { routes: [{ name: 'chat', match: { path: '/v1/*' } }] }
  const arrival = {
    context: { store: { current: { config } } },
    connection: { peerIp: '10.0.0.1', protocol: 'https' },
    request: { httpVersion: '1.1' },
  }
  const end = createEndSpan(span as never, arrival as never)
  end(RECORD, null)
  end(RECORD, '10.0.0.9')
  end({ ...RECORD, route: null }, null)
  end({ ...RECORD, route: 'gone' }, null)
  const common = { httpVersion: '1.1', scheme: 'https' }
  expect(ended).toEqual([
    { ...common, record: RECORD, pattern: '/v1/*', address: '10.0.0.1' },
    { ...common, record: RECORD, pattern: '/v1/*', address: '10.0.0.9' },
    { ...common, record: { ...RECORD, route: null }, pattern: null, address: '10.0.0.1' },
    { ...common, record: { ...RECORD, route: 'gone' }, pattern: null, address: '10.0.0.1' },
  ])
})
