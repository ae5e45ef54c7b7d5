import { setMaxListeners } from 'node:events'
import { appendFileSync, readFileSync } from 'node:fs'
import { env, pid } from 'node:process'
import { type RunnerTestCase, TestRunner } from 'vitest'
import type { Progress, Round } from './round.ts'

/** What the instrumented code asks for: which change is made, and where it counts what it reaches. */
interface Switch {
  activeMutant: string | undefined
  currentTestId: string
  hitCount: number
  hitLimit: number
  readonly mutantCoverage: {
    readonly static: Record<string, number>
    readonly perTest: Record<string, Record<string, number>>
  }
}

/** What is done next with the test in hand. */
type Turn = 'dry' | 'again' | 'mutant' | 'check'

interface Shared {
  readonly round: Round
  readonly alive: Set<string>
  readonly stryker: Switch
  isOver: boolean
  hasTried: boolean
}

// One signal a test, for as many turns as there are changes.
setMaxListeners(0)

const REST = 'rest'
/** What a change leaves behind, such as a connection that is being closed, may be gone by the next check. */
const CHECKS = 3
const EXTRA_HITS = 100_000
const SLOWEST_MS = 2000
const { setTimeout: later, clearTimeout: forget } = globalThis

/** One for all files of a round: they are run in one process, which is where the changes live. */
function share(): Shared {
  const place = globalThis as { keywayMutation?: Shared; __stryker__?: Switch }
  if (place.keywayMutation) return place.keywayMutation
  const round = JSON.parse(readFileSync(env.KEYWAY_MUTATION_ROUND as string, 'utf8')) as Round
  const stryker: Switch = {
    activeMutant: undefined,
    currentTestId: '',
    hitCount: 0,
    hitLimit: 0,
    mutantCoverage: { static: {}, perTest: {} },
  }
  place.__stryker__ = stryker
  place.keywayMutation = {
    round,
    alive: new Set(round.alive),
    stryker,
    isOver: false,
    hasTried: false,
  }
  return place.keywayMutation
}

/**
 * Runs each test as it is, then once for each change that it reaches and nobody has noticed yet. A
 * change counts as noticed where the test fails, and passes again without it.
 */
// biome-ignore lint/style/noDefaultExport: Vitest asks for one.
export default class MutantRunner extends TestRunner {
  readonly #shared: Shared = share()
  #turn: Turn = 'dry'
  #todo: string[] = []
  #hits: Record<string, number> = {}
  #limitMs = 0
  #checks = 0
  #started = 0
  /** By change, in the file in hand. */
  #tries = new Map<string, number>()
  #lived: ReadonlySet<string> = new Set()

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    await super.onBeforeRunTask(test)
    if (!this.#isWanted(idOf(test))) test.mode = 'skip'
    if (test.mode !== 'run' && test.mode !== 'queued') return
    const { only } = this.#shared.round
    Object.assign(test, { repeats: Number.POSITIVE_INFINITY })
    this.#turn = only === null ? 'dry' : 'mutant'
    this.#todo = only === null ? [] : [only.mutant]
    this.#limitMs = only === null ? 0 : 5 * SLOWEST_MS
  }

