import { expect, test } from 'vitest'
import type { ExchangeRecord } from '../../../src/observability/exchange-record.ts'
import {
  createMetrics as create,
  type Metrics,
} from '../../../src/observability/metrics/create-metrics.ts'
import { sumMetrics, writeMetrics } from '../../../src/observability/metrics/exposition.ts'
import { RECORD } from '../../support/sample-record.ts'

const createMetrics = (): Metrics => create({ version: '1.2.3', generation: 1, loadedAt: 1000 })

const textOf = async (metrics: Metrics, accept = ''): Promise<string> =>
  (await writeMetrics(await metrics.read(), accept)).body

const forwarded: ExchangeRecord = {
  ...RECORD,
  route: 'anthropic',
  rule: 'api-key',
  upstream: 'anthropic',
  credentialKind: 'anthropic-api-key',
  client: null,
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
  expect((await textOf(metrics)).split('\n')).toContain(line)
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
  expect(await textOf(metrics)).not.toMatch(/^keyway_upstream_refusals_total\{/m)
})

test('reloads, shadow differences and watched numbers', async () => {
  const metrics = createMetrics()
  metrics.onReload('applied', 7)
  metrics.onShadowDifference(['header x-api-key', 'rule'])
  metrics.watch(
    { name: 'keyway_client_connections', help: 'Open client connections.', type: 'gauge' },
    () => [{ labels: {}, value: 12 }],
  )
  const text = (await textOf(metrics)).split('\n')
  expect(text).toContain('keyway_reloads_total{outcome="applied"} 1')
  expect(text).toContain('keyway_config_generation 7')
  expect(text).toContain('keyway_shadow_differences_total{what="header"} 1')
  expect(text).toContain('keyway_client_connections 12')
})

const durationLines = (text: string): string[] =>
  text.split('\n').filter((line) => line.includes('keyway_request_duration_seconds'))

test('durations fall into buckets, and each is in all larger ones', async () => {
  const metrics = createMetrics()
  for (const durationMs of [5, 5.5, 400, 300_000, 301_000])
    metrics.onExchange({ ...forwarded, durationMs })
  metrics.onExchange({ ...forwarded, route: null, durationMs: 250 })
  expect(durationLines(await textOf(metrics))).toEqual([
    '# HELP keyway_request_duration_seconds Time from the request to the end of its answer.',
    '# TYPE keyway_request_duration_seconds histogram',
    'keyway_request_duration_seconds_bucket{le="0.005",route="anthropic"} 1',
    'keyway_request_duration_seconds_bucket{le="0.02",route="anthropic"} 2',
    'keyway_request_duration_seconds_bucket{le="0.1",route="anthropic"} 2',
    'keyway_request_duration_seconds_bucket{le="0.5",route="anthropic"} 3',
    'keyway_request_duration_seconds_bucket{le="2",route="anthropic"} 3',
    'keyway_request_duration_seconds_bucket{le="10",route="anthropic"} 3',
    'keyway_request_duration_seconds_bucket{le="60",route="anthropic"} 3',
    'keyway_request_duration_seconds_bucket{le="300",route="anthropic"} 4',
    'keyway_request_duration_seconds_bucket{le="+Inf",route="anthropic"} 5',
    'keyway_request_duration_seconds_sum{route="anthropic"} 601.4105',
    'keyway_request_duration_seconds_count{route="anthropic"} 5',
    ...['0.005', '0.02', '0.1'].map(
      (le) => `keyway_request_duration_seconds_bucket{le="${le}",route=""} 0`,
    ),
    ...['0.5', '2', '10', '60', '300', '+Inf'].map(
      (le) => `keyway_request_duration_seconds_bucket{le="${le}",route=""} 1`,
    ),
    'keyway_request_duration_seconds_sum{route=""} 0.25',
    'keyway_request_duration_seconds_count{route=""} 1',
  ])
})

test('requests are counted by each of their labels, and a scrape changes nothing', async () => {
  const metrics = createMetrics()
  const records: ExchangeRecord[] = [
    forwarded,
    { ...forwarded, status: 500 },
    { ...forwarded, status: 500, origin: 'keyway', code: 'upstream_failed' },
    { ...forwarded, upstream: 'other' },
    { ...forwarded, route: 'other' },
    forwarded,
  ]
  for (const record of records) metrics.onExchange(record)
  await textOf(metrics)
  const text = await textOf(metrics)
  expect(text.split('\n').filter((line) => line.startsWith('keyway_requests_total'))).toEqual([
    'keyway_requests_total{route="anthropic",upstream="anthropic",status="200",origin="upstream"} 2',
    'keyway_requests_total{route="anthropic",upstream="anthropic",status="500",origin="upstream"} 1',
    'keyway_requests_total{route="anthropic",upstream="anthropic",status="500",origin="keyway"} 1',
    'keyway_requests_total{route="anthropic",upstream="other",status="200",origin="upstream"} 1',
    'keyway_requests_total{route="other",upstream="anthropic",status="200",origin="upstream"} 1',
  ])
})

