import type { Metric, MetricObjectWithValues, MetricValueWithName, Registry } from 'prom-client'
import type { OnExchange } from './exchange-record.ts'

/** Seconds; long ones matter, as a model may think for minutes. */
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300]

const NAME = 'keyway_request_duration_seconds'

interface Durations {
  readonly route: string
  /** For each bucket, those that no smaller one takes; the last are those that took longer than any. */
  readonly counts: number[]
  sum: number
}

type Value = MetricValueWithName<string>

/**
 * Creates the histogram of durations by route. It counts by itself, as prom-client's own joins and
 * checks the labels at each call.
 */
export function createRouteDurations(registry: Registry): OnExchange {
  const routes = new Map<string | null, Durations>()
  register(registry, () => [...routes.values()].flatMap(describe))
  const open = (route: string | null): Durations => {
    const counts = new Array<number>(BUCKETS.length + 1).fill(0)
    const durations = { route: route ?? '', counts, sum: 0 }
    routes.set(route, durations)
    return durations
  }
  return ({ route, durationMs }) => {
    const durations = routes.get(route) ?? open(route)
    const seconds = durationMs / 1000
    let bucket = 0
    while (bucket < BUCKETS.length && seconds > (BUCKETS[bucket] as number)) bucket += 1
    durations.counts[bucket] = (durations.counts[bucket] as number) + 1
    durations.sum += seconds
  }
}

// A registry asks no more of a metric than this, as prom-client's own sums of processes are no more.
function register(registry: Registry, values: () => Value[]): void {
  const help = 'Time from the request to the end of its answer.'
  const metric = { name: NAME, help, type: 'histogram', aggregator: 'sum' }
  const get = async (): Promise<MetricObjectWithValues<Value>> =>
    ({ ...metric, values: values() }) as unknown as MetricObjectWithValues<Value>
  registry.registerMetric({ ...metric, get } as unknown as Metric)
}

/** The lines of one route: each bucket holds those of the smaller ones too. */
function describe({ route, counts, sum }: Durations): Value[] {
  let count = 0
  const buckets = counts.map((more, index): Value => {
    count += more
    const labels = { le: BUCKETS[index] ?? '+Inf', route }
    return { metricName: `${NAME}_bucket`, labels, value: count }
  })
  return [
    ...buckets,
    { metricName: `${NAME}_sum`, labels: { route }, value: sum },
    { metricName: `${NAME}_count`, labels: { route }, value: count },
  ]
}
