import { expect, test } from 'vitest'
import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'
import type { Logger } from '../../src/observability/logger.ts'
import { OpenRequests } from '../../src/observability/open-requests.ts'
import { createRefusalLog } from '../../src/observability/refusal-log.ts'
import { createTraffic, DURATION_BOUNDS_MS } from '../../src/observability/traffic.ts'
import { RECORD } from '../support/sample-record.ts'

const record: ExchangeRecord = {
  ...RECORD,
  method: 'GET',
  path: '/',
  route: 'r',
  rule: 'n',
  upstream: 'up',
  client: null,
  durationMs: 1,
}

const RECORDS: readonly Partial<ExchangeRecord>[] = [
  {},
  { branch: 'else', status: 299, durationMs: 1.5 },
  { status: 301, durationMs: 2 },
  { rule: 'm', status: 404, credentialKind: null, durationMs: 60_000 },
  { rule: null, branch: null, upstream: null, origin: 'keyway', status: 503, durationMs: 60_001 },
  { route: 's', status: 599, upstream: 'gone', credentialKind: 'jwt' },
  { route: null, rule: null, branch: null, upstream: null, origin: 'keyway', status: 404 },
]

function filled() {
  const traffic = createTraffic()
  for (const parts of RECORDS) traffic.onExchange({ ...record, ...parts })
  return traffic
}

test('traffic is counted by names of the file, classes and durations', () => {
  const durations = DURATION_BOUNDS_MS.map(() => 0)
  durations[0] = 3
  durations[1] = 2
  durations[14] = 1
  expect(filled().read()).toEqual({
    routes: [
      {
        route: 'r',
        requests: 5,
        rules: [
          { rule: 'n', then: 2, else: 1 },
          { rule: 'm', then: 1, else: 0 },
        ],
      },
      { route: 's', requests: 1, rules: [{ rule: 'n', then: 1, else: 0 }] },
    ],
    answers: { '2xx': 2, '3xx': 1, '4xx': 1, '5xx': 1, keyway: 2 },
    kinds: { openai: 5, none: 1, jwt: 1 },
    upstreams: { up: 4, gone: 1 },
    durations: [...durations, 1],
  })
})

test('at first there is none', () => {
  expect(createTraffic().read()).toEqual({
    routes: [],
    answers: {},
    kinds: {},
    upstreams: {},
    durations: [...DURATION_BOUNDS_MS, 0].map(() => 0),
  })
})

test('what the file names no more is forgotten', () => {
  const traffic = filled()
  traffic.retain({
    hasRoute: (one) => one === 'r',
    hasRule: (route, one) => route === 'r' && one === 'm',
    hasUpstream: (one) => one === 'up',
    hasTarget: () => false,
    hasKind: (one) => one === 'openai',
    hasClient: () => false,
    hasLimit: () => false,
    hasSecret: () => false,
  })
  expect(traffic.read()).toMatchObject({
    routes: [{ route: 'r', requests: 5, rules: [{ rule: 'm', then: 1, else: 0 }] }],
    kinds: { openai: 5 },
    upstreams: { up: 4 },
  })
  expect(Object.keys(traffic.read().kinds)).toEqual(['openai'])
  expect(Object.keys(traffic.read().upstreams)).toEqual(['up'])
})

test('what comes back after it was forgotten is counted from nothing', () => {
  const traffic = createTraffic()
  traffic.onExchange(record)
  const none = (): boolean => false
  traffic.retain({
    ...{ hasRoute: () => true, hasRule: none, hasUpstream: none, hasTarget: none },
    ...{ hasKind: none, hasClient: none, hasLimit: none, hasSecret: none },
  })
  traffic.onExchange(record)
  expect(traffic.read()).toMatchObject({
    routes: [{ route: 'r', requests: 2, rules: [{ rule: 'n', then: 1, else: 0 }] }],
    kinds: { openai: 1 },
    upstreams: { up: 1 },
  })
})

test.each([
  { rule: null, branch: 'then' },
  { rule: 'n', branch: null },
] as const)('without a rule and its branch only the route is counted: %o', (parts) => {
  const traffic = createTraffic()
  traffic.onExchange({ ...record, ...parts })
  expect(traffic.read().routes).toEqual([{ route: 'r', requests: 1, rules: [] }])
})

test('requests under way, by route and by how they are answered', () => {
  const open = new OpenRequests()
  const first = open.enter('a')
  const second = open.enter('a')
  const other = open.enter('b')
  expect(first.form).toBe('plain')
  second.turnInto('sse')
  other.turnInto('websocket')
  expect(open.read()).toEqual([
    { route: 'a', plain: 1, sse: 1, websocket: 0 },
    { route: 'b', plain: 0, sse: 0, websocket: 1 },
  ])
  open.retain(() => false)
  expect(open.read().map(({ route }) => route)).toEqual(['a', 'b'])
  first.leave()
  second.leave()
  expect(open.read()).toEqual([
    { route: 'a', plain: 0, sse: 0, websocket: 0 },
    { route: 'b', plain: 0, sse: 0, websocket: 1 },
  ])
  open.retain((route) => route === 'a')
  expect(open.read().map(({ route }) => route)).toEqual(['a', 'b'])
  open.retain(() => false)
  expect(open.read().map(({ route }) => route)).toEqual(['b'])
  other.leave()
  open.retain(() => false)
  expect(open.read()).toEqual([])
})

test.each([
  [{ status: 401 }, true],
  [{ status: 403 }, true],
  [{ status: 404 }, false],
  [{ status: 401, origin: 'keyway' }, false],
] as const)('%j is the upstream’s refusal of a credential: %s', (parts, isTold) => {
  const lines: unknown[] = []
  const warn = (fields: object, message: string): void => void lines.push([message, fields])
  createRefusalLog({ warn } as unknown as Logger)({ ...record, ...parts })
  const fields = { id: 'id-1', route: 'r', upstream: 'up', credentialKind: 'openai' }
  expect(lines).toEqual(
    isTold ? [['upstream refused the credential', { ...fields, status: parts.status }]] : [],
  )
})
