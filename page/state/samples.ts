import type { TrafficCounts } from '../../src/observability/traffic.ts'
import { quantile } from './quantile.ts'

/** By what traffic is told apart. */
export const DIMENSIONS = ['route', 'rule', 'upstream', 'kind'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** Numbers by name. */
export type Counts = Readonly<Record<string, number>>

/** What is done at a time, from the difference between two answers; null where nothing was asked. */
export interface Sample {
  /** Seconds since 1970. */
  readonly time: number
  /** Requests a second by name. */
  readonly rates: Readonly<Record<Dimension, Counts>>
  readonly requests: number
  /** Failures a second, by what answered: `4xx`, `5xx`, `keyway`. */
  readonly errors: Counts
  readonly p50: number | null
  readonly p99: number | null
}

/** Counts as they stood at a time. */
export interface Reading {
  readonly time: number
  readonly traffic: TrafficCounts
}

/** What happened between two readings; of durations, as few requests come in a second, since an older one. */
export function sampleBetween(before: Reading, after: Reading, longBefore: Reading): Sample {
  const seconds = Math.max(0.1, after.time - before.time)
  const [old, now] = [countsOf(before.traffic), countsOf(after.traffic)]
  const rate = (dimension: Dimension): Counts => rates(old[dimension], now[dimension], seconds)
  const answers = rates(before.traffic.answers, after.traffic.answers, seconds)
  const durations = after.traffic.durations.map((count, index) =>
    grown(longBefore.traffic.durations[index], count),
  )
  return {
    time: after.time,
    rates: {
      route: rate('route'),
      rule: rate('rule'),
      upstream: rate('upstream'),
      kind: rate('kind'),
    },
    requests: sum(answers),
    errors: {
      '4xx': answers['4xx'] ?? 0,
      '5xx': answers['5xx'] ?? 0,
      keyway: answers.keyway ?? 0,
    },
    p50: quantile(durations, 0.5),
    p99: quantile(durations, 0.99),
  }
}

/** Counts since the start, by each dimension. */
export function countsOf(traffic: TrafficCounts): Readonly<Record<Dimension, Counts>> {
  const { routes, upstreams, kinds } = traffic
  return {
    route: Object.fromEntries(routes.map(({ route, requests }) => [route, requests])),
    rule: Object.fromEntries(
      routes.flatMap(({ route, rules }) =>
        rules.map((hits) => [`${route} › ${hits.rule}`, hits.then + hits.else]),
      ),
    ),
    upstream: upstreams,
    kind: kinds,
  }
}

/** Adds up. */
export function sum(counts: Counts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

function rates(before: Counts, after: Counts, seconds: number): Counts {
  return Object.fromEntries(
    Object.entries(after).map(([name, count]) => [name, grown(before[name], count) / seconds]),
  )
}

/** A count that is smaller than before has begun anew. */
function grown(before: number | undefined, after: number): number {
  return before === undefined || before > after ? after : after - before
}
