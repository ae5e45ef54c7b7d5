// npm run mutate [-- [--write] [--changed [--quick]] [--minutes N] [PATH…]]: changes the code at every
// place, one change at a time, and says which changes no test notices. Without PATHs it goes through all
// folders whose scores are kept. A folder's score may only rise: --write keeps a higher one, a lower one fails.
//   --changed    only the lines that differ from BASE (default: HEAD~1); it fails where many of them live
//   --quick      as many of those lines as fit into about two minutes; where time runs out, it says so
//   --minutes N  no longer than that; the next run goes on where it ended
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { parseArgs } from 'node:util'
import { instrument } from '../test/mutation/instrument.mjs'
import { hash, keyOf, openKnown } from '../test/mutation/known.mjs'
import { runMutants } from '../test/mutation/run-mutants.mjs'

const SCORES = 'test/mutation/scores.json'
const QUICK_LINES = 1000
const QUICK_MINUTES = 2
/** Beyond that a quick run ends where it is: a machine may be too slow to come to its end by itself. */
const QUICK_LATEST_MS = 160_000
/** How many of the changes to changed lines may live: of few changes each weighs much. */
const MAY_LIVE = 3
const MAY_LIVE_SHARE = 0.3

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    changed: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    minutes: { type: 'string', default: 'Infinity' },
  },
})
const minutes = flags.quick ? QUICK_MINUTES : Number(flags.minutes)
const latest = Date.now() + 60_000 * minutes
const kept = JSON.parse(readFileSync(SCORES, 'utf8'))

if (flags.quick)
  setTimeout(() => {
    console.log('time ran out')
    process.exit(0)
  }, QUICK_LATEST_MS).unref()
process.exitCode = flags.changed ? await mutateChanges() : await mutateFolders()

async function mutateFolders() {
  const paths = positionals.length > 0 ? positionals : Object.keys(kept)
  let isWorse = false
  for (const path of paths.map((path) => path.replace(/\/$/, ''))) {
    const nearest = nearestOf(path)
    const { sample, tests, tries, isRanked } = kept[nearest]
    const means = { nearest, tests, tries, isRanked, sample: kept[path] && sample }
    const found = await mutate(path, [path], means)
    const before = kept[path]
    if (before === undefined || found === null) continue
    const { score, isWhole } = found
    // Where time ran out, what was not tried counts as not noticed: that can raise a score, and not lower it.
    if (score > before.score) before.score = score
    if (score >= before.score || !isWhole) continue
    isWorse = true
    console.log(`${path}: ${score} % is less than ${before.score} %`)
  }
  if (flags.write && !isWorse) writeScores()
  return isWorse ? 1 : 0
}

function writeScores() {
  writeFileSync(SCORES, JSON.stringify(kept))
  spawnSync('npx', ['biome', 'format', '--write', SCORES])
}

async function mutateChanges() {
  const base = process.env.BASE ?? 'HEAD~1'
  const ranges = changedRanges(base)
  if (ranges.length === 0) console.log(`nothing that is tried differs from ${base}`)
  let isWorse = false
  for (const [folder, { score: wanted, tests, tries }] of Object.entries(kept)) {
    const inside = ranges.filter((range) => range.startsWith(`${folder}/`))
    if (inside.length === 0 || Date.now() > latest) continue
    const means = { nearest: folder, tests, tries }
    const counts = await mutate(`changes in ${folder}`, inside, means)
    if (wanted > 0 && counts?.isWhole && counts.alive > MAY_LIVE + MAY_LIVE_SHARE * counts.total) {
      console.log(`more than ${MAY_LIVE} and ${100 * MAY_LIVE_SHARE} % live`)
      isWorse = true
    }
  }
  return isWorse ? 1 : 0
}

