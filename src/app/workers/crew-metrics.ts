import {
  type MetricObject,
  sumCounts,
  sumMetrics,
  withoutGone,
} from '../../observability/metrics/exposition.ts'
import type { LiveNames } from '../../observability/metrics/live-names.ts'
import type { Member } from './member.ts'

/** What the workers have counted, those that have ended included. */
export interface CrewMetrics {
  /** Sums the workers' metrics and the primary's own. */
  readonly read: (members: Iterable<Member>, own: MetricObject[]) => Promise<MetricObject[]>
  /** Keeps what a worker that has ended had counted when it was asked last. */
  readonly keepOf: (member: Member) => void
  /** Forgets, of workers that have ended, what the running file names no more. */
  readonly retain: (names: LiveNames) => void
}

const METRICS_MS = 2_000

/** Creates the sum, at nothing. */
export function createCrewMetrics(): CrewMetrics {
  const lastOf = new WeakMap<Member, MetricObject[]>()
  let gone: MetricObject[] = []

  async function ask(member: Member): Promise<MetricObject[]> {
    const metrics = await member.ask({ name: 'metrics' }, METRICS_MS)
    lastOf.set(member, metrics)
    return metrics
  }

  return {
    async read(members, own) {
      const results = await Promise.allSettled([...members].map(ask))
      const answers = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      return sumMetrics([own, gone, ...answers])
    },
    keepOf(member) {
      const last = lastOf.get(member)
      if (last !== undefined) void sumCounts([gone, last]).then((sum) => (gone = sum))
    },
    retain(names) {
      gone = withoutGone(gone, names)
    },
  }
}
