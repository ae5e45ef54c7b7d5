import type { ProcessStatus } from '../../admin/process-status.ts'
import type { NormalAddress } from '../../config/shapes/normal-config.ts'
import { createFingerprintKey } from '../../credentials/show/fingerprint.ts'
import type { Logger } from '../../observability/logger.ts'
import type { MetricObject } from '../../observability/metrics/exposition.ts'
import type { LiveNames } from '../../observability/metrics/live-names.ts'
import type { FirstText } from '../open-config.ts'
import { createCrewMetrics } from './crew-metrics.ts'
import { type Member, startMember } from './member.ts'
import type { WorkerListener } from './messages.ts'
import { Roster } from './roster.ts'

/** The worker processes, which serve by one text. */
export interface Crew {
  /** Starts the workers; resolves to the address that they share when all of them listen. */
  readonly listen: (first: FirstText) => Promise<NormalAddress>
  /** Whether as many workers serve as there should be. */
  readonly isWhole: () => boolean
  /** Makes a text live in all workers; rejects, and changes nothing, where one can't compile it. */
  readonly agree: (text: string, generation: number) => Promise<void>
  /** Sums the workers' metrics, those that have ended and the primary's own. */
  readonly metrics: (own: MetricObject[]) => Promise<MetricObject[]>
  /** Forgets what was counted of names that the running file has no more. */
  readonly retain: (names: LiveNames) => void
  /** What each worker knows of its work. */
  readonly statuses: () => Promise<readonly ProcessStatus[]>
  /** Takes on what workers tell unasked; to be set before they start. */
  readonly follow: (listener: WorkerListener) => void
  /** Has every worker finish what is open and end. */
  readonly drain: (drainMs: number) => Promise<void>
}

/** What createCrew builds from. */
export interface CrewOptions {
  readonly workers: number
  readonly log: Logger
  /** Stands in for processes. */
  readonly start?: (listener: WorkerListener) => Member
}

/** Added to the drain time before a worker that does not end is killed. */
const GRACE_MS = 2_000

const NOBODY: WorkerListener = {
  onEvent: () => {},
  secrets: { onSecret: () => {}, onClient: () => {} },
  note: () => false,
}

/** Creates the workers' keeper; starts nothing yet. */
export function createCrew({ workers, log, start = startMember }: CrewOptions): Crew {
  const metrics = createCrewMetrics()
  let listener = NOBODY
  const startOne = (): Member => start(listener)
  const fingerprintKey = createFingerprintKey().toString('hex')
  const onEnd = metrics.keepOf
  const roster = new Roster({ workers, log, start: startOne, onEnd, fingerprintKey })
  return {
    listen: (first) => roster.open(first),
    isWhole: () => roster.isWhole(),
    agree: (text, generation) => agree(roster, { text, generation }),
    metrics: (own) => metrics.read(roster.members, own),
    retain: metrics.retain,
    statuses: () => askAll([...roster.members]),
    follow(next) {
      listener = next
    },
    drain(drainMs) {
      roster.close()
      return drainAll([...roster.members], drainMs)
    },
  }
}

const STATUS_MS = 2_000

async function askAll(members: readonly Member[]): Promise<readonly ProcessStatus[]> {
  const asked = members.map((member) => member.ask({ name: 'status' }, STATUS_MS))
  const results = await Promise.allSettled(asked)
  return results.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []))
}

async function agree(roster: Roster, next: FirstText): Promise<void> {
  const staged = await roster.stageAll(next)
  roster.live = next
  const swaps = staged.map((member) => roster.commit(member, next.generation))
  for (const [index, result] of (await Promise.allSettled(swaps)).entries())
    if (result.status === 'rejected') staged[index]?.kill()
  // Those that were started meanwhile, with what was live then.
  const late = [...roster.members].filter((member) => member.generation > 0)
  await Promise.allSettled(late.map((member) => roster.catchUp(member)))
}

async function drainAll(members: readonly Member[], drainMs: number): Promise<void> {
  const cut = setTimeout(() => {
    for (const member of members) member.kill()
  }, drainMs + GRACE_MS)
  const asked = members.map((member) => member.ask({ name: 'drain', drainMs }).catch(() => null))
  await Promise.all([...asked, ...members.map(({ ended }) => ended)])
  clearTimeout(cut)
}
