import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from 'prom-client'
import type { OnExchange } from './exchange-record.ts'
import { createRequestMetrics } from './request-metrics.ts'

/** Counters of one process, for Prometheus. */
export interface Metrics {
  readonly onExchange: OnExchange
  /** Counts a reload by its outcome, and takes the generation that is live after it. */
  readonly onReload: (outcome: string, generation: number) => void
  /** Counts one request that the shadow configuration decides otherwise, by what differs. */
  readonly onShadowDifference: (whats: readonly string[]) => void
  /** Counts one request that a limit of the file refused. */
  readonly onLimited: (limit: string) => void
  /** Notes whether the store of the limits answers. */
  readonly onLimitStore: (state: 'away' | 'back') => void
  /** Reads a number at each scrape, such as open connections. */
  readonly watch: (name: string, help: string, read: () => number) => void
  /** All metrics as text, in Prometheus' exposition format. */
  readonly text: () => Promise<string>
  /** The same for a program, to be summed with those of other processes. */
  readonly json: () => Promise<MetricObject[]>
  readonly contentType: string
}

/** One metric with its values. */
export type MetricObject = MetricObjectWithValues<MetricValue<string>>

/** Creates the metrics; labels hold names from the file and fixed words, never what a client sent. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const onExchange = createRequestMetrics(registry)
  const reloads = new Counter({
    name: 'keyway_reloads_total',
    help: 'Reloads of the configuration, by what came of them.',
    labelNames: ['outcome'],
    registers,
  })
  const generation = new Gauge({
    name: 'keyway_config_generation',
    help: 'Generation of the live configuration; each applied reload adds one.',
    aggregator: 'max',
    registers,
  })
  const shadow = new Counter({
    name: 'keyway_shadow_differences_total',
    help: 'Requests that the shadow configuration decides otherwise, by what differs first.',
    labelNames: ['what'],
    registers,
  })
  const limited = new Counter({
    name: 'keyway_limited_requests_total',
    help: 'Requests that a limit of the file refused, by limit.',
    labelNames: ['limit'],
    registers,
  })
  const storeUp = new Gauge({
    name: 'keyway_limit_store_up',
    help: 'Whether the store of the limits answers: 1, or 0 while it is away.',
    aggregator: 'min',
    registers,
  })
  generation.set(1)
  storeUp.set(1)
  return {
    onExchange,
    onReload: (outcome, live) => {
      reloads.inc({ outcome })
      generation.set(live)
    },
    onShadowDifference: ([first = 'answer']) =>
      shadow.inc({ what: first.split(' ', 1)[0] as string }),
    onLimited: (limit) => limited.inc({ limit }),
    onLimitStore: (state) => storeUp.set(state === 'back' ? 1 : 0),
    watch: (name, help, read) => {
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read())
        },
      })
    },
    text: () => registry.metrics(),
    json: () => registry.getMetricsAsJSON(),
    contentType: registry.contentType,
  }
}

/** Sums the metrics of several processes, as text. */
export function sumMetrics(processes: readonly MetricObject[][]): Promise<string> {
  return AggregatorRegistry.aggregate([...processes]).metrics()
}

/** Sums what counts on when a process has ended: its counters, not its gauges. */
export function sumCounts(processes: readonly MetricObject[][]): Promise<MetricObject[]> {
  const counts = processes.map((metrics) => metrics.filter(({ type }) => !isGauge(type)))
  return AggregatorRegistry.aggregate(counts).getMetricsAsJSON()
}

// prom-client gives the type as its name, whatever its declarations say.
const isGauge = (type: unknown): boolean => type === 'gauge'
