import { expect, test } from 'vitest'
import type { ExchangeRecord } from '../../../src/observability/exchange-record.ts'
import { createMetrics, type Metrics } from '../../../src/observability/metrics/create-metrics.ts'
import {
  type MetricObject,
  withoutGone,
  writeMetrics,
} from '../../../src/observability/metrics/exposition.ts'
import { isLive, type LiveNames } from '../../../src/observability/metrics/live-names.ts'
import { RECORD } from '../../support/sample-record.ts'

const record: ExchangeRecord = {
  ...RECORD,
  route: 'kept',
  rule: 'kept',
  upstream: 'kept',
  status: 401,
  credentialKind: 'kept',
  client: 'kept',
  countedClient: 'kept',
  upstreamMs: 3,
}

/** What no route took. */
const nowhere = { route: null, rule: null, branch: null, credentialKind: null, countedClient: null }

const GONE: readonly Partial<ExchangeRecord>[] = [
  { route: 'gone' },
  { rule: 'gone' },
  { upstream: 'gone' },
  { credentialKind: 'gone' },
  { client: 'gone', countedClient: 'gone' },
  { route: 'gone', origin: 'keyway', code: 'no_route' },
]

/** Names of a file in which everything is called `kept`; its one rule stands in its one route. */
const NAMES: LiveNames = {
  hasRoute: (one) => one === 'kept',
  hasRule: (route, one) => route === 'kept' && one === 'kept',
  hasUpstream: (one) => one === 'kept',
  hasTarget: (upstream, one) => upstream === 'kept' && one === 'http://kept',
  hasKind: (one) => one === 'kept' || one === 'none',
  hasClient: (one) => one === 'kept',
  hasLimit: (one) => one === 'kept',
  hasSecret: (one) => one === 'kept',
}

const create = (): Metrics => createMetrics({ version: '1', generation: 1, loadedAt: 1000 })

function count(metrics: Metrics, parts: Partial<ExchangeRecord>, name = 'kept'): void {
  metrics.onExchange({ ...record, ...parts })
  metrics.limits.onAllowed(name)
  metrics.limits.onRefused(name)
  metrics.upstreams.onRetry('kept', 'kept')
  metrics.upstreams.onRetry('kept', name)
  metrics.upstreams.onTarget({ upstream: 'kept', target: `http://${name}`, state: 'ejected' })
}

/** Our lines with labels. */
async function linesOf(metrics: Metrics): Promise<string[]> {
  const { body } = await writeMetrics(await metrics.read(), '')
  return body.split('\n').filter((line) => /^keyway_.*\{/.test(line))
}

const isGone = (line: string): boolean => line.includes('gone')

const seriesOf = (line: string): string => line.slice(0, line.lastIndexOf(' '))

test('what the running file names goes on', async () => {
  const metrics = create()
  for (const parts of [{}, nowhere]) count(metrics, parts)
  const before = await linesOf(metrics)
  metrics.retain(NAMES)
  expect(await linesOf(metrics)).toEqual(before)
})

test('what it names no more is forgotten, and nothing else', async () => {
  const metrics = create()
  for (const parts of [{}, nowhere]) count(metrics, parts)
  const before = await linesOf(metrics)
  for (const parts of GONE) count(metrics, parts, 'gone')
  expect((await linesOf(metrics)).some(isGone)).toBe(true)
  metrics.retain(NAMES)
  const after = await linesOf(metrics)
  expect(after.filter(isGone)).toEqual([])
  expect(after.map(seriesOf)).toEqual(before.map(seriesOf))
})

test('what comes back after it was forgotten is counted from nothing', async () => {
  const metrics = create()
  count(metrics, {})
  const before = await linesOf(metrics)
  metrics.retain({ ...NAMES, hasRule: () => false, hasUpstream: () => false, hasKind: () => false })
  metrics.onExchange(record)
  const own = (lines: readonly string[]): string[] =>
    lines.filter((line) => /^keyway_(requests|rule_requests|credential_requests)_total/.test(line))
  expect(own(await linesOf(metrics))).toEqual(own(before))
})

test.each(['rule', 'upstream', 'credentialKind'] as const)(
  'requests that take turns with another %s are counted apart',
  async (name) => {
    const metrics = create()
    for (const value of ['kept', 'gone', 'kept'])
      metrics.onExchange({ ...record, status: 200, [name]: value })
    const label = name === 'credentialKind' ? 'kind' : name
    const counted = (await linesOf(metrics)).flatMap((line) => {
      const [, value, count] = new RegExp(`_total\\{.*${label}="(\\w+)".* (\\d)$`).exec(line) ?? []
      return value === undefined ? [] : [`${value} ${count}`]
    })
    expect(counted).toEqual(['kept 2', 'gone 1'])
  },
)

test.each([
  { labels: {}, is: true },
  { labels: { route: '', upstream: '' }, is: true },
  { labels: { route: 'kept', rule: 'kept', upstream: 'kept', next: 'kept' }, is: true },
  { labels: { route: 'gone' }, is: false },
  { labels: { route: 'kept', rule: 'gone' }, is: false },
  { labels: { upstream: 'gone' }, is: false },
  { labels: { upstream: 'kept', next: 'gone' }, is: false },
  { labels: { upstream: 'kept', target: 'http://kept' }, is: true },
  { labels: { upstream: 'kept', target: 'http://gone' }, is: false },
  { labels: { kind: 'gone' }, is: false },
  { labels: { client: 'gone' }, is: false },
  { labels: { limit: 'gone' }, is: false },
  { labels: { secret: 'kept' }, is: true },
  { labels: { secret: 'gone' }, is: false },
])('$labels is of the running file: $is', ({ labels, is }) => {
  expect(isLive(NAMES, labels)).toBe(is)
})

test("what isn't ours bears no names of the file, whatever its labels are called", () => {
  const values = [{ labels: { kind: 'minor' }, value: 1 }]
  const metric = (name: string): MetricObject =>
    ({ name, help: '', type: 'counter', values }) as unknown as MetricObject
  const metrics = withoutGone([metric('nodejs_gc'), metric('keyway_gc')], NAMES)
  expect(metrics.map((one) => one.values)).toEqual([values, []])
})