  #isWanted(test: string): boolean {
    const { isOver, alive, round } = this.#shared
    if (isOver || alive.size === 0) return false
    if (round.plan !== null && round.plan !== 'look') return round.plan[test] !== undefined
    return round.only === null ? !round.done.includes(test) : round.only.tests.includes(test)
  }

  override onBeforeTryTask(test: RunnerTestCase): void {
    super.onBeforeTryTask(test)
    const { stryker, round } = this.#shared
    const [mutant] = this.#todo
    const isMutant = this.#turn === 'mutant' && mutant !== undefined
    stryker.mutantCoverage.perTest[REST] = {}
    stryker.currentTestId = REST
    stryker.hitCount = 0
    stryker.hitLimit = 100 * (this.#hits[mutant ?? ''] ?? 0) + EXTRA_HITS
    if (isMutant) this.#tell({ event: 'try', mutant, test: idOf(test), pid })
    else this.#tell({ event: 'run', test: idOf(test), pid })
    stryker.activeMutant = isMutant ? mutant : undefined
    this.#started = performance.now()
    if (round.only === null && isMutant) this.#shared.hasTried = true
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    const run = TestRunner.getTestFn(test)
    if (this.#limitMs === 0) return run()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = later(() => reject(new Error('took too long')), this.#limitMs)
    })
    try {
      await Promise.race([run(), late])
    } finally {
      forget(timer)
    }
  }

  onAfterRetryTask(test: RunnerTestCase): void {
    const { stryker } = this.#shared
    const hitCount = stryker.hitCount
    stryker.activeMutant = undefined
    stryker.currentTestId = ''
    const result = test.result
    if (result === undefined || result.state === 'skip') return
    const isMore = this.#step(idOf(test), result.state === 'fail', hitCount)
    // What ends the loop of Vitest is a test that says that it is to be skipped.
    test.result = isMore
      ? { state: 'run', startTime: result.startTime ?? 0, retryCount: 0 }
      : { state: 'skip' }
  }

  /** Takes in how a turn ended; false: the test is through. */
  #step(test: string, isFailed: boolean, hitCount: number): boolean {
    const kind = this.#turn
    if (kind === 'mutant') return this.#afterMutant(test, isFailed, hitCount)
    if (kind === 'check') return this.#afterCheck(test, isFailed)
    if (isFailed) return this.#give(test, this.#shared.hasTried ? 'dirty' : 'broken')
    if (kind === 'dry') {
      this.#hits = { ...this.#shared.stryker.mutantCoverage.perTest[REST] }
      const covered = Object.keys(this.#hits)
      this.#tell({ event: 'covered', test, mutants: covered })
      this.#todo = covered.filter((id) => this.#isOpen(test, id))
      this.#limitMs = SLOWEST_MS + 10 * (performance.now() - this.#started)
      this.#turn = 'again'
    } else this.#turn = 'mutant'
    return this.#todo.length > 0 || this.#finish(test)
  }

  #isOpen(test: string, mutant: string): boolean {
    const { alive, round } = this.#shared
    if (!alive.has(mutant) || this.#lived.has(mutant)) return false
    if (round.tried[test]?.includes(mutant)) return false
    if (round.plan !== null)
      return round.plan !== 'look' && round.plan[test]?.includes(mutant) === true
    return (this.#tries.get(mutant) ?? 0) < round.tries
  }

  #afterMutant(test: string, isFailed: boolean, hitCount: number): boolean {
    const mutant = this.#todo[0] as string
    const { only } = this.#shared.round
    if (only !== null && isFailed) return this.#end({ event: 'killed', mutant, test })
    if (only !== null) return false
    if (isFailed) {
      this.#turn = 'check'
      this.#checks = 0
      return true
    }
    this.#tell({ event: 'lived', mutant, test, isReached: hitCount > 0 })
    this.#tries.set(mutant, (this.#tries.get(mutant) ?? 0) + 1)
    this.#todo.shift()
    return this.#todo.length > 0 || this.#finish(test)
  }

  #afterCheck(test: string, isFailed: boolean): boolean {
    const mutant = this.#todo[0] as string
    this.#checks += 1
    if (isFailed && this.#checks < CHECKS) return true
    if (isFailed) return this.#end({ event: 'doubted', mutant, test })
    this.#tell({ event: 'killed', mutant, test })
    this.#shared.alive.delete(mutant)
    this.#todo.shift()
    this.#turn = 'mutant'
    return this.#todo.length > 0 || this.#finish(test)
  }

  #finish(test: string): false {
    if (this.#shared.round.plan === null) this.#tell({ event: 'done', test })
    return false
  }

  #give(test: string, event: 'dirty' | 'broken'): false {
    if (event === 'dirty') return this.#end({ event, test })
    this.#tell({ event, test })
    return false
  }

  /** Ends the round: what a change has left behind in this process may not be told from the next one's doing. */
  #end(progress: Progress): false {
    this.#tell(progress)
    this.#shared.isOver = true
    return false
  }

  #tell(progress: Progress): void {
    appendFileSync(this.#shared.round.journal, `${JSON.stringify(progress)}\n`)
  }

  override async onBeforeRunSuite(
    suite: Parameters<TestRunner['onBeforeRunSuite']>[0],
  ): Promise<void> {
    await super.onBeforeRunSuite(suite)
    if (!('filepath' in suite)) return
    this.#tries = new Map()
    this.#lived = new Set(this.#shared.round.lived[suite.name])
  }

  override async onAfterRunSuite(
    suite: Parameters<TestRunner['onAfterRunSuite']>[0],
  ): Promise<void> {
    await super.onAfterRunSuite(suite)
    if (!('filepath' in suite)) return
    const { stryker, isOver, round } = this.#shared
    this.#tell({ event: 'static', mutants: Object.keys(stryker.mutantCoverage.static) })
    if (!isOver && round.plan === null && 'tasks' in suite && suite.tasks.length > 0)
      this.#tell({ event: 'end', file: suite.name })
  }
}

function idOf(test: RunnerTestCase): string {
  return test.fullName
}
