import { describe, expect, test } from 'vitest'
import type { MetricObject } from '../../../src/observability/metrics/exposition.ts'
import { convertMetrics } from '../../../src/observability/telemetry/convert-metrics.ts'
import { describeGenAi } from '../../../src/observability/telemetry/gen-ai.ts'
import { readTelemetrySettings } from '../../../src/observability/telemetry/settings.ts'

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }
const BOTH = { traces: 'http/protobuf', metrics: 'http/protobuf', unknownProtocol: null }

test.each([
  { name: 'nothing', env: {}, settings: null },
  { name: 'an empty endpoint', env: { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, settings: null },
  { name: 'both signals', env: ENDPOINT, settings: BOTH },
  { name: 'none at all', env: { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }, settings: null },
  {
    name: 'spans alone',
    env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector/v1/traces' },
    settings: { ...BOTH, metrics: null },
  },
  {
    name: 'all but spans',
    env: { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' },
    settings: { ...BOTH, traces: null },
  },
  {
    name: 'JSON',
    env: { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' },
    settings: { ...BOTH, traces: 'http/json', metrics: 'http/json' },
  },
  {
    name: 'JSON for one signal',
    env: { ...ENDPOINT, OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json' },
    settings: { ...BOTH, metrics: 'http/json' },
  },
  {
    name: 'what is not spoken',
    env: { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
    settings: { ...BOTH, unknownProtocol: 'grpc' },
  },
])('the environment asks for $name', ({ env, settings }) => {
  expect(readTelemetrySettings(env)).toEqual(settings)
})

test.each([
  { provider: null, path: '/v1/messages', genAi: null },
  {
    provider: 'anthropic',
    path: '/v1/messages',
    genAi: { provider: 'anthropic', operation: 'chat' },
  },
  {
    provider: 'anthropic',
    path: '/v1/messages/count_tokens',
    genAi: { provider: 'anthropic', operation: null },
  },
  {
    provider: 'openai',
    path: '/v1/responses',
    genAi: { provider: 'openai', operation: 'chat' },
  },
  {
    provider: 'openai',
    path: '/v1/completions',
    genAi: { provider: 'openai', operation: 'text_completion' },
  },
  {
    provider: 'azure-openai',
    path: '/openai/deployments/d/embeddings',
    genAi: { provider: 'azure.ai.openai', operation: 'embeddings' },
  },
  {
    provider: 'gemini',
    path: '/v1beta/models/m:streamGenerateContent',
    genAi: { provider: 'gcp.gemini', operation: 'generate_content' },
  },
  {
    provider: 'bedrock',
    path: '/model/m/converse-stream',
    genAi: { provider: 'aws.bedrock', operation: 'chat' },
  },
  {
    provider: 'mistral',
    path: '/v1/chat/completions',
    genAi: { provider: 'mistral_ai', operation: 'chat' },
  },
  { provider: 'openrouter', path: '/', genAi: { provider: 'openrouter', operation: null } },
])('$provider $path', ({ provider, path, genAi }) => {
  expect(describeGenAi(provider, path)).toEqual(genAi)
})

describe('metrics', () => {
  const interval = { startTime: [1, 0], endTime: [2, 0] } as const
  const metric = (type: string, name: string, values: unknown): MetricObject =>
    ({ name, help: 'Words.', type, values, aggregator: 'sum' }) as unknown as MetricObject
  const convert = (one: MetricObject): unknown =>
    convertMetrics([one], { startTime: [1, 0], endTime: [2, 0] })

  test('a counter is a sum that only grows', () => {
    const values = [{ labels: { route: 'a' }, value: 3 }]
    expect(convert(metric('counter', 'keyway_sent_bytes_total', values))).toMatchObject([
      {
        descriptor: { name: 'keyway_sent_bytes_total', description: 'Words.', unit: 'By' },
        isMonotonic: true,
        dataPoints: [{ ...interval, attributes: { route: 'a' }, value: 3 }],
      },
    ])
  })

  test('a gauge is one', () => {
    const [gauge] = convert(metric('gauge', 'keyway_x', [{ labels: {}, value: 1 }])) as object[]
    expect(gauge).toMatchObject({ dataPoints: [{ attributes: {}, value: 1 }] })
    expect(gauge).not.toHaveProperty('isMonotonic')
  })

  test("a histogram's buckets hold what no smaller one does", () => {
    const series = (route: string, counts: readonly number[], sum: number): unknown[] => [
      ...counts.map((value, at) => ({
        metricName: 'keyway_t_seconds_bucket',
        labels: { route, le: [0.1, 1, '+Inf'][at] },
        value,
      })),
      { metricName: 'keyway_t_seconds_sum', labels: { route }, value: sum },
      { metricName: 'keyway_t_seconds_count', labels: { route }, value: counts.at(-1) },
    ]
    const values = [...series('a', [1, 3, 6], 9.5), ...series('b', [0, 0, 1], 4)]
    const boundaries = [0.1, 1]
    expect(convert(metric('histogram', 'keyway_t_seconds', values))).toMatchObject([
      {
        descriptor: { unit: 's' },
        dataPoints: [
          {
            attributes: { route: 'a' },
            value: { buckets: { boundaries, counts: [1, 2, 3] }, sum: 9.5, count: 6 },
          },
          {
            attributes: { route: 'b' },
            value: { buckets: { boundaries, counts: [0, 0, 1] }, sum: 4, count: 1 },
          },
        ],
      },
    ])
  })

  test.each([
    ['keyway_sent_bytes_total', 'By'],
    ['process_heap_bytes', 'By'],
    ['process_cpu_seconds_total', 's'],
    ['keyway_t_seconds', 's'],
    ['keyway_bytes_left', ''],
    ['keyway_seconds_left', ''],
    ['keyway_x', ''],
  ])('the unit of %s is "%s"', (name, unit) => {
    expect(convert(metric('gauge', name, []))).toMatchObject([{ descriptor: { unit } }])
  })

  test('buckets that come in another order are put in theirs, and what is missing is none', () => {
    const bucket = (le: number | string, value: number): unknown => ({
      metricName: 'keyway_t_seconds_bucket',
      labels: { le },
      value,
    })
    const values = [bucket('+Inf', 6), bucket(1, 3), bucket(0.1, 1)]
    expect(convert(metric('histogram', 'keyway_t_seconds', values))).toMatchObject([
      {
        dataPoints: [
          { value: { buckets: { boundaries: [0.1, 1], counts: [1, 2, 3] }, sum: 0, count: 0 } },
        ],
      },
    ])
  })

  test('what the protocol has no word for is left out', () => {
    expect(convert(metric('summary', 'x', []))).toEqual([])
  })
})
