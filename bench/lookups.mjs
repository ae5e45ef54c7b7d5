// npm run bench:lookup: what a decision costs with 10 routes and with 10,000, with no network.
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { nodePath, requirePrograms } from './harness/machine.mjs'
import { digits, keepResult, median, table } from './harness/report.mjs'
import { headers, path } from './harness/workload.mjs'
import { configuration, manyPrefixes } from './peers/keyway.mjs'

requirePrograms([])
if (nodePath() !== process.execPath) {
  const { status } = spawnSync(nodePath(), process.argv.slice(1), { stdio: 'inherit' })
  process.exit(status ?? 1)
}

// The sources as they are where Node knows types, else what was built of them.
const [folder, suffix] = process.features.typescript ? ['src', 'ts'] : ['dist', 'js']
const { loadCatalogue } = await import(`../${folder}/credentials/catalogue.${suffix}`)
const { compileSnapshot } = await import(`../${folder}/loading/compile-snapshot.${suffix}`)

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, profile: { type: 'boolean' } },
})
const rounds = options.quick ? 5 : 15
const perRound = options.quick ? 20_000 : 100_000
const rawHeaders = ['host', 'bench.test', ...Object.entries(headers).flat()]
const catalogue = loadCatalogue()
const subjects = [10, 10_000].flatMap((routes) => [
  describe(routes, 1, 'one path'),
  describe(routes, 1, 'a path for each route'),
  describe(routes, 5, 'a path for each route'),
])

for (const subject of subjects) decideMany(subject)
for (let round = 0; round < rounds; round++)
  for (const subject of subjects) subject.nanoseconds.push(decideMany(subject))

const results = subjects.map(({ table: _, targets: __, nanoseconds, ...subject }) => ({
  ...subject,
  nsPerDecision: median(nanoseconds),
}))
const head = ['routes', 'rules a route', 'requests for', 'ns a decision', 'compile ms', 'heap MiB']
const cells = results.map((r) => [
  ...[r.routes, r.rules, r.spread, Math.round(r.nsPerDecision)],
  ...[digits(r.compileMs), digits(r.heapMiB)],
])
console.log(table(head, cells))
keepResult('lookups', { rounds, perRound, results })

function describe(routes, rules, spread) {
  const prefixes = manyPrefixes(routes)
  const parts = { port: 1, upstreamPort: 2, routes: prefixes, rules }
  const source = { file: 'bench.yaml', text: configuration(parts) }
  const env = { KEYWAY_CONFIG_LIMIT: '64MiB' }
  const before = process.memoryUsage().heapUsed
  const started = performance.now()
  const { snapshot, diagnostics } = compileSnapshot(source, { catalogue, env, generation: 1 })
  const compileMs = performance.now() - started
  if (snapshot === null) throw new Error(diagnostics[0].message)
  const heapMiB = (process.memoryUsage().heapUsed - before) / 2 ** 20
  const chosen = spread === 'one path' ? [prefixes[routes >> 1]] : prefixes
  const targets = chosen.map((prefix) => prefix + path)
  return {
    routes,
    rules,
    spread,
    compileMs,
    heapMiB,
    table: snapshot.table,
    targets,
    nanoseconds: [],
  }
}

function decideMany({ table: { decide }, targets }) {
  const started = process.hrtime.bigint()
  for (let i = 0; i < perRound; i++) {
    const target = targets[i % targets.length]
    const request = {
      method: 'POST',
      target,
      headers: rawHeaders,
      peerIp: '127.0.0.1',
      protocol: 'http',
      id: '1',
    }
    if (decide(request).action !== 'forward') throw new Error(`${target} was not forwarded`)
  }
  return Number(process.hrtime.bigint() - started) / perRound
}
