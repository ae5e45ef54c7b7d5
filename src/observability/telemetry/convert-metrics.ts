import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api'
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics'
import type { MetricObject } from '../metrics/exposition.ts'

/** From when the counts are, and the moment that they are read. */
export interface Interval {
  readonly startTime: HrTime
  readonly endTime: HrTime
}

type Value = MetricObject['values'][number] & { readonly metricName?: string }

/** Writes metrics as OpenTelemetry's SDK exports them, names and labels as they are. */
export function convertMetrics(metrics: readonly MetricObject[], interval: Interval): MetricData[] {
  return metrics.flatMap((metric) => {
    const converted = convertMetric(metric, interval)
    return converted === null ? [] : [converted]
  })
}

/** null: the protocol has no such metric. */
function convertMetric(metric: MetricObject, interval: Interval): MetricData | null {
  const { name, help: description, values } = metric
  const common = {
    descriptor: { name, description, unit: unitOf(name), valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  }
  // prom-client gives the type as its name, whatever its declarations say.
  switch (String(metric.type)) {
    case 'counter': {
      const dataPoints = values.map((value) => pointOf(value, interval))
      return { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
    }
    case 'gauge': {
      const dataPoints = values.map((value) => pointOf(value, interval))
      return { ...common, dataPointType: DataPointType.GAUGE, dataPoints }
    }
    case 'histogram': {
      const dataPoints = histogramPoints(name, values, interval)
      return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints }
    }
    default:
      return null
  }
}

function unitOf(name: string): string {
  if (/_seconds(?:_total)?$/.test(name)) return 's'
  return /_bytes(?:_total)?$/.test(name) ? 'By' : ''
}

function pointOf({ labels, value }: Value, interval: Interval): DataPoint<number> {
  return { ...interval, attributes: { ...labels } as Attributes, value }
}

/** Prometheus has a series for each bucket, with all smaller ones in it; here they are one point. */
function histogramPoints(
  name: string,
  values: readonly Value[],
  interval: Interval,
): DataPoint<Histogram>[] {
  const groups = new Map<string, Value[]>()
  for (const value of values) {
    const { le: _, ...labels } = value.labels as Record<string, string | number>
    const key = JSON.stringify(labels)
    groups.set(key, [...(groups.get(key) ?? []), value])
  }
  return [...groups].map(([key, group]) => ({
    ...interval,
    attributes: JSON.parse(key) as Attributes,
    value: histogramOf(name, group),
  }))
}

function histogramOf(name: string, group: readonly Value[]): Histogram {
  const numberOf = (suffix: string): number =>
    group.find(({ metricName }) => metricName === `${name}_${suffix}`)?.value ?? 0
  const buckets = group
    .filter(({ metricName }) => metricName === `${name}_bucket`)
    .map(({ labels, value }) => ({ bound: boundOf(labels), value }))
    .sort((a, b) => a.bound - b.bound)
  const counts = buckets.map(({ value }, at) => value - (buckets[at - 1]?.value ?? 0))
  const boundaries = buckets.map(({ bound }) => bound).filter(Number.isFinite)
  return { buckets: { boundaries, counts }, sum: numberOf('sum'), count: numberOf('count') }
}

function boundOf(labels: Value['labels']): number {
  const { le } = labels as { readonly le?: string | number }
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le)
}
