// npm run bench: one credential rewrite through each proxy, one core each, in interleaved rounds.
import { parseArgs } from 'node:util'
import { startContender } from './harness/contender.mjs'
import { cores, requirePrograms } from './harness/machine.mjs'
import { pace } from './harness/pace.mjs'
import { digits, keepResult, medianOf, table } from './harness/report.mjs'
import { saturate, writeRequests } from './harness/saturate.mjs'
import { startUpstream } from './harness/upstream.mjs'
import { key, path } from './harness/workload.mjs'
import { keyway, keywayWithAll, keywayWithRoutes } from './peers/keyway.mjs'
import { ceiling, fastifyHttpProxy, portkey, undici } from './peers/node-programs.mjs'
import { caddy, haproxy, nginx } from './peers/servers.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
  },
})
const rounds = Number(options.rounds ?? (options.quick ? 2 : 7))
const seconds = Number(options.seconds ?? (options.quick ? 1 : 5))
const warmUpSeconds = options.quick ? 1 : 10
// A turn comes after minutes without a request; what it takes to be awake again does not count.
const leadInSeconds = options.quick ? 0 : 1
const connections = 64
const fixedRate = 2_000
const upstreamPort = 4100
const references = ['nginx', 'Caddy', 'ceiling']

const all = [nginx, haproxy, caddy, portkey, fastifyHttpProxy, undici, ceiling]
all.push(keyway, keywayWithRoutes(10_000), keywayWithAll)
const inQuickForm = new Set([nginx, ceiling, fastifyHttpProxy, keyway, keywayWithAll])
const peers = all.filter(options.quick ? (peer) => inQuickForm.has(peer) : isWanted)

requirePrograms(['nginx', 'wrk', 'gcc'])
const upstream = await startUpstream(upstreamPort)
const contenders = [describeDirect(), ...(await startAll())]
for (const contender of contenders) await load(contender, warmUpSeconds)
const saturated = await inRounds(load)
const paced = await inRounds(keepPace)
printTables()
keepResult('requests', { rounds, seconds, connections, fixedRate, saturated, paced })
for (const { program } of contenders) await program.stop()
process.exitCode = countFailures() === 0 && (isComplete() || !options.quick) ? 0 : 1

function isWanted({ name }) {
  const wanted = options.only ?? []
  return (
    wanted.length === 0 || wanted.some((part) => name.toLowerCase().includes(part.toLowerCase()))
  )
}

function describeDirect() {
  const variant = { target: path, extra: { 'x-api-key': key }, drop: ['authorization'] }
  return { name: 'direct', program: upstream, requests: writeRequests('direct', [variant]) }
}

async function startAll() {
  const started = []
  for (const [index, peer] of peers.entries()) {
    const port = upstreamPort + 10 + index
    const program = await startContender(peer, { port, upstreamPort, core: cores.proxy })
    if (program === null) continue
    const variants = peer.variants?.(upstreamPort) ?? [{}]
    started.push({ name: peer.name, program, requests: writeRequests(`to-${port}`, variants) })
  }
  return started
}

function load({ program, requests }, duration) {
  return saturate({ program, requests, seconds: duration, connections })
}

function keepPace({ program, requests }, duration) {
  return pace({ program, requests, rate: fixedRate, seconds: duration, connections })
}

// Every contender has its turn in every round, so that what else the machine does meets them all.
async function inRounds(measure) {
  const results = new Map(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      if (leadInSeconds > 0) await measure(contender, leadInSeconds)
      results.get(contender.name).push(await measure(contender, seconds))
    }
    console.error(`round ${round + 1} of ${rounds}`)
  }
  return contenders.map(({ name }) => ({
    name,
    ...medianOf(results.get(name)),
    failures: results.get(name).reduce((sum, { failures }) => sum + failures, 0),
  }))
}

function printTables() {
  const head = ['as much as it takes', 'requests/s', '× nginx', '× Caddy', '× ceiling', 'p50 ms']
  head.push(
    'p99 ms',
    'CPU ms per 10k',
    '÷ nginx',
    '÷ Caddy',
    '÷ ceiling',
    'core busy',
    'MiB',
    'failures',
  )
  console.log(table(head, saturated.map(saturatedCells)))
  const pacedHead = [`at ${fixedRate} requests/s`, 'p50 ms', '÷ nginx', '÷ Caddy', '÷ ceiling']
  pacedHead.push('p99 ms', '÷ nginx', '÷ Caddy', '÷ ceiling', 'max ms', 'failures')
  console.log(`\n${table(pacedHead, paced.map(pacedCells))}`)
}

function ratios(results, row, field) {
  return references.map((name) => {
    const reference = results.find((result) => result.name === name)
    return digits(reference ? row[field] / reference[field] : Number.NaN)
  })
}

function saturatedCells(row) {
  const rate = digits(row.requestsPerSecond)
  const cpu = digits(row.cpuPer10kMs)
  return [
    row.name,
    ...[rate, ...ratios(saturated, row, 'requestsPerSecond'), digits(row.p50Ms), digits(row.p99Ms)],
    ...[cpu, ...ratios(saturated, row, 'cpuPer10kMs'), digits(row.busy), digits(row.residentMiB)],
    row.failures,
  ]
}

function pacedCells(row) {
  return [
    row.name,
    ...[digits(row.p50Ms), ...ratios(paced, row, 'p50Ms')],
    ...[digits(row.p99Ms), ...ratios(paced, row, 'p99Ms')],
    ...[digits(row.maxMs), row.failures],
  ]
}

function isComplete() {
  return contenders.length === peers.length + 1
}

function countFailures() {
  return [...saturated, ...paced].reduce((sum, { failures }) => sum + failures, 0)
}