/** `file:from-to` of each run of lines that differ. */
function changedRanges(base) {
  const options = ['diff', '--unified=0', '--no-renames', base, '--', 'src']
  const { stdout: diff, status } = spawnSync('git', options, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // A checkout may have no history.
  if (status !== 0) return []
  let file = ''
  let room = flags.quick ? QUICK_LINES : Number.POSITIVE_INFINITY
  const ranges = []
  for (const line of diff.split('\n')) {
    if (line.startsWith('+++ ')) file = line.slice('+++ b/'.length)
    const [, from, count = '1'] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? []
    const lines = Math.min(Number(count), room)
    if (from === undefined || lines === 0 || !/(?<!\.generated)\.ts$/.test(file)) continue
    room -= lines
    ranges.push(`${file}:${from}-${Number(from) + lines - 1}`)
  }
  return ranges
}

/** The longest folder of the scores that holds a path: its tests are those for the path. */
function nearestOf(path) {
  const folders = Object.keys(kept).filter((folder) => `${path}/`.startsWith(`${folder}/`))
  const [nearest] = folders.sort((a, b) => b.length - a.length)
  if (nearest === undefined) throw new Error(`${SCORES} names no tests for ${path}`)
  return nearest
}

/** Tries the changes that patterns allow and prints which live; null: there are none. */
async function mutate(what, patterns, { nearest, sample = Number.POSITIVE_INFINITY, ...means }) {
  const known = openKnown(`reports/mutation/${nearest.replaceAll('/', '-')}.json`)
  const { mutants: all, codeOf } = await instrument(patterns)
  const mutants = all.sort((a, b) => (rankOf(a) < rankOf(b) ? -1 : 1)).slice(0, sample)
  const open = mutants.filter((mutant) => known.killerOf(mutant) === null)
  const { lifeOf } = known
  const result = await runMutants({ mutants: open, codeOf }, means, { latest, lifeOf })
  keep(known, open, result)
  const { statusOf, isWhole } = result
  const counts = { noticed: mutants.length - open.length, alive: 0 }
  const lines = []
  for (const mutant of open) {
    const status = statusOf(mutant.id)
    if (status === 'killed') counts.noticed += 1
    // What runs once is left out, as soon as it is known that no test reaches it.
    if (status === 'killed' || (status === 'static' && isWhole)) continue
    counts.alive += 1
    // Where time ran out, what no test has reached so far may still be reached.
    if (isWhole || status === 'alive') lines.push(describe(mutant, status))
  }
  const isLaterLine = new Intl.Collator('en', { numeric: true }).compare
  for (const line of lines.sort(isLaterLine)) console.log(line)
  const total = counts.noticed + counts.alive
  if (total === 0) return null
  const score = Math.floor((1000 * counts.noticed) / total) / 10
  const words = `${what}: ${counts.noticed} of ${total} changes noticed`
  console.log(isWhole ? `${words}, ${score} %` : `${words} when time ran out`)
  return { score, total, alive: counts.alive, isWhole }
}

function keep(known, open, { killers, lives }) {
  const byId = new Map(open.map((mutant) => [mutant.id, mutant]))
  for (const [id, test] of killers) known.addKiller(byId.get(id), test)
  for (const [id, test, how] of lives) known.addLife(byId.get(id), test, how)
  known.save()
}

/** An order without meaning that stays the same. */
function rankOf(mutant) {
  return hash(`${relative('.', mutant.fileName)} ${keyOf(mutant)}`)
}

function describe({ fileName, location: { start, end }, replacement, mutatorName }, status) {
  const line = readFileSync(fileName, 'utf8').split('\n')[start.line]
  const was = line.slice(start.column, start.line === end.line ? end.column : undefined)
  const is = (replacement ?? mutatorName).replaceAll(/\s+/g, ' ')
  const place = `${relative('.', fileName)}:${start.line + 1}:${start.column + 1}`
  return `${place} ${status} ${shorten(was)} → ${shorten(is)}`
}

function shorten(text) {
  return text.length > 70 ? `${text.slice(0, 69)}…` : text
}
