// npm run bench:traffic: prompts as people send them, plain and over TLS, through each proxy.
import { parseArgs } from 'node:util'
import { startContender } from './harness/contender.mjs'
import { cores, requirePrograms } from './harness/machine.mjs'
import { digits, keepResult, medianOf, table } from './harness/report.mjs'
import { saturate, writeRequests } from './harness/saturate.mjs'
import { saturateHttp2 } from './harness/saturate-http2.mjs'
import { startTrafficUpstream } from './harness/traffic-upstream.mjs'
import { prompt } from './harness/workload.mjs'
import { trafficPeers } from './peers/traffic.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    size: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
  },
})
const rounds = Number(options.rounds ?? (options.quick ? 2 : 5))
const seconds = Number(options.seconds ?? (options.quick ? 1 : 4))
const warmUpSeconds = options.quick ? 1 : 5
const upstreamPort = 4200
const references = ['nginx', 'HAProxy', 'Caddy', 'ceiling']
const KIB = 1024
const sizes = [1, 64, 256, 4096].filter((size) => isWanted(options.size, `${size}`))
const ways = [
  { front: 'http', back: 'http' },
  { front: 'http', back: 'https' },
  { front: 'https', back: 'https' },
  { front: 'h2', back: 'http' },
  { front: 'h2', back: 'https' },
].filter(({ front, back }) => isWanted(options.only, `${front}-${back}`))

requirePrograms(['nginx', 'wrk', 'h2load', 'gcc'])
const upstream = await startTrafficUpstream(upstreamPort)
const results = []
for (const way of ways) for (const size of sizes) results.push(await measure(way, size))
console.log(printed())
keepResult('traffic', { rounds, seconds, results })
await upstream.stop()
process.exitCode = results.some(({ rows }) => rows.some(({ failures }) => failures > 0)) ? 1 : 0

function isWanted(wanted, name) {
  return wanted === undefined || wanted.includes(name)
}

async function measure({ front, back }, size) {
  const contenders = await startAll(front, back)
  const load = createLoad(front, size)
  for (const { program } of contenders) await load(program, warmUpSeconds)
  const turns = new Map(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (const { name, program } of contenders) turns.get(name).push(await load(program, seconds))
  for (const { program } of contenders) await program.stop()
  const rows = contenders.map(({ name }) => ({
    name,
    ...medianOf(turns.get(name)),
    failures: turns.get(name).reduce((sum, { failures }) => sum + failures, 0),
  }))
  console.error(`${front} → ${back}, ${size} KiB`)
  return { name: `${front} → ${back}, ${size} KiB`, rows }
}

function createLoad(front, size) {
  const body = prompt(size * KIB)
  const connections = size > 256 ? 8 : 32
  if (front === 'h2')
    return (program, seconds) => saturateHttp2({ program, body, seconds, connections })
  const extra = { 'x-bench': 'traffic' }
  const requests = writeRequests(`traffic-${size}`, [{ extra, body }])
  return (program, seconds) => saturate({ program, requests, seconds, connections, scheme: front })
}

async function startAll(front, back) {
  const started = []
  const peers = trafficPeers.filter(({ fronts }) => fronts === undefined || fronts.includes(front))
  for (const [index, peer] of peers.entries()) {
    const parts = { port: upstreamPort + 10 + index, core: cores.proxy, front, back }
    const port = back === 'https' ? upstreamPort + 1 : upstreamPort
    const program = await startContender(peer, { ...parts, upstreamPort: port })
    if (program !== null) started.push({ name: peer.name, program })
  }
  return started
}

function printed() {
  const head = ['', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs a request']
  head.push(...references.map((name) => `÷ ${name}`), 'MiB', 'failures')
  const rows = results.flatMap(({ name, rows }) =>
    rows.map((row) => [
      `${name}: ${row.name}`,
      ...[digits(row.requestsPerSecond), digits(row.p50Ms), digits(row.p99Ms)],
      digits(row.cpuPer10kMs / 10),
      ...references.map((reference) => digits(ratio(rows, row, reference))),
      ...[digits(row.residentMiB), row.failures],
    ]),
  )
  return table(head, rows)
}

function ratio(rows, row, name) {
  const reference = rows.find((other) => other.name === name)
  return reference ? row.cpuPer10kMs / reference.cpuPer10kMs : Number.NaN
}
