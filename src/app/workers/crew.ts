import type { NormalAddress } from '../../config/shapes/normal-config.ts'
import { describeError, type Logger } from '../../observability/logger.ts'
import { type MetricObject, sumCounts, sumMetrics } from '../../observability/metrics.ts'
import type { FirstText } from '../open-config.ts'
import { type Member, startMember, WorkerError } from './member.ts'
import { createRestarts } from './restarts.ts'

/** The worker processes, which serve by one text. */
export interface Crew {
  /** Starts the workers; resolves to the address that they share when all of them listen. */
  readonly listen: (first: FirstText) => Promise<NormalAddress>
  /** Whether as many workers serve as there should be. */
  readonly isWhole: () => boolean
  /** Makes a text live in all workers; rejects, and changes nothing, where one can't compile it. */
  readonly agree: (text: string, generation: number) => Promise<void>
  /** Sums the workers' metrics, those that have ended and the primary's own, as text. */
  readonly metrics: (own: MetricObject[]) => Promise<string>
  /** Has every worker finish what is open and end. */
  readonly drain: (drainMs: number) => Promise<void>
}

/** What createCrew builds from. */
export interface CrewOptions {
  readonly workers: number
  readonly log: Logger
  /** Stands in for processes. */
  readonly start?: () => Member
}

/** A worker that takes this long over a text is ill. */
const COMPILE_MS = 60_000
const METRICS_MS = 2_000
/** Added to the drain time before a worker that does not end is killed. */
const GRACE_MS = 2_000

/** Creates the workers' keeper; starts nothing yet. */
export function createCrew({ workers, log, start = startMember }: CrewOptions): Crew {
  const members = new Set<Member>()
  const restarts = createRestarts()
  const timers = new Set<NodeJS.Timeout>()
  let live: FirstText = { text: '', generation: 0 }
  let isServing = false
  let gone: MetricObject[] = []
  const scraped = new WeakMap<Member, MetricObject[]>()

  async function launch(): Promise<NormalAddress> {
    const member = start()
    members.add(member)
    const first = live
    void member.ended.then((reason) => onEnd(member, reason))
    try {
      const address = await member.ask({ name: 'start', first, workers }, COMPILE_MS)
      member.generation = first.generation
      await catchUp(member)
      log.info({ worker: member.pid, generation: member.generation }, 'worker serves')
      return address
    } catch (error) {
      member.kill()
      throw error
    }
  }

  // What became live while it started.
  async function catchUp(member: Member): Promise<void> {
    while (member.generation !== live.generation) {
      const next = live
      await member.ask({ name: 'stage', next }, COMPILE_MS)
      await commit(member, next.generation)
    }
  }

  async function commit(member: Member, generation: number): Promise<void> {
    await member.ask({ name: 'commit', generation }, COMPILE_MS)
    member.generation = generation
  }

  function onEnd(member: Member, reason: number | NodeJS.Signals): void {
    members.delete(member)
    const last = scraped.get(member)
    if (last !== undefined) void sumCounts([gone, last]).then((sum) => (gone = sum))
    if (!isServing) return
    const restartMs = restarts.next(performance.now())
    log.error({ worker: member.pid, reason, restartMs }, 'worker ended, another takes its place')
    const timer = setTimeout(() => {
      timers.delete(timer)
      relaunch()
    }, restartMs)
    timers.add(timer)
  }

  function relaunch(): void {
    launch().catch((error: unknown) => {
      if (error instanceof WorkerError && error.code === 'worker_ended') return
      log.error({ error: describeError(error) }, 'worker failed to start')
    })
  }

  async function stageAll(next: FirstText): Promise<Member[]> {
    const staged = [...members]
    const asked = staged.map((member) => member.ask({ name: 'stage', next }, COMPILE_MS))
    for (const [index, result] of (await Promise.allSettled(asked)).entries()) {
      // One that has ended has a successor, which starts with whatever is live then.
      if (result.status === 'rejected' && !staged[index]?.hasEnded) throw result.reason
    }
    return staged
  }

  return {
    async listen(first) {
      live = first
      try {
        const addresses = await Promise.all(Array.from({ length: workers }, launch))
        isServing = true
        return addresses[0] as NormalAddress
      } catch (error) {
        for (const member of members) member.kill()
        throw error
      }
    },
    isWhole: () =>
      members.size === workers && [...members].every(({ generation }) => generation > 0),
    async agree(text, generation) {
      const next = { text, generation }
      const staged = await stageAll(next)
      live = next
      const swaps = staged.map((member) => commit(member, generation))
      for (const [index, result] of (await Promise.allSettled(swaps)).entries())
        if (result.status === 'rejected') staged[index]?.kill()
      // Those that were started meanwhile, with what was live then.
      const late = [...members].filter((member) => member.generation > 0)
      await Promise.allSettled(late.map(catchUp))
    },
    async metrics(own) {
      const asked = [...members].map(async (member) => {
        const metrics = await member.ask({ name: 'metrics' }, METRICS_MS)
        scraped.set(member, metrics)
        return metrics
      })
      const results = await Promise.allSettled(asked)
      const answers = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      return sumMetrics([own, gone, ...answers])
    },
    async drain(drainMs) {
      isServing = false
      for (const timer of timers) clearTimeout(timer)
      const all = [...members]
      const cut = setTimeout(() => {
        for (const member of all) member.kill()
      }, drainMs + GRACE_MS)
      const asked = all.map((member) => member.ask({ name: 'drain', drainMs }).catch(() => null))
      await Promise.all([...asked, ...all.map(({ ended }) => ended)])
      clearTimeout(cut)
    },
  }
}
