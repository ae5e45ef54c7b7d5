// npm run bench:bodies: bodies of each length read whole and streamed, by the sources of this tree with
// another border between the two, in turns within one run. Shows where the border belongs.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { parseArgs } from 'node:util'
import { startContender } from './harness/contender.mjs'
import { cores, requirePrograms, workFolder } from './harness/machine.mjs'
import { digits, keepResult, median, table } from './harness/report.mjs'
import { saturate, writeRequests } from './harness/saturate.mjs'
import { startTrafficUpstream } from './harness/traffic-upstream.mjs'
import { prompt } from './harness/workload.mjs'
import { prepareKeyway } from './peers/traffic.mjs'

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '15' },
    seconds: { type: 'string', default: '1' },
  },
})
const root = new URL('../', import.meta.url).pathname
const rounds = Number(options.rounds)
const seconds = Number(options.seconds)
const KIB = 1024
const sizes = (options.size ?? ['2', '8', '12', '16', '24', '32', '64', '128']).map(Number)
const upstreamPort = 5600
const ways = [
  { front: 'http', back: 'http' },
  { front: 'https', back: 'https' },
]
const variants = [
  { name: 'whole', border: 1024 * KIB },
  { name: 'streamed', border: 0 },
]

requirePrograms(['nginx', 'wrk'])
const upstream = await startTrafficUpstream(upstreamPort)
const programs = variants.map((variant) => ({ ...variant, program: writeVariant(variant) }))
const results = []
for (const way of ways) await measure(way)
console.log(table(head(), results.map(cells)))
keepResult('bodies', { rounds, seconds, results })
await upstream.stop()
process.exitCode = results.some(({ failures }) => failures > 0) ? 1 : 0

/** A copy of the sources with another border; the path of its program. */
function writeVariant({ name, border }) {
  const folder = `${workFolder}/bodies-${name}`
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(`${root}src`, `${folder}/src`, { recursive: true })
  for (const rest of ['config', 'schemas', 'package.json', 'node_modules', 'dist'])
    if (existsSync(root + rest)) symlinkSync(root + rest, `${folder}/${rest}`)
  const file = `${folder}/src/proxy/client/request-body.ts`
  const text = readFileSync(file, 'utf8')
  const changed = text.replace(/(WHOLE_BODY_BYTES: number = ).*/, `$1${border}`)
  if (changed === text) throw new Error(`${file} has no border to change`)
  writeFileSync(file, changed)
  return `${folder}/src/cli.ts`
}

async function measure({ front, back }) {
  const contenders = []
  for (const [index, { name, program }] of programs.entries()) {
    const port = upstreamPort + 10 + index
    const parts = { port, core: cores.proxy, front, back }
    const at = { ...parts, upstreamPort: back === 'https' ? upstreamPort + 1 : upstreamPort }
    const peer = { name, prepare: (given) => prepareKeyway(given, program) }
    contenders.push({ name, program: await startContender(peer, at) })
  }
  for (const size of sizes) results.push(await measureSize({ front, back, size }, contenders))
  for (const { program } of contenders) await program.stop()
}

/** Which comes first changes with each round, so that what else the machine does meets both alike. */
async function measureSize({ front, back, size }, contenders) {
  const extra = { 'x-bench': 'traffic' }
  const requests = writeRequests(`bodies-${size}`, [{ extra, body: prompt(size * KIB) }])
  const load = (program) => saturate({ program, requests, seconds, connections: 32, scheme: front })
  for (const { program } of contenders) await load(program)
  const turns = []
  for (let round = 0; round < rounds; round++) {
    const turn = {}
    for (const { name, program } of round % 2 === 0 ? contenders : contenders.toReversed())
      turn[name] = await load(program)
    turns.push(turn)
  }
  console.error(`${front} → ${back}, ${size} KiB`)
  return { name: `${front} → ${back}, ${size} KiB`, ...summarize(turns) }
}

function summarize(turns) {
  const cpu = (name) => median(turns.map((turn) => turn[name].cpuPer10kMs / 10))
  return {
    wholeMicros: cpu('whole'),
    streamedMicros: cpu('streamed'),
    ratio: median(turns.map(({ whole, streamed }) => streamed.cpuPer10kMs / whole.cpuPer10kMs)),
    failures: turns.flatMap(Object.values).reduce((sum, { failures }) => sum + failures, 0),
  }
}

function head() {
  return ['a body', 'whole: CPU µs', 'streamed: CPU µs', 'streamed ÷ whole', 'failures']
}

function cells({ name, wholeMicros, streamedMicros, ratio, failures }) {
  return [name, digits(wholeMicros), digits(streamedMicros), ratio.toFixed(2), failures]
}
