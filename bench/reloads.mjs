// npm run bench:reload: what a reload costs the requests that are under way.
import { renameSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startContender } from './harness/contender.mjs'
import { cores, requirePrograms } from './harness/machine.mjs'
import { pace } from './harness/pace.mjs'
import { digits, keepResult, median, table } from './harness/report.mjs'
import { writeRequests } from './harness/saturate.mjs'
import { startUpstream } from './harness/upstream.mjs'
import { path } from './harness/workload.mjs'
import { configuration, keywayWithRoutes, manyPrefixes } from './peers/keyway.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    routes: { type: 'string', multiple: true },
  },
})
const upstreamPort = 4900
const port = 4910
const rate = 1_000
const reloads = options.quick ? 2 : 5
const restMs = options.quick ? 500 : 2_000
const roundSeconds = options.quick ? 1 : 2
const longestWaitMs = 60_000
const counts = (options.routes ?? (options.quick ? ['10', '1000'] : ['10', '1000', '10000'])).map(
  Number,
)

requirePrograms(['nginx', 'gcc'])
const upstream = await startUpstream(upstreamPort)
const results = []
for (const count of counts) results.push(await measure(count))
await upstream.stop()
const head = [
  'routes',
  'save to applied ms',
  'longest ms',
  'requests',
  'failed',
  'p50 ms',
  'p99 ms',
]
head.push('max ms', 'p99 ms at rest', 'max ms at rest')
console.log(table(head, results.map(cells)))
keepResult('reloads', { rate, reloads, results })
process.exitCode = results.every(({ failed }) => failed === 0) ? 0 : 1

// Keeps a steady load on the proxy, once at rest and once while the file is saved again and again.
async function measure(routes) {
  const peer = keywayWithRoutes(routes)
  const program = await startContender(peer, { port, upstreamPort, core: cores.proxy })
  if (program === null) process.exit(1)
  const requests = writeRequests('reload', [{ target: manyPrefixes(1)[0] + path }])
  const load = (seconds) => pace({ program, requests, rate, seconds, connections: 64 })
  await load(options.quick ? 1 : 3)
  const rest = await load(options.quick ? 1 : 5)
  const spans = []
  let isOver = false
  const saving = saveAgainAndAgain(program, routes, spans).finally(() => {
    isOver = true
  })
  const rounds = []
  while (!isOver) rounds.push(await load(roundSeconds))
  await saving
  await program.stop()
  return {
    routes,
    appliedMs: median(spans),
    longestMs: Math.max(...spans),
    requests: rounds.length * rate * roundSeconds,
    failed: rounds.reduce((sum, { failures }) => sum + failures, 0),
    p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(rounds.map(({ p99Ms }) => p99Ms)),
    maxMs: Math.max(...rounds.map(({ maxMs }) => maxMs)),
    restP99Ms: rest.p99Ms,
    restMaxMs: rest.maxMs,
  }
}

// A reload is applied when a path that only the new file knows is answered.
async function saveAgainAndAgain(program, routes, spans) {
  for (let turn = 0; turn < reloads; turn++) {
    const added = `/added-${turn}`
    const prefixes = [...manyPrefixes(routes), added]
    writeFileSync(`${program.file}.new`, configuration({ port, upstreamPort, routes: prefixes }))
    const saved = performance.now()
    renameSync(`${program.file}.new`, program.file)
    while (!(await isServed(added))) {
      if (performance.now() - saved > longestWaitMs) throw new Error(`${added} is never served`)
      await sleep(5)
    }
    spans.push(performance.now() - saved)
    await sleep(restMs)
  }
}

async function isServed(prefix) {
  const headers = { authorization: 'Bearer sk-ant-api03-FAKE' }
  const response = await fetch(`http://127.0.0.1:${port}${prefix}/v1/messages`, { headers })
  await response.arrayBuffer()
  return response.status !== 404
}

function cells(row) {
  return [
    ...[row.routes, digits(row.appliedMs), digits(row.longestMs), row.requests, row.failed],
    ...[row.p50Ms, row.p99Ms, row.maxMs, row.restP99Ms, row.restMaxMs].map(digits),
  ]
}
