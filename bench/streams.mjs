// npm run bench:stream: many open event streams through each proxy, one core each, in turn.

import { execFileSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { startContender } from './harness/contender.mjs'
import { cores, requirePrograms } from './harness/machine.mjs'
import { residentBytes } from './harness/program.mjs'
import { digits, keepResult, table } from './harness/report.mjs'
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
    seconds: { type: 'string' },
  },
})

const firstPort = 4800
const burst = 40_000
const seconds = Number(options.seconds ?? (options.quick ? 1 : 10))
const counts = (options.streams ?? (options.quick ? ['1000'] : ['1000', '10000'])).map(Number)
const all = options.quick ? [nginx, undici, keyway] : [nginx, caddy, undici, keyway]
const peers = all.filter(isWanted)

requirePrograms(['gcc'])
const results = []
for (const count of counts) results.push(...(await measureCount(mostStreams(count))))
console.log(printResults(results))
keepResult('streams', { seconds, results })
// A stream opens only where its credential was rewritten.
const isComplete = results.length === counts.length * (peers.length + 1) || !options.quick
process.exitCode = isComplete && results.every((row) => countLost(row) === 0) ? 0 : 1

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
  const direct = await measure({ name: 'direct', streams, upstreamPort, proxyPort: upstreamPort })
  const rows = direct ? [direct] : []
  for (const [index, peer] of peers.entries()) {
    // Closed connections keep their ports for a minute: each contender has an upstream port of its own.
    const ports = { upstreamPort: upstreamPort + 1 + index, proxyPort: upstreamPort + 20 + index }
    const parts = { port: ports.proxyPort, upstreamPort: ports.upstreamPort, core: cores.proxy }
    const program = await startContender(peer, parts)
    if (program === null) continue
    const row = await measure({ name: peer.name, streams, ...ports, program, direct })
    if (row) rows.push(row)
    await program.stop()
  }
  return rows
}

async function measure({ name, streams, upstreamPort, proxyPort, program, direct }) {
  const variant = program
    ? {}
    : { target: path, extra: { 'x-api-key': key }, drop: ['authorization'] }
  const requests = writeRequests('streams', [variant])
  const idle = program ? residentBytes(program.pid) : 0
  const rates = [streams, burst]
  const load = await openStreams({ upstreamPort, proxyPort, requests, streams, seconds, rates })
  if (load.opened.streams < streams) return console.error(`${name}: ${JSON.stringify(load.opened)}`)
  const open = program ? residentBytes(program.pid) : 0
  const first = await load.next()
  const calm = await load.next()
  const busy = await load.next()
  const peak = program ? residentBytes(program.pid) : 0
  await load.close()
  return {
    name,
    streams,
    opened: load.opened.streams,
    kibPerStream: (open - idle) / streams / 1024,
    kibPerStreamBusy: (peak - idle) / streams / 1024,
    firstMs: first.firstP50,
    addedFirstMs: first.firstP50 - (direct?.firstMs ?? first.firstP50),
    eventMs: calm.p50,
    addedEventMs: calm.p50 - (direct?.eventMs ?? calm.p50),
    eventP99Ms: calm.p99,
    lost: calm.sent - calm.received + busy.broken,
    burst: busy,
  }
}

function countLost({ lost, burst }) {
  return lost + burst.sent - burst.received + burst.blocked
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
      countLost(row),
    ]),
  )
}
