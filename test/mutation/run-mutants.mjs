import { setMaxListeners } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createVitest } from 'vitest/node'

setMaxListeners(0)
const POLL_MS = 250
const STUCK_MS = 30_000

/**
 * Tries changes with the tests of folders, until `latest` (of `Date.now`). Gives, for each, `killed`
 * and by which test, `alive`, `untested`, or `static`: reached outside of all tests alone.
 */
export async function runMutants({ mutants, codeOf }, tests, latest) {
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
  }
  const all = mutants.map(({ id }) => id)
  const alive = () => all.filter((id) => !state.killers.has(id))
  const isTime = () => Date.now() < latest
  const play = (only, files = []) =>
    playRound(vitest, folder, { state, alive: alive(), only, files, latest })
  const playAll = async (files) => {
    while (isTime() && alive().length > 0 && !(await play(null, files)))
      await settleDoubts(state, play)
    await settleDoubts(state, play)
  }
  try {
    for (const file of await filesWithMocks(vitest)) await playAll([file])
    await playAll([])
    // What was made once and kept is made anew in a process of its own.
    for (const mutant of alive())
      if (isTime() && state.covered.has(mutant) && !state.reached.has(mutant))
        await play({ mutant, tests: state.covered.get(mutant) })
  } finally {
    await vitest.close()
    rmSync(folder, { recursive: true })
  }
  for (const test of state.broken) console.log(`fails, or can't be run twice: ${test}`)
  return { statusOf: (id) => statusOf(state, id), killers: state.killers, isWhole: isTime() }
}

function statusOf({ killers, covered, statics }, id) {
  if (killers.has(id)) return 'killed'
  if (covered.has(id)) return 'alive'
  return statics.has(id) ? 'static' : 'untested'
}

/** What mocks a module has to load it first, so that it takes a process of its own. */
async function filesWithMocks(vitest) {
  const files = (await vitest.globTestSpecifications()).map(({ moduleId }) => moduleId)
  return files.filter((file) => readFileSync(file, 'utf8').includes('vi.mock('))
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
async function playRound(vitest, folder, { state, alive, only, files, latest }) {
  const journal = join(folder, 'journal')
  const round = join(folder, 'round.json')
  const { done, tried } = state
  writeFileSync(journal, '')
  writeFileSync(round, JSON.stringify({ journal, alive, done: [...done], tried, only }))
  process.env.KEYWAY_MUTATION_ROUND = round
  vitest.state.filesMap.clear()
  const watcher = watchJournal(journal, latest)
  const named = only?.tests.map((test) => test.split(' > ')[0]) ?? files
  await vitest.start([...new Set(named)]).catch((error) => {
    if (!watcher.isStuck()) throw error
  })
  clearInterval(watcher.timer)
  const last = readProgress(state, readFileSync(journal, 'utf8'), only)
  if (watcher.isStuck() && last?.event === 'try')
    state.killers.set(last.mutant, `${last.test}, stuck`)
  return !watcher.isStuck() && last?.event !== 'dirty' && last?.event !== 'doubted'
}

/** Ends a process that makes no step any more, or has no time left. */
function watchJournal(journal, latest) {
  let isStuck = false
  let seen = ''
  let since = Date.now()
  const timer = setInterval(() => {
    const text = readFileSync(journal, 'utf8')
    if (text.length !== seen.length) since = Date.now()
    seen = text
    if (isStuck || (Date.now() - since < STUCK_MS && Date.now() < latest)) return
    const { pid } = JSON.parse(
      text
        .trimEnd()
        .split('\n')
        .findLast((line) => line.includes('"pid"')) ?? '{}',
    )
    if (pid === undefined) return
    isStuck = true
    process.kill(pid, 'SIGKILL')
  }, POLL_MS)
  return { timer, isStuck: () => isStuck }
}

function readProgress(state, text, only) {
  let last = null
  for (const line of text.split('\n').filter((line) => line !== '')) {
    const step = JSON.parse(line)
    if (step.event !== 'static') last = step
    takeStep(state, step, only)
  }
  return last
}

function takeStep(state, step, only) {
  const { event, mutant, test, mutants } = step
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
