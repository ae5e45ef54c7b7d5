import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createLogger } from '../../../src/observability/logger.ts'
import { createMetrics } from '../../../src/observability/metrics/create-metrics.ts'
import type { TelemetrySettings } from '../../../src/observability/telemetry/settings.ts'
import {
  startTelemetry,
  type Telemetry,
  type TelemetryOptions,
} from '../../../src/observability/telemetry/start-telemetry.ts'
import { type Collector, startCollector } from './collector.ts'

let collector: Collector
let lines: { level: string; msg: string }[] = []

beforeEach(async () => {
  lines = []
  collector = await startCollector()
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url)
})

afterEach(() => {
  vi.unstubAllEnvs()
  collector.close()
})

const JSON_BOTH: TelemetrySettings = {
  traces: 'http/json',
  metrics: 'http/json',
  unknownProtocol: null,
}

const METRICS = createMetrics({ version: '1.2.3', generation: 4, loadedAt: 1000 })

const ATTEMPT = {
  method: 'GET',
  upstream: 'one',
  provider: null,
  origin: 'http://one.example',
  path: '/',
} as const

function start(
  settings: Partial<TelemetrySettings> = {},
  env: Readonly<Record<string, string>> = {},
  readMetrics: TelemetryOptions['readMetrics'] = () => METRICS.read(),
): Telemetry {
  const write = (line: string): void => void lines.push(JSON.parse(line))
  return startTelemetry({
    settings: { ...JSON_BOTH, ...settings },
    env,
    version: '1.2.3',
    readMetrics,
    log: createLogger({ destination: { write } }),
  })
}

/** The body of what was sent of a signal, as JSON. */
function sent(signal: 'traces' | 'metrics'): unknown {
  const bodies = collector.received.filter(({ path }) => path === `/v1/${signal}`)
  expect(bodies).toHaveLength(1)
  return JSON.parse(String(bodies[0]?.body))
}

const text = (key: string, value: string): object => ({ key, value: { stringValue: value } })

test('spans and metrics say which process sends them, and which part of it', async () => {
  vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'team=blue')
  const telemetry = start()
  telemetry.tracing?.begin(null).attempt(ATTEMPT).end()
  await telemetry.close()
  const scope = { name: 'keyway', version: '1.2.3' }
  const attributes = expect.arrayContaining([
    text('service.name', 'keyway'),
    text('service.version', '1.2.3'),
    text('team', 'blue'),
    {
      key: 'service.instance.id',
      value: { stringValue: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    },
    { key: 'process.pid', value: { intValue: process.pid } },
  ])
  expect(sent('traces')).toMatchObject({
    resourceSpans: [
      { resource: { attributes }, scopeSpans: [{ scope, spans: [{ name: 'GET' }] }] },
    ],
  })
  const metrics = expect.arrayContaining([
    {
      name: 'keyway_config_generation',
      description: 'Generation of the live configuration; each applied reload adds one.',
      unit: '',
      gauge: {
        dataPoints: [
          {
            attributes: [],
            startTimeUnixNano: expect.any(String),
            timeUnixNano: expect.any(String),
            asDouble: 4,
          },
        ],
      },
    },
  ])
  expect(sent('metrics')).toMatchObject({
    resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ scope, metrics }] }],
  })
  expect(lines).toEqual([])
})

test.each([
  { traces: 'http/protobuf', metrics: 'http/json', types: ['x-protobuf', 'json'] },
  { traces: 'http/json', metrics: 'http/protobuf', types: ['json', 'x-protobuf'] },
] as const)('spans as $traces, metrics as $metrics', async ({ traces, metrics, types }) => {
  const telemetry = start({ traces, metrics })
  telemetry.tracing?.begin(null).attempt(ATTEMPT).end()
  await telemetry.close()
  const typeOf = (path: string): unknown =>
    collector.received.find((one) => one.path === path)?.headers['content-type']
  expect([typeOf('/v1/traces'), typeOf('/v1/metrics')]).toEqual(
    types.map((type) => `application/${type}`),
  )
})

test.each([
  { settings: { traces: null }, paths: ['/v1/metrics'], isTraced: false },
  { settings: { metrics: null }, paths: ['/v1/traces'], isTraced: true },
] as const)('with $settings only $paths is sent', async ({ settings, paths, isTraced }) => {
  const telemetry = start(settings)
  telemetry.tracing?.begin(null).attempt(ATTEMPT).end()
  await telemetry.close()
  expect(telemetry.tracing !== null).toBe(isTraced)
  expect(collector.received.map(({ path }) => path)).toEqual(paths)
})

test('a protocol that is not spoken is named, once', async () => {
  await start({ unknownProtocol: 'grpc' }).close()
  expect(lines).toMatchObject([
    { level: 'warn', protocol: 'grpc', msg: 'telemetry is sent as http/protobuf instead' },
  ])
})

test.each([
  { name: 'all spans are sent, whatever the client says of its own', env: {}, sent: 1 },
  { name: 'unless a sampler is named', env: { OTEL_TRACES_SAMPLER: 'always_off' }, sent: 0 },
])('$name', async ({ env, sent: spans }) => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const telemetry = start({ metrics: null }, env)
  const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: 0 }
  telemetry.tracing?.begin(parent).attempt(ATTEMPT).end()
  await telemetry.close()
  expect(collector.received).toHaveLength(spans)
})

test('a collector that answers nothing holds up the end for no longer than a moment', async () => {
  collector.close()
  collector = await startCollector('mute')
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url)
  const telemetry = start()
  onTestFinished(() => void vi.useRealTimers())
  telemetry.tracing?.begin(null).attempt(ATTEMPT).end()
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const closed = telemetry.close()
  await vi.advanceTimersByTimeAsync(1_500)
  expect(await closed).toBeUndefined()
})

test.each([
  { env: {}, ms: 60_000 },
  { env: { OTEL_METRIC_EXPORT_INTERVAL: '2000' }, ms: 2_000 },
  { env: { OTEL_METRIC_EXPORT_INTERVAL: 'soon' }, ms: 60_000 },
  { env: { OTEL_METRIC_EXPORT_INTERVAL: '-1' }, ms: 60_000 },
  { env: { OTEL_METRIC_EXPORT_INTERVAL: '2147483648' }, ms: 60_000 },
  { env: { OTEL_METRIC_EXPORT_TIMEOUT: '-1' }, ms: 60_000 },
])('with $env metrics are read each $ms ms', async ({ env, ms }) => {
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const readMetrics = vi.fn(async () => [])
  const telemetry = start({ traces: null }, env, readMetrics)
  vi.advanceTimersByTime(ms - 1)
  expect(readMetrics).toHaveBeenCalledTimes(0)
  vi.advanceTimersByTime(1)
  expect(readMetrics).toHaveBeenCalledTimes(1)
  vi.useRealTimers()
  await telemetry.close()
})

test.each([
  { env: {}, ms: 10_000 },
  { env: { OTEL_METRIC_EXPORT_TIMEOUT: '700' }, ms: 700 },
  { env: { OTEL_METRIC_EXPORT_INTERVAL: '500' }, ms: 500 },
])('with $env a collector has $ms ms to take metrics', async ({ env, ms }) => {
  const timer = vi.spyOn(globalThis, 'setTimeout')
  onTestFinished(() => timer.mockRestore())
  await start({ traces: null }, env).close()
  expect(timer.mock.calls.map(([, delay]) => delay)).toContain(ms)
})
