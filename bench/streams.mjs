// npm run bench:stream: many open event streams through each proxy, one core each; opened in turn, then
// measured in rounds while all are open.

import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { startContender } from './harness/contender.mjs'
import { cores, requirePrograms } from './harness/machine.mjs'
import { residentBytes } from './harness/program.mjs'
import { digits, keepResult, medianOf, table } from './harness/report.mjs'
import { writeRequests } from './harness/saturate.mjs'
import { openStreams } from './harness/stream-load.mjs'
import { key, path } from './harness/workload.mjs'
import { keyway } from './peers/keyway.mjs'
import { undici } from './peers/node-programs.mjs'
import { caddy, nginx } from './peers/servers.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    streams: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
  },
})

const firstPort = 4800
const burst = 40_000
const rounds = Number(options.rounds ?? (options.quick ? 1 : 5))
const seconds = Number(options.seconds ?? (options.quick ? 1 : 2))
const counts = (options.streams ?? (options.quick ? ['1000'] : ['1000', '10000'])).map(Number)
const all = options.quick ? [nginx, undici, keyway] : [nginx, caddy, undici, keyway]
const peers = all.filter(isWanted)

requirePrograms(['gcc'])
const results = []
for (const count of counts) results.push(...(await measureCount(mostStreams(count))))
console.log(printResults(results))
keepResult('streams', { rounds, seconds, results })
// A stream opens only where its credential was rewritten.
const isComplete = results.length === counts.length * (peers.length + 1) || !options.quick
process.exitCode = isComplete && results.every(({ lost }) => lost === 0) ? 0 : 1

function isWanted({ name }) {
  const wanted = options.only ?? []
  return (
    wanted.length === 0 || wanted.some((part) => name.toLowerCase().includes(part.toLowerCase()))
  )
}

// A proxy needs two sockets a stream, and so does the process that has both other ends.
function mostStreams(wanted) {
  const limit = execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).trim()
  // Each takes two; a hundred more are opened to see their first event, and a proxy has files of its own.
  const most = limit === 'unlimited' ? wanted : Math.floor((Number(limit) - 400) / 2)
  if (wanted > most)
    console.error(`${most} streams in place of ${wanted}: open files end at ${limit}`)
  return Math.min(wanted, most)
}

async function measureCount(streams) {
  const upstreamPort = firstPort + 100 * counts.findIndex((count) => count >= streams)
  const contenders = [
    await open({ name: 'direct', streams, upstreamPort, proxyPort: upstreamPort }),
  ]
  for (const [index, peer] of peers.entries()) {
    // Closed connections keep their ports for a minute: each contender has an upstream port of its own.
    const ports = { upstreamPort: upstreamPort + 1 + index, proxyPort: upstreamPort + 20 + index }
    const parts = { port: ports.proxyPort, upstreamPort: ports.upstreamPort, core: cores.proxy }
    const program = await startContender(peer, parts)
    if (program !== null)
      contenders.push(await open({ name: peer.name, streams, ...ports, program }))
  }
  const complete = contenders.filter(isOpen)
  for (const contender of complete) contender.first = await contender.load.next()
  await inRounds(complete)
  for (const { load, program } of contenders) {
    await load.close()
    await program?.stop()
  }
  const rows = complete.map(describe)
  const direct = rows.find(({ name }) => name === 'direct')
  return rows.map((row) => ({
    ...row,
    addedFirstMs: row.firstMs - (direct?.firstMs ?? row.firstMs),
    addedEventMs: row.eventMs - (direct?.eventMs ?? row.eventMs),
  }))
}

async function open({ name, streams, upstreamPort, proxyPort, program }) {
  const variant = program
    ? {}
    : { target: path, extra: { 'x-api-key': key }, drop: ['authorization'] }
  const requests = writeRequests('streams', [variant])
  const idle = program ? residentBytes(program.pid) : 0
  const rates = Array.from({ length: rounds }, () => [streams, burst]).flat()
  const load = await openStreams({ upstreamPort, proxyPort, requests, streams, seconds, rates })
  const kib = () => ((program ? residentBytes(program.pid) : 0) - idle) / streams / 1024
  return { name, streams, program, load, kib, openKib: kib(), peakKib: 0, calm: [], busy: [] }
}

function isOpen({ name, streams, load }) {
  if (load.opened.streams < streams) console.error(`${name}: ${JSON.stringify(load.opened)}`)
  return load.opened.streams >= streams
}

// Every contender has its turn in every round: where the machine takes a core away for some ten
// milliseconds it decides a turn's p99, and so the median of several turns counts.
async function inRounds(contenders) {
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      contender.calm.push(await contender.load.next())
      contender.busy.push(await contender.load.next())
      contender.peakKib = Math.max(contender.peakKib, contender.kib())
    }
    console.error(`round ${round + 1} of ${rounds}`)
  }
}

function describe({ name, streams, load, openKib, peakKib, first, calm, busy }) {
  const event = medianOf(calm)
  return {
    name,
    streams,
    opened: load.opened.streams,
    kibPerStream: openKib,
    kibPerStreamBusy: peakKib,
    firstMs: first.firstP50,
    eventMs: event.p50,
    eventP99Ms: event.p99,
    burst: medianOf(busy),
    lost: [...calm, ...busy].reduce(addMissing, busy.at(-1).broken),
  }
}

function addMissing(sum, { sent, received, blocked }) {
  return sum + sent - received + blocked
}

function printResults(rows) {
  const head = [
    '',
    'streams',
    'open',
    'KiB a stream',
    'KiB after the burst',
    'first event ms',
    'added ms',
  ]
  head.push(
    'event p50 ms',
    'added ms',
    'p99 ms',
    `at ${burst}/s: p50 ms`,
    'p99 ms',
    'events lost or late',
  )
  return table(
    head,
    rows.map((row) => [
      row.name,
      row.streams,
      row.opened,
      ...[row.kibPerStream, row.kibPerStreamBusy, row.firstMs, row.addedFirstMs].map(digits),
      ...[row.eventMs, row.addedEventMs, row.eventP99Ms, row.burst.p50, row.burst.p99].map(digits),
      row.lost,
    ]),
  )
}
