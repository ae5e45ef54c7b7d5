import { setMaxListeners } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createVitest } from 'vitest/node'
import { fileOf, planOf, rankTests } from './rank-tests.mjs'

setMaxListeners(0)
const POLL_MS = 250
const STUCK_MS = 30_000
const TRIES = 100
/** How many tests try a change before those that follow are asked. */
const RANKED = [1, 4, 16]

/**
 * Tries changes with the tests of folders, until `latest` (of `Date.now`), but none with a file of tests
 * through which it lived before: `lifeOf` says how. Gives which test noticed a change; how each lived
 * through the files that are through; and for each change `killed`, `alive`, `untested`, or `static`:
 * reached outside of all tests alone.
 */
export async function runMutants(
  { mutants, codeOf },
  { tests, tries = TRIES, isRanked = false },
  { latest, lifeOf },
) {
  process.env.KEYWAY_MUTATION_TESTS = tests.join()
  const folder = mkdtempSync(join(tmpdir(), 'keyway-mutation-'))
  const vitest = await openVitest(codeOf)
  const state = {
    killers: new Map(),
    covered: new Map(),
    statics: new Set(),
    reached: new Set(),
    done: new Set(),
    tried: {},
    broken: new Set(),
    doubts: [],
    ended: new Set(),
    known: new Map(),
  }
  const all = mutants.map(({ id }) => id)
  const alive = () => all.filter((id) => !state.killers.has(id))
  const isTime = () => Date.now() < latest
  const play = (only, files = [], plan = null) =>
    playRound(vitest, folder, { state, alive: alive(), only, files, plan, tries, latest })
  /** Each change by those tests first that reach much of its file and little else: they are likely to be about it. */
  const playRanked = async (files) => {
    await play(null, files, 'look')
    const rank = rankTests(state, mutants)
    for (const most of RANKED)
      for (let isThrough = false; !isThrough && isTime(); ) {
        const plan = planOf(state, rank, alive(), most)
        const named = [...new Set(Object.keys(plan).map(fileOf))]
        isThrough = named.length === 0 || (await play(null, named, plan))
        await settleDoubts(state, play)
      }
  }
  const playAll = async (files) => {
    while (isTime() && alive().length > 0 && !(await play(null, files)))
      await settleDoubts(state, play)
    await settleDoubts(state, play)
  }
  try {
    const files = await filesToTry(vitest, state, { mutants, lifeOf })
    for (const file of files.filter(hasMocks)) await playAll([file])
    const others = files.filter((file) => !hasMocks(file))
    if (others.length > 0 && isRanked) await playRanked(others)
    if (others.length > 0) await playAll(others)
    // What was made once and kept is made anew in a process of its own.
    for (const mutant of alive())
      if (isTime() && state.covered.has(mutant) && !state.reached.has(mutant))
        await play({ mutant, tests: state.covered.get(mutant) })
  } finally {
    await vitest.close()
    rmSync(folder, { recursive: true })
  }
  for (const test of state.broken) console.log(`fails, or can't be run twice: ${test}`)
  const isWhole = isTime()
  return {
    statusOf: (id) => statusOf(state, id),
    killers: state.killers,
    lives: livesOf(state, alive(), isWhole),
    isWhole,
  }
}

function statusOf({ killers, covered, statics, known }, id) {
  const lives = [...(known.get(id)?.values() ?? [])]
  if (killers.has(id)) return 'killed'
  if (covered.has(id) || lives.includes('alive')) return 'alive'
  return statics.has(id) || lives.includes('static') ? 'static' : 'untested'
}

/** How changes lived through files whose tests have all been tried: `[mutant, file, how]`. */
function livesOf({ ended, broken, covered, statics, reached }, ids, isWhole) {
  const unfit = new Set([...broken].map(fileOf))
  const lives = []
  for (const id of ids) {
    const files = new Set((covered.get(id) ?? []).map(fileOf))
    // What was kept from before is still to be made anew.
    if (!isWhole && files.size > 0 && !reached.has(id)) continue
    const otherwise = statics.has(id) ? 'static' : 'untested'
    for (const file of ended)
      if (!unfit.has(file)) lives.push([id, file, files.has(file) ? 'alive' : otherwise])
  }
  return lives
}

