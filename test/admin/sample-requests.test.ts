import { expect, test } from 'vitest'
import type { AdminEvent } from '../../src/admin/event-feed.ts'
import { createRequestSampler } from '../../src/admin/sample-requests.ts'
import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'
import { RECORD } from '../support/sample-record.ts'
import { type StoppedClock, stopClock } from '../support/stopped-clock.ts'

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
  readonly tell: (parts: Partial<ExchangeRecord>) => void
  readonly pass: StoppedClock['pass']
} {
  const told: AdminEvent[] = []
  const { pass } = stopClock()
  const sample = createRequestSampler({ publish: (event) => void told.push(event) })
  return { told, tell: (parts) => sample({ ...record, ...parts }), pass }
}

test('a request is told without its path, its identifier and what it took in bytes', () => {
  const { told, tell } = startSampler()
  tell({ first: { rule: 'k', branch: 'else', upstream: 'first' } })
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

test('ten a second are told of what upstreams answer, and ten of what Keyway does', async () => {
  const { told, tell, pass } = startSampler()
  const flood = (): void => {
    for (let turn = 0; turn < 30; turn += 1) {
      tell({})
      tell({ origin: 'keyway', code: 'rejected', upstream: null })
    }
  }
  flood()
  expect(told).toHaveLength(20)
  await pass(999)
  tell({})
  expect(told).toHaveLength(20)
  await pass(1)
  flood()
  expect(told).toHaveLength(40)
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

test.each(OTHERS)(
  'of a flood, a request that is decided otherwise is told once: %j',
  async (other) => {
    const { told, tell, pass } = startSampler()
    const flood = (parts: Partial<ExchangeRecord>): void => {
      for (let turn = 0; turn < 100; turn += 1) tell(parts)
    }
    flood({})
    expect(told).toHaveLength(10)
    await pass(500)
    flood(other)
    expect(told).toHaveLength(11)
    expect(told.at(-1)).toMatchObject(other)
    await pass(8_600)
    flood({})
    tell(other)
    expect(told).toHaveLength(21)
    await pass(900)
    tell(other)
    expect(told).toHaveLength(22)
    expect(told.at(-1)).toMatchObject(other)
  },
)

test('however many ways of deciding there are, few are told apart', () => {
  const { told, tell } = startSampler()
  for (let turn = 0; turn < 1_000; turn += 1) tell({ client: `c${turn}` })
  expect(told).toHaveLength(64)
})
