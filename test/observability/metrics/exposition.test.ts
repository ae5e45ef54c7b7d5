import { describe, expect, test } from 'vitest'
import type { ExchangeRecord } from '../../../src/observability/exchange-record.ts'
import { createMetrics, type Metrics } from '../../../src/observability/metrics/create-metrics.ts'
import {
  sumCounts,
  sumMetrics,
  withoutGone,
  writeMetrics,
} from '../../../src/observability/metrics/exposition.ts'
import type { LiveNames } from '../../../src/observability/metrics/live-names.ts'
import { RECORD } from '../../support/sample-record.ts'

const record: ExchangeRecord = { ...RECORD, route: 'r', rule: 'n', upstream: 'up', client: null }

/** Metrics to which something of everything has happened. */
function filled(): Metrics {
  const metrics = createMetrics({ version: '1.2.3', generation: 4, loadedAt: 1000 })
  const records: readonly Partial<ExchangeRecord>[] = [
    { receivedBytes: 10, sentBytes: 20, firstByteMs: 7, upstreamMs: 6, addedMs: 1 },
    { receivedBytes: 1, sentBytes: 2, branch: 'else', status: 404 },
    { status: 401, credentialKind: null },
    { status: 403 },
    { status: 403, origin: 'keyway', code: 'credential_refused', upstream: null },
    {
      route: null,
      rule: null,
      branch: null,
      upstream: null,
      status: 404,
      origin: 'keyway',
      code: 'no_route',
    },
    { client: 'ci', countedClient: 'ci', rule: null, branch: null },
    { client: 'ci', countedClient: null },
    { route: null, client: 'ci', countedClient: 'ci', status: 500 },
  ]
  for (const parts of records) metrics.onExchange({ ...record, ...parts })
  metrics.onShadowDifference([])
  metrics.onShadowDifference(['header x-a'])
  metrics.limits.onAllowed('allowed')
  metrics.limits.onRefused('refused')
  metrics.limits.onUncounted('passed')
  metrics.limits.onUncounted('refused')
  metrics.limits.onStore('away')
  metrics.upstreams.onRetry('up', 'up')
  metrics.upstreams.onRetry('up', 'next')
  metrics.upstreams.onTarget({ upstream: 'up', target: 'http://t', state: 'ejected' })
  metrics.upstreams.onTarget({ upstream: 'up', target: 'http://t', state: 'closed' })
  return metrics
}

/** Our lines, but for the version of Node. */
const ours = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^(# (HELP|TYPE) )?keyway_|^# EOF/.test(line))
    .join('\n')
    .replace(process.version, 'NODE')

test('everything, as Prometheus is told', async () => {
  const { type, body } = await writeMetrics(await filled().read(), 'text/plain')
  expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
  await expect(ours(body)).toMatchFileSnapshot('exposition.txt')
})

test('in OpenMetrics a counter is named without its end', async () => {
  const accept = 'application/openmetrics-text; version=1.0.0, text/plain'
  const { type, body } = await writeMetrics(await filled().read(), accept)
  expect(type).toMatch(/^application\/openmetrics-text/)
  expect(body).toContain('# TYPE keyway_requests counter\nkeyway_requests_total{')
  expect(body).toContain('# TYPE keyway_limit_store_up gauge\nkeyway_limit_store_up 0\n')
  expect(body).not.toContain('_total_total')
  expect(body.endsWith('# EOF\n')).toBe(true)
})

test('no gauge of the process is named like a counter', async () => {
  const names = (await filled().read()).map(({ name }) => name)
  expect(names).toContain('nodejs_version_info')
  expect(names.filter((name) => /^nodejs_active_.*_total$/.test(name))).toEqual([])
})

const names: LiveNames = {
  hasRoute: (one) => one === 'r',
  hasRule: (route, one) => route === 'r' && one === 'n',
  hasUpstream: (one) => one === 'up',
  hasTarget: (upstream, one) => upstream === 'up' && one === 'http://t',
  hasKind: (one) => one === 'openai',
  hasClient: () => false,
  hasLimit: (one) => one === 'allowed',
  hasSecret: () => true,
}

describe('of several processes', () => {
  const lines = async (metrics: Awaited<ReturnType<Metrics['read']>>): Promise<string> =>
    (await writeMetrics(metrics, '')).body

  test('gauges are the least or the greatest, counters sums', async () => {
    const [one, two] = [filled(), filled()]
    one.onReload('refused', 5)
    const text = await lines(await sumMetrics([await one.read(), await two.read()]))
    expect(text).toContain('keyway_config_generation 5\n')
    expect(text).toContain('keyway_config_last_reload_successful 0\n')
    expect(text).toContain('keyway_allowed_requests_total{limit="allowed"} 2\n')
  })

  test('of those that have ended the counters go on, the gauges do not', async () => {
    const text = await lines(await sumCounts([await filled().read()]))
    expect(text).toContain('keyway_allowed_requests_total{limit="allowed"} 1\n')
    expect(text).not.toContain('keyway_config_generation')
  })

  test('what is gone from the file is left out of ours alone', async () => {
    const metrics = await filled().read()
    const text = await lines(withoutGone(metrics, names))
    expect(text).toContain('keyway_allowed_requests_total{limit="allowed"} 1\n')
    expect(text).not.toContain('limit="refused"')
    expect(text).not.toContain('client="ci"')
    expect(text).not.toContain('next="next"')
    expect(text).toContain('upstream="up",target="http://t"')
    expect(text).toContain('nodejs_version_info{')
  })
})

test('a load and its time are told once the file runs', async () => {
  const metrics = createMetrics({ version: '1', generation: 1, loadedAt: 1000 })
  const loadedAt = async (): Promise<number> => {
    const { body } = await writeMetrics(await metrics.read(), '')
    return Number(/^keyway_config_last_reload_success_timestamp_seconds (.*)$/m.exec(body)?.[1])
  }
  metrics.onReload('refused', 1)
  metrics.onReload('unchanged', 1)
  expect(await loadedAt()).toBe(1000)
  const before = Date.now() / 1000
  metrics.onReload('applied', 2)
  expect(await loadedAt()).toBeGreaterThanOrEqual(before)
  expect(await loadedAt()).toBeLessThanOrEqual(Date.now() / 1000)
})
