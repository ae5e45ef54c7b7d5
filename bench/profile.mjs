// npm run profile: a CPU profile of a proxy under load, and the functions it spent most time in.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startContender } from './harness/contender.mjs'
import { cores, requirePrograms, workFolder } from './harness/machine.mjs'
import { table } from './harness/report.mjs'
import { saturate, writeRequests } from './harness/saturate.mjs'
import { startUpstream } from './harness/upstream.mjs'

const { values: options } = parseArgs({
  options: {
    peer: { type: 'string', default: 'Keyway' },
    seconds: { type: 'string', default: '10' },
    top: { type: 'string', default: '40' },
  },
})

// The sources as they are, not the bundle: a profile then names the file and the line.
process.env.BENCH_KEYWAY ??= new URL('../src/cli.ts', import.meta.url).pathname
const { keyway, keywayWithAll, keywayWithRoutes } = await import('./peers/keyway.mjs')
const { ceiling, fastifyHttpProxy, undici } = await import('./peers/node-programs.mjs')

const upstreamPort = 5000
const peers = [keyway, keywayWithAll, keywayWithRoutes(10_000), ceiling, undici, fastifyHttpProxy]
const peer = peers.find(({ name }) => name === options.peer)
if (!peer) throw new Error(`--peer is one of ${peers.map(({ name }) => name).join(' · ')}`)

requirePrograms(['nginx', 'wrk'])
const upstream = await startUpstream(upstreamPort)
const folder = mkdtempSync(`${workFolder}/profile-`)
const nodeFlags = ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${folder}`]
const parts = { port: upstreamPort + 10, upstreamPort, core: cores.proxy, nodeFlags }
const program = await startContender(peer, parts)
if (program === null) process.exit(1)
const requests = writeRequests('profile', peer.variants?.(upstreamPort) ?? [{}])
await saturate({ program, requests, seconds: Number(options.seconds), connections: 64 })
await program.stop()
await upstream.stop()
const file = `${folder}/${readdirSync(folder)[0]}`
console.log(table(['self %', 'function'], selfTimes(JSON.parse(readFileSync(file, 'utf8')))))
console.error(`the whole profile: ${file}`)

function selfTimes({ nodes, samples, timeDeltas }) {
  const names = new Map(nodes.map(({ id, callFrame }) => [id, describe(callFrame)]))
  const times = new Map()
  let total = 0
  for (const [index, id] of samples.entries()) {
    const name = names.get(id)
    if (name.startsWith('(idle)')) continue
    total += timeDeltas[index]
    times.set(name, (times.get(name) ?? 0) + timeDeltas[index])
  }
  const sorted = [...times].sort((a, b) => b[1] - a[1]).slice(0, Number(options.top))
  return sorted.map(([name, time]) => [((100 * time) / total).toFixed(1), name])
}

function describe({ functionName, url, lineNumber }) {
  const place = url === '' ? '' : ` ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`
  return (functionName === '' ? '(anonymous)' : functionName) + place
}
