// npm run bench:workers: what a second worker costs, in CPU a request, a reload and memory. Two cores
// can't hold two workers and the load, so that requests a second say nothing here: each contender may
// use both cores, and is sent the same requests at a fixed rate.
import { renameSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startContender } from './harness/contender.mjs'
import { cores, requirePrograms } from './harness/machine.mjs'
import { pace } from './harness/pace.mjs'
import { cpuSeconds, residentBytes } from './harness/program.mjs'
import { digits, keepResult, median, table } from './harness/report.mjs'
import { writeRequests } from './harness/saturate.mjs'
import { startUpstream } from './harness/upstream.mjs'
import { path } from './harness/workload.mjs'
import { configuration, keywayWithWorkers, manyPrefixes } from './peers/keyway.mjs'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const upstreamPort = 4950
const rate = 2_000
const routes = 1_000
const rounds = options.quick ? 1 : 5
const seconds = options.quick ? 1 : 5
const settleMs = options.quick ? 2_000 : 4_000

requirePrograms(['nginx', 'gcc'])
const upstream = await startUpstream(upstreamPort)
const contenders = []
for (const workers of [1, 2]) {
  const port = upstreamPort + 10 * workers
  const core = `${cores.load},${cores.proxy}`
  const parts = { port, upstreamPort, core, routes: manyPrefixes(routes) }
  const program = await startContender(keywayWithWorkers(workers), parts)
  if (program === null) process.exit(1)
  contenders.push({
    name: `${workers} ${workers === 1 ? 'process' : 'workers'}`,
    program,
    turns: [],
  })
}
const requests = writeRequests('workers', [{ target: manyPrefixes(1)[0] + path }])
for (const { program } of contenders) await load(program)
for (let round = 0; round < rounds; round++)
  for (const { program, turns } of contenders) turns.push(await measure(program))
for (const { program } of contenders) await program.stop()
await upstream.stop()

const rows = contenders.map(({ name, turns }) => ({
  name,
  cpuPer10kMs: median(turns.map((turn) => turn.cpuPer10kMs)),
  p99Ms: median(turns.map((turn) => turn.p99Ms)),
  reloadCpuMs: median(turns.map((turn) => turn.reloadCpuMs)),
  residentMiB: median(turns.map((turn) => turn.residentMiB)),
  failures: turns.reduce((sum, { failures }) => sum + failures, 0),
}))
const head = ['', 'CPU ms per 10k', 'p99 ms', `CPU ms of a reload of ${routes} routes`, 'MiB']
const cells = ({ name, cpuPer10kMs, p99Ms, reloadCpuMs, residentMiB, failures }) => [
  name,
  ...[cpuPer10kMs, p99Ms, reloadCpuMs, residentMiB].map(digits),
  failures,
]
console.log(table([...head, 'failures'], rows.map(cells)))
keepResult('workers', { rate, routes, rounds, seconds, rows })
process.exitCode = rows.every(({ failures }) => failures === 0) ? 0 : 1

function load(program) {
  return pace({ program, requests, rate, seconds, connections: 64 })
}

async function measure(program) {
  const before = cpuSeconds(program.pid)
  const { p99Ms, failures } = await load(program)
  const loaded = cpuSeconds(program.pid)
  await saveAgain(program)
  return {
    cpuPer10kMs: ((loaded - before) / (rate * seconds)) * 1e7,
    p99Ms,
    failures,
    reloadCpuMs: (cpuSeconds(program.pid) - loaded) * 1_000,
    residentMiB: residentBytes(program.pid) / 2 ** 20,
  }
}

// Saves the file with one route more or less, and waits until nothing is done about it any more.
async function saveAgain(program) {
  program.isLonger = !program.isLonger
  const prefixes = manyPrefixes(program.isLonger ? routes + 1 : routes)
  const text = configuration({ port: program.port, upstreamPort, routes: prefixes })
  writeFileSync(`${program.file}.new`, text)
  renameSync(`${program.file}.new`, program.file)
  await sleep(settleMs)
}
