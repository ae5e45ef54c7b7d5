import { expect, test } from 'vitest'
import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'
import { createMetrics } from '../../src/observability/metrics.ts'

const forwarded: ExchangeRecord = {
  id: 'id-1',
  method: 'POST',
  path: '/v1/messages',
  route: 'anthropic',
  rule: 'api-key',
  upstream: 'anthropic',
  status: 200,
  origin: 'upstream',
  code: null,
  credentialKind: 'anthropic-api-key',
  durationMs: 30,
}

const lines: { name: string; record: ExchangeRecord; line: string }[] = [
  {
    name: 'a forwarded request',
    record: forwarded,
    line: 'keyway_requests_total{route="anthropic",upstream="anthropic",status="200",origin="upstream"} 1',
  },
  {
    name: 'its duration in seconds',
    record: forwarded,
    line: 'keyway_request_duration_seconds_bucket{le="0.1",route="anthropic"} 1',
  },
  {
    name: "an upstream's 401, by kind of credential",
    record: { ...forwarded, status: 401 },
    line: 'keyway_upstream_refusals_total{upstream="anthropic",status="401",kind="anthropic-api-key"} 1',
  },
  {
    name: 'an answer of Keyway, by code',
    record: {
      ...forwarded,
      upstream: null,
      status: 400,
      origin: 'keyway',
      code: 'credential_conflict',
    },
    line: 'keyway_errors_total{route="anthropic",code="credential_conflict"} 1',
  },
  {
    name: 'a request that no route took',
    record: {
      ...forwarded,
      route: null,
      upstream: null,
      status: 404,
      origin: 'keyway',
      code: 'no_route',
    },
    line: 'keyway_requests_total{route="",upstream="",status="404",origin="keyway"} 1',
  },
]

test.each(lines)('$name', async ({ record, line }) => {
  const metrics = createMetrics()
  metrics.onExchange(record)
  expect((await metrics.text()).split('\n')).toContain(line)
})

test("Keyway's own 403 is not the upstream's", async () => {
  const metrics = createMetrics()
  metrics.onExchange({
    ...forwarded,
    upstream: null,
    status: 403,
    origin: 'keyway',
    code: 'credential_refused',
  })
  expect(await metrics.text()).not.toMatch(/^keyway_upstream_refusals_total\{/m)
})

test('reloads, shadow differences and watched numbers', async () => {
  const metrics = createMetrics()
  metrics.onReload('applied', 7)
  metrics.onShadowDifference(['header x-api-key', 'rule'])
  metrics.watch('keyway_client_connections', 'Open client connections.', () => 12)
  const text = (await metrics.text()).split('\n')
  expect(text).toContain('keyway_reloads_total{outcome="applied"} 1')
  expect(text).toContain('keyway_config_generation 7')
  expect(text).toContain('keyway_shadow_differences_total{what="header"} 1')
  expect(text).toContain('keyway_client_connections 12')
})
