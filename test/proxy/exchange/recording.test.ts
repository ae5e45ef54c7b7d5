import { expect, test, vi } from 'vitest'
import { createKindScanner } from '../../../src/config/naming/kind-scanner.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'
import type { ExchangeRecord } from '../../../src/observability/exchange-record.ts'
import { OpenRequests } from '../../../src/observability/open-requests.ts'
import {
  Recording,
  type RecordingSources,
} from '../../../src/proxy/exchange/recording/recording.ts'
import type { SecretUse } from '../../../src/proxy/exchange/secret-use.ts'
import type { Decision } from '../../../src/routing/decide/decision.ts'

const REQUEST = { id: 'id-1', method: 'POST', target: '/v1/x?key=FAKE', traceId: 'a'.repeat(32) }

const DECISION = {
  action: 'forward',
  route: 'r',
  rule: 'n',
  branch: 'else',
  upstream: { config: { name: 'up' } },
  credentialKind: 'openai',
  client: { name: 'ci', isCounted: true },
  clientIp: '10.0.0.1',
  hidden: { list: () => [] },
} as unknown as Decision

function record(sources: Partial<RecordingSources> = {}, request = REQUEST) {
  const records: ExchangeRecord[] = []
  const open = new OpenRequests()
  const recording = new Recording(request, {
    onExchange: (one) => void records.push(one),
    secretUse: null,
    endSpan: null,
    open,
    scanner: createKindScanner(loadCatalogue().kinds),
    ...sources,
  })
  return { records, open, recording }
}

test.each([
  ['a method of its own', 'VERSION-CONTROL', 'VERSION-CONTROL'],
  ['a long one', 'A-METHOD-OF-SOMEBODYS-OWN', 'A-METHOD-OF-SOMEBODYS-OWN'],
  ['a credential in its place', 'sk-proj-FAKEfakeFAKE1234', '<openai>'],
])('of a method that is %s', (_, method, shown) => {
  const { records, recording } = record({}, { ...REQUEST, method })
  recording.finish(404, 'no_route')
  expect(records).toMatchObject([{ method: shown }])
})

test('everything that is known of a request that was forwarded', () => {
  const { records, recording } = record()
  recording.decide(DECISION)
  recording.awaitUpstream()
  recording.goOn()
  recording.begin('sse')
  recording.addBytes({ received: 3, sent: 4 })
  recording.addBytes({ received: 4, sent: 5 })
  recording.finish(201, null)
  expect(records).toMatchObject([
    {
      id: 'id-1',
      traceId: 'a'.repeat(32),
      method: 'POST',
      path: '/v1/x',
      route: 'r',
      rule: 'n',
      branch: 'else',
      upstream: 'up',
      status: 201,
      origin: 'upstream',
      code: null,
      credentialKind: 'openai',
      client: 'ci',
      countedClient: 'ci',
      durationMs: expect.any(Number),
      firstByteMs: expect.any(Number),
      upstreamMs: expect.any(Number),
      addedMs: expect.any(Number),
      form: 'sse',
      receivedBytes: 7,
      sentBytes: 9,
    },
  ])
})

test('of a message that was refused before anything was decided nothing is known', () => {
  const { records, recording } = record()
  recording.finish(400, 'bad_message')
  expect(records).toMatchObject([
    {
      path: '/v1/x',
      route: null,
      rule: null,
      branch: null,
      upstream: null,
      status: 400,
      origin: 'keyway',
      code: 'bad_message',
      credentialKind: null,
      client: null,
      countedClient: null,
      firstByteMs: null,
      form: 'plain',
    },
  ])
})

test.each([
  { status: 200, code: null, origin: 'upstream' },
  { status: 502, code: null, origin: 'upstream' },
  { status: 502, code: 'upstream_unreachable', origin: 'keyway' },
  { status: 499, code: 'client_left', origin: 'keyway' },
])('$status with the code $code is of $origin', ({ origin, ...end }) => {
  const { records, recording } = record()
  recording.decide(DECISION)
  recording.finish(end.status, end.code)
  expect(records).toMatchObject([{ ...end, origin }])
})

