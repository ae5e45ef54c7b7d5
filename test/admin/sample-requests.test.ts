import { expect, test } from 'vitest'
import type { AdminEvent } from '../../src/admin/event-feed.ts'
import { createRequestSampler } from '../../src/admin/sample-requests.ts'
import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'
import { RECORD } from '../support/sample-record.ts'

const record: ExchangeRecord = {
  ...RECORD,
  method: 'GET',
  path: '/of/a/client',
  route: 'r',
  rule: 'k',
  upstream: 'up',
  credentialSource: 'authorization',
  credentialScheme: 'bearer',
  countedClient: 'ci',
  durationMs: 1.26,
}

function startSampler(): {
  readonly told: AdminEvent[]
  readonly tell: (parts: Partial<ExchangeRecord>, at: number) => void
} {
  const told: AdminEvent[] = []
  let time = 0
  const sample = createRequestSampler({ publish: (event) => void told.push(event) }, () => time)
  return {
    told,
    tell(parts, at) {
      time = at
      sample({ ...record, ...parts })
    },
  }
}

test('a request is told without its path, its identifier and what it took in bytes', () => {
  const { told, tell } = startSampler()
  tell({ first: { rule: 'k', branch: 'else', upstream: 'first' } }, 0)
  expect(told).toEqual([
    {
      type: 'request',
      method: 'GET',
      route: 'r',
      rule: 'k',
      branch: 'then',
      upstream: 'up',
      first: { rule: 'k', branch: 'else', upstream: 'first' },
      status: 200,
      origin: 'upstream',
      code: null,
      credentialKind: 'openai',
      credentialSource: 'authorization',
      credentialScheme: 'bearer',
      client: 'ci',
      durationMs: 1.3,
    },
  ])
})

test('ten a second are told of what upstreams answer, and ten of what Keyway does', () => {
  const { told, tell } = startSampler()
  for (let turn = 0; turn < 30; turn += 1) {
    tell({}, 0)
    tell({ origin: 'keyway', code: 'rejected', upstream: null }, 0)
  }
  expect(told).toHaveLength(20)
  tell({}, 1_000)
  expect(told).toHaveLength(21)
})

const OTHERS: readonly Partial<ExchangeRecord>[] = [
  { route: 's' },
  { rule: null },
  { branch: 'else' },
  { upstream: 'other' },
  { code: 'upstream_failed' },
  { credentialKind: null },
  { credentialSource: 'x-api-key' },
  { credentialScheme: 'token' },
  { client: null },
  { first: { rule: 'z', branch: 'then', upstream: 'up' } },
]

test.each(OTHERS)('of a flood, a request that is decided otherwise is told once: %j', (other) => {
  const { told, tell } = startSampler()
  for (let turn = 0; turn < 100; turn += 1) tell({}, 0)
  expect(told).toHaveLength(10)
  for (let turn = 0; turn < 100; turn += 1) tell(other, 500)
  expect(told).toHaveLength(11)
  expect(told.at(-1)).toMatchObject(other)
  for (let turn = 0; turn < 100; turn += 1) tell({}, 9_100)
  tell(other, 9_200)
  expect(told).toHaveLength(21)
  tell(other, 10_000)
  expect(told.at(-1)).toMatchObject(other)
})

test('however many ways of deciding there are, few are told apart', () => {
  const { told, tell } = startSampler()
  for (let turn = 0; turn < 1_000; turn += 1) tell({ client: `c${turn}` }, 0)
  expect(told).toHaveLength(64)
})
