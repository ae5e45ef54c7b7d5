// npm run bench:builds: what this build costs with all of it off, with one thing on, with metrics and the
// page looked at, with everything on, with 10,000 routes; beside another build with --against PATH, in turns within one run.
import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { startContender } from './harness/contender.mjs'
import { cores, nodePath, requirePrograms } from './harness/machine.mjs'
import { digits, keepResult, median, medianOf, table } from './harness/report.mjs'
import { saturate, writeRequests } from './harness/saturate.mjs'
import { startUpstream } from './harness/upstream.mjs'
import { watchAdmin } from './harness/watch-admin.mjs'
import { clientToken, path, prefix } from './harness/workload.mjs'
import {
  configuration,
  keywayProgram,
  manyPrefixes,
  startKeyway,
  writeClientToken,
} from './peers/keyway.mjs'

const { values: options } = parseArgs({
  options: {
    against: { type: 'string' },
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
  },
})
const rounds = Number(options.rounds ?? (options.quick ? 1 : 9))
const seconds = Number(options.seconds ?? (options.quick ? 1 : 2))
const warmUpSeconds = options.quick ? 1 : 8
// A turn comes after others without a request; what it takes to be awake again does not count.
const leadInSeconds = 1
const upstreamPort = 5200
const connections = 64

const builds = [{ name: 'this build', program: keywayProgram }]
if (options.against !== undefined)
  builds.push({ name: 'other', program: findProgram(options.against) })

const token = { extra: { 'x-keyway-token': clientToken } }
const manyRoutes = manyPrefixes(10_000)
const someRoutes = manyRoutes.filter((_, i) => i % 10 === 0)
const all = [
  { name: 'all off', admin: 'off', variants: [{}] },
  { name: 'access log', admin: 'off', hasAccessLog: true, variants: [{}] },
  { name: 'client tokens', admin: 'off', hasClients: true, variants: [token] },
  { name: 'metrics', variants: [{}] },
  { name: 'metrics, and the page looked at', isWatched: true, variants: [{}] },
  { name: 'everything on', hasAll: true, variants: [token] },
  {
    name: '10,000 routes',
    admin: 'off',
    routes: manyRoutes,
    variants: someRoutes.map((route) => ({ target: route + path })),
  },
]
const settings = all.filter(
  ({ name }) => options.only === undefined || options.only.some((part) => name.includes(part)),
)

requirePrograms(['nginx', 'wrk'])
writeClientToken()
const upstream = await startUpstream(upstreamPort)
const contenders = await startAll()
for (const contender of contenders) await load(contender, warmUpSeconds)
const results = await inTurns()
printLoads()
const starts = await measureStarts()
printStarts()
keepResult('builds', { rounds, seconds, connections, results, starts })
for (const { program } of contenders) await program.stop()
await upstream.stop()
const isWhole = contenders.length === builds.length * settings.length
process.exitCode = isWhole && results.every(({ failures }) => failures === 0) ? 0 : 1

/** A build's program, by its path or by the folder of the project or of its dist. */
function findProgram(path) {
  const inside = ['', 'dist/bin/cli.cjs', 'bin/cli.cjs'].map((rest) => join(resolve(path), rest))
  const found = inside.find((file) => existsSync(file) && statSync(file).isFile())
  if (found === undefined) throw new Error(`${path} holds no dist/bin/cli.cjs; build it first`)
  return found
}

async function startAll() {
  const started = []
  const pairs = settings.flatMap((setting) => builds.map((build) => ({ build, setting })))
  for (const [index, { build, setting }] of pairs.entries()) {
    const port = upstreamPort + 10 + index
    const { admin = `127.0.0.1:${port + 1000}`, ...parts } = setting
    const text = configuration({ routes: [prefix], ...parts, port, upstreamPort, admin })
    const peer = {
      name: `${build.name}: ${setting.name}`,
      prepare: () => startKeyway(`builds-${index}`, text, build.program),
    }
    const program = await startContender(peer, { port, core: cores.proxy })
    if (program === null) continue
    const requests = writeRequests(`builds-${index}`, setting.variants)
    started.push({ build, setting, program, requests, admin })
  }
  return started
}

async function load({ program, requests, setting, admin }, duration) {
  const stop = setting.isWatched ? await watchAdmin(`http://${admin}`) : () => {}
  const result = await saturate({ program, requests, seconds: duration, connections })
  stop()
  return result
}

// Each has its turn in each round, and the two builds of one setting follow each other at once.
async function inTurns() {
  const measured = new Map(contenders.map((contender) => [contender, []]))
  for (let round = 0; round < rounds; round++) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      await load(contender, leadInSeconds)
      measured.get(contender).push(await load(contender, seconds))
    }
    console.error(`round ${round + 1} of ${rounds}`)
  }
  return contenders.map((contender) => ({
    build: contender.build.name,
    setting: contender.setting.name,
    ...medianOf(measured.get(contender)),
    turns: measured.get(contender),
    failures: measured.get(contender).reduce((sum, { failures }) => sum + failures, 0),
  }))
}

function printLoads() {
  const head = ['under load', 'build', 'CPU µs a request', '÷ all off', '÷ other', 'requests/s']
  head.push('× all off', '× other', 'MiB', 'failures')
  const rows = results.map((row) => {
    const off = results.find(({ build, setting }) => build === row.build && setting === 'all off')
    const other = results.find(({ build, setting }) => build === 'other' && setting === row.setting)
    const ratio = (field, reference) =>
      reference ? ratioOf(field, row, reference).toFixed(3) : '–'
    return [
      row.setting,
      row.build,
      ...[digits(row.cpuPer10kMs / 10), ratio('cpuPer10kMs', off), ratio('cpuPer10kMs', other)],
      digits(row.requestsPerSecond),
      ...[ratio('requestsPerSecond', off), ratio('requestsPerSecond', other)],
      ...[digits(row.residentMiB), row.failures],
    ]
  })
  console.log(table(head, rows))
}

// What else the machine does meets the turns of one round alike: their ratio is calmer than their medians'.
function ratioOf(field, row, reference) {
  return median(row.turns.map((turn, round) => turn[field] / reference.turns[round][field]))
}

/** The start and the idle process with all of it off, by the script that measures both. */
async function measureStarts() {
  const measured = new Map(builds.map((build) => [build, []]))
  for (let round = 0; round < (options.quick ? 1 : 7); round++)
    for (const build of builds) measured.get(build).push(await measureStart(build))
  return builds.map((build) => ({ build: build.name, ...medianOf(measured.get(build)) }))
}

async function measureStart({ program }) {
  const port = upstreamPort + 100
  const text = configuration({ port, upstreamPort, routes: [prefix] })
  const { file } = startKeyway('builds-start', text, program)
  const script = new URL('../scripts/measure-start.mjs', import.meta.url).pathname
  const args = ['-c', `${cores.proxy}`, nodePath(), script, '1', nodePath(), program, 'serve']
  const { stdout } = await promisify(execFile)('taskset', [...args, '--config', file])
  const [, listeningMs, cpuMs, idleMiB] = /after (\d+) ms, (\d+) ms of CPU, ([\d.]+) MiB/
    .exec(stdout)
    .map(Number)
  return { listeningMs, cpuMs, idleMiB }
}

function printStarts() {
  const head = ['start', 'listening after ms', 'CPU ms', 'idle MiB']
  const rows = starts.map(({ build, listeningMs, cpuMs, idleMiB }) => [
    build,
    ...[listeningMs, cpuMs, idleMiB].map(digits),
  ])
  console.log(`\n${table(head, rows)}`)
}