/** The files through which some change has not gone yet; what is known of the others is taken in. */
async function filesToTry(vitest, { known }, { mutants, lifeOf }) {
  const files = (await vitest.globTestSpecifications()).map(({ moduleId }) => moduleId)
  for (const mutant of mutants) known.set(mutant.id, new Map())
  return files.filter((path) => {
    const file = relative('.', path)
    let isKnown = true
    for (const mutant of mutants) {
      const life = lifeOf(mutant, file)
      if (life === null) isKnown = false
      else known.get(mutant.id).set(file, life)
    }
    return !isKnown
  })
}

/** What mocks a module has to load it first, so that it takes a process of its own. */
function hasMocks(file) {
  return readFileSync(file, 'utf8').includes('vi.mock(')
}

async function settleDoubts(state, play) {
  for (const { mutant, test } of state.doubts.splice(0))
    if (!state.killers.has(mutant)) await play({ mutant, tests: [test] })
}

function openVitest(codeOf) {
  const plugin = {
    name: 'changed-code',
    enforce: 'pre',
    load: (id) => codeOf.get(id.split('?')[0]) ?? null,
  }
  const options = {
    config: 'test/mutation/vitest.config.ts',
    watch: false,
    reporters: [{}],
    onConsoleLog: () => false,
    coverage: { enabled: false },
  }
  return createVitest('test', options, { plugins: [plugin] })
}

/** Runs tests in a process of its own; true: all of them are through. */
async function playRound(vitest, folder, { state, alive, only, files, plan, tries, latest }) {
  const journal = join(folder, 'journal')
  const round = join(folder, 'round.json')
  const { done, tried, known } = state
  writeFileSync(journal, '')
  const lived = livedIn(known, alive)
  const asked = { journal, alive, done: [...done], tried, lived, tries, plan, only }
  writeFileSync(round, JSON.stringify(asked))
  process.env.KEYWAY_MUTATION_ROUND = round
  vitest.state.filesMap.clear()
  const watcher = watchJournal(journal, latest)
  const named = only?.tests.map(fileOf) ?? files
  await vitest.start([...new Set(named)]).catch((error) => {
    if (!watcher.hasEnded()) throw error
  })
  clearInterval(watcher.timer)
  const last = readProgress(state, readFileSync(journal, 'utf8'), only)
  if (watcher.isStuck() && last?.event === 'try')
    state.killers.set(last.mutant, `${last.test}, stuck`)
  return !watcher.hasEnded() && last?.event !== 'dirty' && last?.event !== 'doubted'
}

/** By file of tests, the changes that have lived through it. */
function livedIn(known, ids) {
  const lived = new Map()
  for (const id of ids)
    for (const file of known.get(id)?.keys() ?? []) {
      if (!lived.has(file)) lived.set(file, [])
      lived.get(file).push(id)
    }
  return Object.fromEntries(lived)
}

/** Ends a process that makes no step any more, or has no time left. */
function watchJournal(journal, latest) {
  let end = null
  let seen = ''
  let since = Date.now()
  const timer = setInterval(() => {
    const text = readFileSync(journal, 'utf8')
    if (text.length !== seen.length) since = Date.now()
    seen = text
    const isStuck = Date.now() - since >= STUCK_MS
    if (end !== null || (!isStuck && Date.now() < latest)) return
    const { pid } = JSON.parse(
      text
        .trimEnd()
        .split('\n')
        .findLast((line) => line.includes('"pid"')) ?? '{}',
    )
    if (pid === undefined) return
    end = isStuck ? 'stuck' : 'late'
    process.kill(pid, 'SIGKILL')
  }, POLL_MS)
  return { timer, isStuck: () => end === 'stuck', hasEnded: () => end !== null }
}

function readProgress(state, text, only) {
  let last = null
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const step = JSON.parse(line)
    if (step.event !== 'static' && step.event !== 'end') last = step
    takeStep(state, step, only)
  }
  return last
}

function takeStep(state, step, only) {
  const { event, mutant, test, mutants, file } = step
  if (event === 'end') state.ended.add(file)
  if (event === 'killed') state.killers.set(mutant, test)
  if (event === 'killed' || event === 'lived' || event === 'doubted')
    state.tried[test] = [...(state.tried[test] ?? []), mutant]
  if (event === 'lived' && step.isReached) state.reached.add(mutant)
  if (event === 'doubted') state.doubts.push({ mutant, test })
  if (event === 'broken') state.broken.add(test)
  if ((event === 'done' || event === 'broken') && only === null) state.done.add(test)
  if (event === 'covered')
    for (const id of mutants) state.covered.set(id, [...(state.covered.get(id) ?? []), test])
  if (event === 'static') for (const id of mutants) state.statics.add(id)
}
