import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  AggregatorRegistry,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
  type RegistryContentType,
} from 'prom-client'
import { isLive, type LiveNames } from './live-names.ts'

/** One metric with its values. */
export type MetricObject = MetricObjectWithValues<MetricValue<string>>

/** Metrics as text, and what kind of text it is. */
export interface Exposition {
  readonly type: string
  readonly body: string
}

const OPEN_METRICS = 'application/openmetrics-text'

/** Series that are written in one go, in a few milliseconds: a file of 10,000 routes has 300,000. */
const SLICE = 2_000

/**
 * Writes metrics in the format that is asked for by an Accept field: OpenMetrics, or Prometheus' own.
 * In slices, as requests are served meanwhile.
 */
export async function writeMetrics(
  metrics: readonly MetricObject[],
  accept: string,
): Promise<Exposition> {
  const isOpen = accept.includes(OPEN_METRICS)
  const registry: Registry<RegistryContentType> = new Registry()
  registry.setContentType(
    isOpen ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE,
  )
  // prom-client puts `_total` behind a counter's series by itself there, and takes it off nowhere.
  const texts: string[] = []
  for (const metric of metrics)
    texts.push(await writeMetric(registry, isOpen ? withoutTotal(metric) : metric))
  const body = isOpen ? `${texts.join('\n')}\n# EOF\n` : `${texts.join('\n\n')}\n`
  return { type: registry.contentType, body }
}

async function writeMetric(
  registry: Registry<RegistryContentType>,
  metric: MetricObject,
): Promise<string> {
  const { name, values } = metric
  const texts: string[] = []
  let start = 0
  const get = async (): Promise<MetricObject> => ({
    ...metric,
    values: values.slice(start, start + SLICE),
  })
  registry.registerMetric({ ...metric, get } as never)
  do {
    const text = await registry.getSingleMetricAsString(name)
    texts.push(start === 0 ? text : withoutHead(text))
    start += SLICE
    if (start < values.length) await nextTurn()
  } while (start < values.length)
  return texts.join('\n')
}

/** The lines behind HELP and TYPE. */
function withoutHead(text: string): string {
  return text.slice(text.indexOf('\n', text.indexOf('\n') + 1) + 1)
}

function withoutTotal(metric: MetricObject): MetricObject {
  if (!isOfType(metric, 'counter')) return metric
  return { ...metric, name: metric.name.replace(/_total$/, '') }
}

/** Sums the metrics of several processes, each by its own way: gauges may be a least or a greatest. */
export function sumMetrics(processes: readonly MetricObject[][]): Promise<MetricObject[]> {
  return AggregatorRegistry.aggregate([...processes]).getMetricsAsJSON()
}

/** Sums what counts on when a process has ended: its counters, not its gauges. */
export function sumCounts(processes: readonly MetricObject[][]): Promise<MetricObject[]> {
  return sumMetrics(
    processes.map((metrics) => metrics.filter((metric) => !isOfType(metric, 'gauge'))),
  )
}

/** Our metrics without the series of whatever the running file names no more. */
export function withoutGone(metrics: readonly MetricObject[], names: LiveNames): MetricObject[] {
  return metrics.map((metric) => {
    if (!metric.name.startsWith('keyway_')) return metric
    return { ...metric, values: metric.values.filter(({ labels }) => isLive(names, labels)) }
  })
}

// prom-client gives the type as its name, whatever its declarations say.
function isOfType({ type }: MetricObject, name: string): boolean {
  return (type as unknown) === name
}