test('the sum of processes has the same lines as one process', async () => {
  const [one, two, both] = [createMetrics(), createMetrics(), createMetrics()]
  for (const [metrics, durationMs] of [
    [one, 10],
    [two, 1_000],
  ] as const)
    for (const each of [metrics, both]) each.onExchange({ ...forwarded, durationMs })
  // As they come from another process.
  const json = JSON.parse(JSON.stringify([await one.read(), await two.read()]))
  const own = (text: string): string[] =>
    text.split('\n').filter((line) => /keyway_request/.test(line))
  const sum = await writeMetrics(await sumMetrics(json), '')
  expect(own(sum.body)).toEqual(own(await textOf(both)))
  expect(own(await textOf(both))).toContain(
    'keyway_request_duration_seconds_sum{route="anthropic"} 1.01',
  )
})

const ours = (text: string): string[] =>
  text.split('\n').filter((line) => /^keyway_.*\{/.test(line))

test('statuses without a name are counted by their class', async () => {
  const metrics = createMetrics()
  for (const status of [499, 599, 598, 503, 999]) metrics.onExchange({ ...forwarded, status })
  const counted = ours(await textOf(metrics)).filter((line) => /requests_total/.test(line))
  const statuses = counted.flatMap(
    (line) => /status="(\w+)".* (\d)$/.exec(line)?.slice(1).join() ?? [],
  )
  expect(statuses).toEqual(['499,1', '5xx,2', '503,1', '9xx,1'])
})

test('a reload that is refused is told until the file runs again', async () => {
  const metrics = createMetrics()
  const state = async (): Promise<string | undefined> =>
    /^keyway_config_last_reload_successful (\d)/m.exec(await textOf(metrics))?.[1]
  const seen = [await state()]
  for (const outcome of [
    'unchanged',
    'refused',
    'unchanged',
    'restored',
    'unreadable',
    'applied',
  ]) {
    metrics.onReload(outcome, 1)
    seen.push(await state())
  }
  expect(seen).toEqual(['1', '1', '0', '0', '1', '0', '1'])
})

test('a metric of many series is written whole, under one head', async () => {
  const metrics = createMetrics()
  const routes = Array.from({ length: 700 }, (_, index) => `r${index}`)
  for (const route of routes) metrics.onExchange({ ...forwarded, route })
  for (const accept of ['', 'application/openmetrics-text']) {
    const lines = (await textOf(metrics, accept)).split('\n')
    const heads = lines.filter((line) => line.endsWith('keyway_request_duration_seconds histogram'))
    expect(heads).toHaveLength(1)
    const counts = lines.filter((line) => line.startsWith('keyway_request_duration_seconds_count'))
    expect(counts).toEqual(
      routes.map((route) => `keyway_request_duration_seconds_count{route="${route}"} 1`),
    )
    expect(
      lines.filter((line) => line.startsWith('keyway_request_duration_seconds_bucket')),
    ).toHaveLength(6_300)
  }
})

test('the store of the limits is up, away, and up again', async () => {
  const metrics = createMetrics()
  const state = async (): Promise<string | undefined> =>
    /^keyway_limit_store_up (\d)/m.exec(await textOf(metrics))?.[1]
  const seen = [await state()]
  for (const change of ['away', 'back'] as const) {
    metrics.limits.onStore(change)
    seen.push(await state())
  }
  expect(seen).toEqual(['1', '0', '1'])
})

test('of upstreams: how long each took, what followed what, and targets that were ejected', async () => {
  const metrics = createMetrics()
  for (const upstreamMs of [3, 4, null]) metrics.onExchange({ ...forwarded, upstreamMs })
  metrics.onExchange({ ...forwarded, upstream: null, upstreamMs: 5 })
  metrics.upstreams.onRetry('ab', 'c')
  metrics.upstreams.onRetry('a', 'bc')
  for (const state of ['closed', 'ejected', 'half-open'])
    metrics.upstreams.onTarget({ upstream: 'a', target: 'http://a', state })
  const lines = ours(await textOf(metrics)).filter((line) => /^keyway_upstream_/.test(line))
  expect(lines.filter((line) => !line.includes('_bucket'))).toEqual([
    'keyway_upstream_first_byte_seconds_sum{upstream="anthropic"} 0.007',
    'keyway_upstream_first_byte_seconds_count{upstream="anthropic"} 2',
    'keyway_upstream_fallbacks_total{upstream="ab",next="c"} 1',
    'keyway_upstream_fallbacks_total{upstream="a",next="bc"} 1',
    'keyway_upstream_ejections_total{upstream="a",target="http://a"} 1',
  ])
})

test('a request of no rule or no branch of one is counted for none', async () => {
  const metrics = createMetrics()
  metrics.onExchange({ ...forwarded, rule: null })
  metrics.onExchange({ ...forwarded, branch: null })
  expect(await textOf(metrics)).not.toContain('keyway_rule_requests_total{')
})
