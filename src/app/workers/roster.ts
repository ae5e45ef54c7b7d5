import type { NormalAddress } from '../../config/shapes/normal-config.ts'
import { describeError, type Logger } from '../../observability/logger.ts'
import type { FirstText } from '../open-config.ts'
import type { Member } from './member.ts'
import { WorkerError } from './questions.ts'
import { createRestarts } from './restarts.ts'

/** What a roster is made with. */
export interface RosterOptions {
  readonly workers: number
  readonly log: Logger
  readonly start: () => Member
  /** In hex; the same for all of them. */
  readonly fingerprintKey: string
  /** Hears of a worker that has ended, for whatever reason. */
  readonly onEnd: (member: Member) => void
}

/** A worker that takes this long over a text is ill. */
const COMPILE_MS = 60_000

/** The workers that there are: starts as many as there should be, and another for each that ends. */
export class Roster {
  readonly members: Set<Member> = new Set()
  /** What a worker starts with, and catches up with. */
  live: FirstText = { text: '', generation: 0 }
  readonly #options: RosterOptions
  readonly #restarts = createRestarts()
  readonly #timers = new Set<NodeJS.Timeout>()
  #isServing = false

  constructor(options: RosterOptions) {
    this.#options = options
  }

  /** Starts all workers with a text; resolves to the address that they share. */
  async open(first: FirstText): Promise<NormalAddress> {
    this.live = first
    try {
      const starts = Array.from({ length: this.#options.workers }, () => this.#launch())
      const addresses = await Promise.all(starts)
      this.#isServing = true
      return addresses[0] as NormalAddress
    } catch (error) {
      for (const member of this.members) member.kill()
      throw error
    }
  }

  /** Starts no more workers in place of those that end. */
  close(): void {
    this.#isServing = false
    for (const timer of this.#timers) clearTimeout(timer)
  }

  /** Whether as many workers serve as there should be. */
  isWhole(): boolean {
    const { members } = this
    return (
      members.size === this.#options.workers &&
      [...members].every(({ generation }) => generation > 0)
    )
  }

  /** Has every worker compile a text; rejects where one can't. Resolves to those that were asked. */
  async stageAll(next: FirstText): Promise<readonly Member[]> {
    const staged = [...this.members]
    const asked = staged.map((member) => member.ask({ name: 'stage', next }, COMPILE_MS))
    for (const [index, result] of (await Promise.allSettled(asked)).entries()) {
      // One that has ended has a successor, which starts with whatever is live then.
      if (result.status === 'rejected' && !staged[index]?.hasEnded) throw result.reason
    }
    return staged
  }

  /** Has a worker serve by the text that it compiled. */
  async commit(member: Member, generation: number): Promise<void> {
    await member.ask({ name: 'commit', generation }, COMPILE_MS)
    member.generation = generation
  }

  /** Brings a worker to what became live meanwhile. */
  async catchUp(member: Member): Promise<void> {
    while (member.generation !== this.live.generation) {
      const next = this.live
      await member.ask({ name: 'stage', next }, COMPILE_MS)
      await this.commit(member, next.generation)
    }
  }

  async #launch(): Promise<NormalAddress> {
    const { start, workers, log, fingerprintKey } = this.#options
    const member = start()
    this.members.add(member)
    const first = this.live
    void member.ended.then((reason) => this.#replace(member, reason))
    try {
      const command = { name: 'start', first, workers, fingerprintKey } as const
      const address = await member.ask(command, COMPILE_MS)
      member.generation = first.generation
      await this.catchUp(member)
      log.info({ worker: member.pid, generation: member.generation }, 'worker serves')
      return address
    } catch (error) {
      member.kill()
      throw error
    }
  }

  #replace(member: Member, reason: number | NodeJS.Signals): void {
    this.members.delete(member)
    this.#options.onEnd(member)
    if (!this.#isServing) return
    const restartMs = this.#restarts.next(performance.now())
    const fields = { worker: member.pid, reason, restartMs }
    this.#options.log.error(fields, 'worker ended, another takes its place')
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#launch().catch((error: unknown) => this.#reportFailedStart(error))
    }, restartMs)
    this.#timers.add(timer)
  }

  #reportFailedStart(error: unknown): void {
    // That it ended is told by itself.
    if (error instanceof WorkerError && error.code === 'worker_ended') return
    this.#options.log.error({ error: describeError(error) }, 'worker failed to start')
  }
}
