import type { Count } from '../count.ts'
import { entryOf } from '../entry-of.ts'
import type { ExchangeRecord } from '../exchange-record.ts'
import { Latest } from '../latest.ts'
import { ClassCounts, StatusCounts } from './answer-counts.ts'
import { Histogram } from './histogram.ts'
import type { LiveNames } from './live-names.ts'
import type { Series } from './register-series.ts'

/** Seconds; long ones matter, as a model may think for minutes. */
const BUCKETS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300]
/** Seconds that a proxy may take for itself. */
const ADDED_BUCKETS = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1]

/** Everything that is counted of one route's requests; what no route took has one too. */
export class RouteTally {
  readonly durations: Histogram = new Histogram(BUCKETS)
  readonly firstBytes: Histogram = new Histogram(BUCKETS)
  readonly added: Histogram = new Histogram(ADDED_BUCKETS)
  receivedBytes = 0
  sentBytes = 0
  private readonly statuses = new Map<string | null, StatusCounts>()
  private readonly rules = new Map<string, Readonly<Record<'then' | 'else', ClassCounts>>>()
  private readonly kinds = new Map<string, ClassCounts>()
  private readonly counts = new Latest((record) => this.findCounts(record))

  add(record: ExchangeRecord): void {
    const { firstByteMs, addedMs } = record
    for (const count of this.counts.of(record)) count.value += 1
    this.durations.add(record.durationMs)
    if (firstByteMs !== null) this.firstBytes.add(firstByteMs)
    if (addedMs !== null) this.added.add(addedMs)
    this.receivedBytes += record.receivedBytes
    this.sentBytes += record.sentBytes
  }

  /** Requests by upstream, status and origin. */
  readStatuses(route: string): Series[] {
    return [...this.statuses].flatMap(([upstream, counts]) =>
      counts.read({ route, upstream: upstream ?? '' }),
    )
  }

  readRules(route: string): Series[] {
    return [...this.rules].flatMap(([rule, { then: held, else: other }]) => [
      ...held.read({ route, rule, branch: 'then' }),
      ...other.read({ route, rule, branch: 'else' }),
    ])
  }

  readKinds(route: string): Series[] {
    return [...this.kinds].flatMap(([kind, counts]) => counts.read({ route, kind }))
  }

  /** Forgets what is gone from the file, of a route that is not. */
  retain(route: string, names: LiveNames): void {
    this.counts.forget()
    for (const upstream of this.statuses.keys())
      if (upstream !== null && !names.hasUpstream(upstream)) this.statuses.delete(upstream)
    for (const rule of this.rules.keys()) if (!names.hasRule(route, rule)) this.rules.delete(rule)
    for (const kind of this.kinds.keys()) if (!names.hasKind(kind)) this.kinds.delete(kind)
  }

  private findCounts(record: ExchangeRecord): readonly Count[] {
    const { upstream, credentialKind, rule, branch } = record
    const counts = [
      entryOf(this.statuses, upstream, createStatusCounts).of(record),
      entryOf(this.kinds, credentialKind ?? 'none', createClassCounts).of(record),
    ]
    if (rule !== null && branch !== null)
      counts.push(entryOf(this.rules, rule, createBranches)[branch].of(record))
    return counts
  }
}

function createStatusCounts(): StatusCounts {
  return new StatusCounts()
}

function createClassCounts(): ClassCounts {
  return new ClassCounts()
}

function createBranches(): Readonly<Record<'then' | 'else', ClassCounts>> {
  return { then: new ClassCounts(), else: new ClassCounts() }
}