test.each([
  {
    name: 'a client that metrics may not count by',
    parts: { client: { name: 'ci', isCounted: false } },
    told: { client: 'ci', countedClient: null },
  },
  { name: 'no client', parts: { client: null }, told: { client: null, countedClient: null } },
  { name: 'a decision that refuses', parts: { action: 'reject' }, told: { upstream: null } },
])('$name', ({ parts, told }) => {
  const { records, recording } = record()
  recording.decide({ ...DECISION, ...parts } as Decision)
  recording.finish(200, null)
  expect(records).toMatchObject([told])
})

const FAR = { ...DECISION, rule: 'far', upstream: { config: { name: 'far' } } } as Decision

test.each([
  { name: 'one decision alone', decisions: [DECISION], first: null },
  {
    name: 'a fallback',
    decisions: [DECISION, FAR],
    first: { rule: 'n', branch: 'else', upstream: 'up' },
  },
  { name: 'the same once more', decisions: [DECISION, { ...DECISION }], first: null },
  {
    name: 'another rule',
    decisions: [DECISION, { ...DECISION, rule: 'm' }],
    first: { rule: 'n', branch: 'else', upstream: 'up' },
  },
  {
    name: 'another branch',
    decisions: [DECISION, { ...DECISION, branch: 'then' }],
    first: { rule: 'n', branch: 'else', upstream: 'up' },
  },
  { name: 'a refusal first', decisions: [{ ...DECISION, action: 'reject' }, FAR], first: null },
] as { name: string; decisions: Decision[]; first: unknown }[])(
  'where a request was to go at first is told where it went elsewhere: $name',
  ({ decisions, first }) => {
    const { records, recording } = record()
    for (const decision of decisions) recording.decide(decision)
    recording.finish(200, null)
    expect(records[0]?.first).toEqual(first)
  },
)

test('the end is told once', () => {
  const secretUse = { end: vi.fn() } as unknown as SecretUse
  const endSpan = vi.fn()
  const { records, recording, open } = record({ secretUse, endSpan })
  recording.decide(DECISION)
  recording.finish(499, 'client_left')
  recording.finish(200, null)
  expect(records.map(({ status }) => status)).toEqual([499])
  expect(endSpan.mock.calls).toEqual([[records[0], '10.0.0.1']])
  expect(secretUse.end).toHaveBeenCalledTimes(1)
  expect(secretUse.end).toHaveBeenCalledWith(DECISION, 'client_left')
  expect(open.read()).toEqual([{ route: 'r', plain: 0, sse: 0, websocket: 0 }])
})

test('a span alone hears of it too, and without a decision knows no address', () => {
  const endSpan = vi.fn()
  const { recording } = record({ onExchange: null, endSpan })
  recording.finish(400, 'bad_message')
  expect(endSpan.mock.calls).toEqual([[expect.objectContaining({ status: 400 }), null]])
})

test('a request is under way from its first decision to its end, in the form that it takes', () => {
  const { recording, open } = record()
  recording.decide({ ...DECISION, route: null } as Decision)
  expect(open.read()).toEqual([])
  recording.decide(DECISION)
  recording.decide({ ...DECISION, route: 'other' } as Decision)
  expect(open.read()).toEqual([{ route: 'r', plain: 1, sse: 0, websocket: 0 }])
  recording.begin('plain')
  expect(open.read()).toEqual([{ route: 'r', plain: 1, sse: 0, websocket: 0 }])
  recording.begin('websocket')
  expect(open.read()).toEqual([{ route: 'r', plain: 0, sse: 0, websocket: 1 }])
  recording.finish(101, null)
  expect(open.read()).toEqual([{ route: 'r', plain: 0, sse: 0, websocket: 0 }])
})

test('what an answer of Keyway means for secrets is noted before it leaves', () => {
  const secretUse = { end: vi.fn() } as unknown as SecretUse
  const { recording } = record({ secretUse })
  recording.decide(DECISION)
  recording.beforeAnswer('upstream_failed')
  expect(secretUse.end).toHaveBeenCalledWith(DECISION, 'upstream_failed')
})
