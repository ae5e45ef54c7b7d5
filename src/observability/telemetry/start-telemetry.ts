import { randomUUID } from 'node:crypto'
import { millisToHrTime } from '@opentelemetry/core'
import { OTLPMetricExporter as JsonMetrics } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter as ProtobufMetrics } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter as JsonTraces } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter as ProtobufTraces } from '@opentelemetry/exporter-trace-otlp-proto'
import {
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import {
  type MetricProducer,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics'
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanExporter,
} from '@opentelemetry/sdk-trace-base'
import type { Logger } from '../logger.ts'
import type { MetricObject } from '../metrics/exposition.ts'
import type { Tracing } from '../tracing.ts'
import { convertMetrics } from './convert-metrics.ts'
import { createTracing } from './request-spans.ts'
import type { Protocol, TelemetrySettings, Variables } from './settings.ts'
import { tellExports } from './told-export.ts'

/** What startTelemetry builds from. */
export interface TelemetryOptions {
  readonly settings: TelemetrySettings
  readonly env: Variables
  readonly version: string
  /** Reads all metrics of the process. */
  readonly readMetrics: () => Promise<readonly MetricObject[]>
  readonly log: Logger
}

/** What is sent to a collector. */
export interface Telemetry {
  /** null: no spans are asked for. */
  readonly tracing: Tracing | null
  /** Sends what is left, as long as it may take. */
  readonly close: () => Promise<void>
}

/** What is left is sent within the drain, or not at all. */
const FLUSH_MS = 1_500
const INTERVAL_MS = 60_000
const EXPORT_MS = 10_000
/** What a timer of Node can wait. */
const LONGEST_MS = 2_147_483_647

/** Starts to send spans and metrics, by OpenTelemetry's own SDK, which reads its variables itself. */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  const { settings, log } = options
  const { unknownProtocol } = settings
  if (unknownProtocol !== null)
    log.warn({ protocol: unknownProtocol }, 'telemetry is sent as http/protobuf instead')
  const resource = describeProcess(options.version)
  const provider = settings.traces && startTraces(settings.traces, resource, options)
  const reader = settings.metrics && startMetrics(settings.metrics, resource, options)
  return {
    tracing: provider && createTracing(provider.getTracer('keyway', options.version)),
    async close() {
      const ended = Promise.allSettled([provider?.shutdown(), reader?.shutdown()])
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, FLUSH_MS).unref())])
    },
  }
}

function describeProcess(version: string): Resource {
  const own = resourceFromAttributes({
    'service.name': 'keyway',
    'service.version': version,
    'service.instance.id': randomUUID(),
    'process.pid': process.pid,
  })
  return own.merge(detectResources({ detectors: [envDetector] }))
}

function startTraces(
  protocol: Protocol,
  resource: Resource,
  { env, log }: TelemetryOptions,
): BasicTracerProvider {
  const exporter: SpanExporter = protocol === 'http/json' ? new JsonTraces() : new ProtobufTraces()
  // Its queue is bounded: what a collector does not take in time is dropped.
  const processor = new BatchSpanProcessor(tellExports(exporter, 'traces', log))
  // The SDK's default lets the client's flag decide, which only whoever runs this may want.
  const sampler = env.OTEL_TRACES_SAMPLER ? {} : { sampler: new AlwaysOnSampler() }
  return new BasicTracerProvider({ resource, spanProcessors: [processor], ...sampler })
}

function startMetrics(
  protocol: Protocol,
  resource: Resource,
  { env, log, readMetrics, version }: TelemetryOptions,
): PeriodicExportingMetricReader {
  const exporter: PushMetricExporter =
    protocol === 'http/json' ? new JsonMetrics() : new ProtobufMetrics()
  const exportIntervalMillis = readMs(env.OTEL_METRIC_EXPORT_INTERVAL, INTERVAL_MS)
  const reader = new PeriodicExportingMetricReader({
    exporter: tellExports(exporter, 'metrics', log),
    exportIntervalMillis,
    exportTimeoutMillis: Math.min(
      readMs(env.OTEL_METRIC_EXPORT_TIMEOUT, EXPORT_MS),
      exportIntervalMillis,
    ),
  })
  const startTime = millisToHrTime(Date.now())
  const producer: MetricProducer = {
    async collect() {
      const interval = { startTime, endTime: millisToHrTime(Date.now()) }
      const metrics = convertMetrics(await readMetrics(), interval)
      const scopeMetrics = [{ scope: { name: 'keyway', version }, metrics }]
      return { resourceMetrics: { resource, scopeMetrics }, errors: [] }
    },
  }
  reader.setMetricProducer(producer)
  return reader
}

/** Milliseconds of a variable; what is no such number counts as not set, as the specification has it. */
function readMs(value: string | undefined, otherwise: number): number {
  const ms = Number(value)
  return ms > 0 && ms <= LONGEST_MS ? ms : otherwise
}
