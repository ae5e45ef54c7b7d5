// What is shipped for Prometheus and Grafana, held to a real /metrics by Prometheus' own tool (Debian's
// package `prometheus`): npm run test:metrics
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type KeywayProcess, startKeyway } from '../support/keyway-process.ts'

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const RULES = at('deploy/prometheus/alerts.yaml')
const DASHBOARD = at('deploy/grafana/keyway.json')
const RULE_TESTS = at('test/monitoring/alerts.test.yaml')

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-monitoring-'))
})

afterAll(() => rm(folder, { recursive: true }))

const CONFIG = `version: 1
server: { listen: 127.0.0.1:0, admin: 127.0.0.1:0 }
secrets: { own: { env: OWN } }
upstreams: { echo: builtin:echo, dead: { url: "http://127.0.0.1:1", retry: { attempts: 1 } } }
routes:
  - { name: echo, match: { path: /echo/* }, upstream: echo, rules: [{ name: all, use: x-api-key }] }
  - { name: dead, match: { path: /dead/* }, upstream: dead }
limits: [{ name: few, by: route, requests: 4/h }]
`

/** The metrics of a Keyway that has served some requests. */
async function scrape(args: readonly string[], accept: string): Promise<string> {
  const file = join(folder, 'routes.yaml')
  await writeFile(file, CONFIG)
  const keyway: KeywayProcess = startKeyway(file, { args: [...args], env: { OWN: 'TEST' } })
  const { listen, admin } = await keyway.until('listening')
  for (const path of ['/echo/a', '/echo/b', '/dead/a', '/dead/b', '/none'])
    await (await fetch(`http://${listen}${path}`)).text()
  const text = await (await fetch(`http://${admin}/metrics`, { headers: { accept } })).text()
  keyway.signal('SIGKILL')
  await keyway.exited
  return text
}

describe.each([{ workers: 1 }, { workers: 2 }])('$workers processes', ({ workers }) => {
  test("Prometheus' linter finds nothing to say of the metrics", async () => {
    const input = await scrape(['--workers', String(workers)], '')
    const { stdout, stderr, status } = spawnSync('promtool', ['check', 'metrics'], { input })
    expect({ status, said: `${stdout}${stderr}` }).toEqual({ status: 0, said: '' })
  })
})

/** Every name that a series of a run may have. */
function namesIn(text: string): ReadonlySet<string> {
  const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)]
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
    ),
  )
}

interface Panel {
  readonly title: string
  readonly type: string
  readonly targets?: readonly { readonly expr: string }[]
}

async function readDashboard(): Promise<{
  readonly panels: readonly Panel[]
  readonly annotations: { readonly list: readonly { readonly expr: string }[] }
  readonly templating: { readonly list: readonly { readonly query: unknown }[] }
}> {
  return JSON.parse(await readFile(DASHBOARD, 'utf8'))
}

/** Each query of the dashboard, with its variables as Grafana fills them in. */
async function dashboardQueries(): Promise<readonly string[]> {
  const { panels, annotations } = await readDashboard()
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
  return [...queries, ...annotations.list.map(({ expr }) => expr)].map((query) =>
    query.replaceAll(/\$__(?:rate_)?interval/g, '5m').replaceAll(/"\$(?:instance|route)"/g, '".*"'),
  )
}

const metricNames = (text: string): string[] => text.match(/\b(?:keyway|process|nodejs)_\w+/g) ?? []

test('alerts and dashboard name metrics that there are', async () => {
  const known = namesIn(await scrape([], ''))
  const queries = (await dashboardQueries()).join('\n')
  const variables = JSON.stringify((await readDashboard()).templating)
  const rules = parse(await readFile(RULES, 'utf8'))
  const named = [queries, variables, JSON.stringify(rules)].flatMap(metricNames)
  expect(named.length).toBeGreaterThan(50)
  expect(named.filter((name) => !known.has(name))).toEqual([])
})

test('the dashboard shows every metric of Keyway', async () => {
  const known = [...namesIn(await scrape([], ''))].filter((name) => name.startsWith('keyway_'))
  const shown = new Set(metricNames((await dashboardQueries()).join('\n')))
  const isShown = (name: string): boolean =>
    shown.has(name) || shown.has(name.replace(/_(?:sum|count)$/, '_bucket'))
  expect(known.filter((name) => !isShown(name))).toEqual([])
})

test('docs/operations.md names every metric of a run', async () => {
  const page = await readFile(at('docs/operations.md'), 'utf8')
  const made = [...(await scrape([], '')).matchAll(/^# TYPE (keyway_\w+) /gm)]
  const names = made.map(([, name]) => name as string)
  expect(names.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([])
})

test("Prometheus can read the dashboard's queries", async () => {
  const rules = (await dashboardQueries()).map((expr, index) => ({
    record: `query_${index}`,
    expr,
  }))
  const file = join(folder, 'queries.json')
  await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }))
  expect(execFileSync('promtool', ['check', 'rules', file]).toString()).toContain('SUCCESS')
})

test('each alert fires when it should, and no other time', async () => {
  expect(execFileSync('promtool', ['check', 'rules', RULES]).toString()).toContain('SUCCESS')
  expect(execFileSync('promtool', ['test', 'rules', RULE_TESTS]).toString()).toContain('SUCCESS')
  const { groups } = parse(await readFile(RULES, 'utf8'))
  const { tests } = parse(await readFile(RULE_TESTS, 'utf8'))
  const alerts: string[] = groups[0].rules.map(({ alert }: { alert: string }) => alert)
  const cases: { alertname: string; exp_alerts?: unknown[] }[] = tests.flatMap(
    ({ alert_rule_test }: { alert_rule_test: unknown[] }) => alert_rule_test,
  )
  const tested = (fires: 'fires' | 'is silent'): string[] => [
    ...new Set(
      cases
        .filter(({ exp_alerts }) => (exp_alerts === undefined) === (fires === 'is silent'))
        .map(({ alertname }) => alertname),
    ),
  ]
  expect(tested('fires').toSorted()).toEqual(alerts.toSorted())
  expect(tested('is silent').toSorted()).toEqual(alerts.toSorted())
})
