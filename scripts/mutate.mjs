// npm run mutate [-- [--write] [--changed [--quick]] [PATH…]]: changes the code at every place, one
// change at a time, and says which changes no test notices. Without PATHs it goes through all folders
// whose scores are kept. A folder's score may only rise: --write keeps a higher one, a lower one fails.
//   --changed   only the lines that differ from BASE (default: HEAD~1); they must do as well as their folder
//   --quick     as many of those lines as fit into about two minutes; where time runs out, it says so
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const SCORES = 'test/mutation/scores.json'
const REPORT = 'reports/mutation/mutation.json'
const BATCH_LINES = 200
const QUICK_LINES = 80
const QUICK_MS = 150_000
const STRYKER = 'node_modules/@stryker-mutator/core/bin/stryker.js'
const latest = Date.now() + QUICK_MS

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    changed: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
})
const kept = JSON.parse(readFileSync(SCORES, 'utf8'))

process.exitCode = flags.changed ? await mutateChanges() : await mutateFolders()

async function mutateFolders() {
  const paths = positionals.length > 0 ? positionals : Object.keys(kept)
  let isWorse = false
  for (const path of paths.map((path) => path.replace(/\/$/, ''))) {
    let report = null
    for (const batch of batchesOf(path)) report = await mutate(batch, testsFor(path))
    const score = show(path, report, (file) => `${file}/`.startsWith(`${path}/`))
    const before = kept[path]
    if (before === undefined || score === null) continue
    if (score < before.score) isWorse = true
    if (score < before.score) console.log(`${path}: ${score} % is less than ${before.score} %`)
    else before.score = score
  }
  if (flags.write && !isWorse) writeFileSync(SCORES, `${JSON.stringify(kept, null, 2)}\n`)
  return isWorse ? 1 : 0
}

/** The files of a path, a few at a time: what one run found is kept where the next is broken off. */
function batchesOf(path) {
  if (path.endsWith('.ts')) return [[path]]
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
  const files = names.filter((name) => /(?<!\.generated)\.ts$/.test(name)).sort()
  const batches = [[]]
  let lines = 0
  for (const file of files.map((name) => `${path}/${name}`)) {
    lines += readFileSync(file, 'utf8').split('\n').length
    if (lines > BATCH_LINES) batches.push([])
    if (lines > BATCH_LINES) lines = 0
    batches.at(-1).push(file)
  }
  return batches
}

async function mutateChanges() {
  const base = process.env.BASE ?? 'HEAD~1'
  const ranges = changedRanges(base)
  if (ranges.length === 0) console.log(`nothing that is tried differs from ${base}`)
  let isWorse = false
  for (const [folder, { score: wanted, tests }] of Object.entries(kept)) {
    const inside = ranges.filter((range) => range.startsWith(`${folder}/`))
    if (inside.length === 0 || (flags.quick && Date.now() > latest)) continue
    const score = show(`changes in ${folder}`, await mutate(inside, tests), () => true)
    // Few changes weigh much: one that lives is no reason to stop.
    if (score !== null && score < Math.min(wanted, 70)) isWorse = true
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

/** Folders of `test/` that are run for a path: those of the longest folder that holds it. */
function testsFor(path) {
  const folders = Object.keys(kept).filter((folder) => `${path}/`.startsWith(`${folder}/`))
  const [nearest] = folders.sort((a, b) => b.length - a.length)
  if (nearest === undefined) throw new Error(`${SCORES} names no tests for ${path}`)
  return kept[nearest].tests
}

/** Runs Stryker; null: it ran out of time. */
async function mutate(patterns, tests) {
  rmSync(REPORT, { force: true })
  const settings = { ...(await import('../test/mutation/stryker.config.mjs')).default }
  const file = `stryker-${process.pid}.json`
  writeFileSync(
    file,
    JSON.stringify({
      ...settings,
      // What is known of whole folders is of no use for lines, and the other way round.
      incremental: !flags.changed,
      mutate: patterns,
      vitest: { configFile: 'test/mutation/vitest.config.ts', related: true },
    }),
  )
  const child = spawn(process.execPath, [STRYKER, 'run', file], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, KEYWAY_MUTATION_TESTS: tests.join() },
  })
  const timer = flags.quick ? setTimeout(() => child.kill('SIGINT'), latest - Date.now()) : null
  const code = await new Promise((resolve) => child.once('exit', resolve))
  clearTimeout(timer)
  rmSync(file)
  if (existsSync(REPORT)) return JSON.parse(readFileSync(REPORT, 'utf8'))
  if (code === 0 || flags.quick) return null
  throw new Error(`stryker ended with ${code}`)
}

/** Prints what lives of the files in question, and the score; null: nothing was changed. */
function show(what, report, isMeant) {
  if (report === null) {
    console.log(`${what}: nothing to change, or no time for it`)
    return null
  }
  const counts = { killed: 0, alive: 0 }
  for (const [file, { mutants, source }] of Object.entries(report.files).sort()) {
    if (!isMeant(file)) continue
    for (const mutant of mutants) {
      if (mutant.status === 'Killed' || mutant.status === 'Timeout') counts.killed += 1
      if (mutant.status !== 'Survived' && mutant.status !== 'NoCoverage') continue
      counts.alive += 1
      console.log(describe(file, source, mutant))
    }
  }
  const all = counts.killed + counts.alive
  if (all === 0) return null
  const score = Math.floor((1000 * counts.killed) / all) / 10
  console.log(`${what}: ${counts.killed} of ${all} changes noticed, ${score} %`)
  return score
}

function describe(file, source, { location: { start, end }, replacement, mutatorName, status }) {
  const line = source.split('\n')[start.line - 1]
  const was = line.slice(start.column - 1, start.line === end.line ? end.column - 1 : undefined)
  const words = status === 'NoCoverage' ? 'untested' : 'alive'
  const is = (replacement ?? mutatorName).replaceAll(/\s+/g, ' ')
  return `${file}:${start.line}:${start.column} ${words} ${shorten(was)} → ${shorten(is)}`
}

function shorten(text) {
  return text.length > 70 ? `${text.slice(0, 69)}…` : text
}
