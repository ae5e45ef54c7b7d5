import type { Metric, MetricObjectWithValues, MetricValueWithName, Registry } from 'prom-client'

/** One number of a metric, with its labels. */
export type Series = Omit<MetricValueWithName<string>, 'metricName'> & {
  /** Of a histogram's parts; default: the metric's own. */
  readonly metricName?: string
}

/** What a metric is, apart from its numbers. */
export interface SeriesDescription {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** How the numbers of several processes become one; default: their sum. */
  readonly aggregator?: 'sum' | 'min' | 'max' | 'first'
}

/**
 * Has a registry read a metric's numbers at each scrape. prom-client's own counters join and check
 * all labels at each call, on the request's path; a registry asks no more of a metric than this.
 */
export function registerSeries(
  registry: Registry,
  description: SeriesDescription,
  read: () => readonly Series[] | Promise<readonly Series[]>,
): void {
  const metric = { aggregator: 'sum', ...description }
  const get = async (): Promise<MetricObjectWithValues<MetricValueWithName<string>>> =>
    ({ ...metric, values: await read() }) as unknown as MetricObjectWithValues<
      MetricValueWithName<string>
    >
  registry.registerMetric({ ...metric, get } as unknown as Metric)
}
