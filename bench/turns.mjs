// npm run bench:turns: turns of agents through each proxy, TLS on both sides: 256 KiB of conversation
// up, then 400 events of 150 bytes down, one every 20 ms.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { startContender } from './harness/contender.mjs'
import { cores, nodePath, requirePrograms, tlsFile } from './harness/machine.mjs'
import { cpuSeconds, residentBytes } from './harness/program.mjs'
import { digits, keepResult, medianOf, table } from './harness/report.mjs'
import { trafficPeers } from './peers/traffic.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    clients: { type: 'string' },
  },
})
const firstPort = 4300
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3))
const clients = Number(options.clients ?? (options.quick ? 16 : 64))
const seconds = options.quick ? 1 : 16
// The ceiling takes answers of a known length only.
const peers = trafficPeers.filter(({ name }) => name !== 'ceiling' && isWanted(name))

requirePrograms(['nginx'])
const ends = startEnds()
const upstreamPort = Number(await ends.read())
const contenders = []
for (const [index, peer] of peers.entries()) {
  const parts = { port: firstPort + index, core: cores.proxy, front: 'https', back: 'https' }
  const program = await startContender(peer, { ...parts, upstreamPort })
  if (program !== null) contenders.push({ name: peer.name, program, turns: [] })
}
for (let round = 0; round < rounds; round++)
  for (const { program, turns } of contenders) turns.push(await measure(program))
for (const { program } of contenders) await program.stop()
ends.stop()

const rows = contenders.map(({ name, turns }) => ({
  name,
  ...medianOf(turns),
  failures: turns.reduce((sum, { failures }) => sum + failures, 0),
}))
console.log(printed())
keepResult('turns', { rounds, clients, seconds, rows })
process.exitCode = rows.some(({ failures }) => failures > 0) ? 1 : 0

function isWanted(name) {
  return options.only?.some((wanted) => name.toLowerCase().includes(wanted.toLowerCase())) ?? true
}

async function measure({ pid, port }) {
  const before = cpuSeconds(pid)
  const found = await ends.ask({ port, clients, seconds })
  const cpu = cpuSeconds(pid) - before
  return {
    ...found,
    cpuPerTurnMs: (cpu / found.turns) * 1000,
    residentMiB: residentBytes(pid) / 2 ** 20,
  }
}

function startEnds() {
  const program = new URL('./programs/turns.mjs', import.meta.url).pathname
  const files = ['server.pem', 'server.key', 'ca.pem'].map(tlsFile)
  const args = ['-c', `${cores.load}`, nodePath(), program, ...files]
  const child = spawn('taskset', args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async () => (await lines.next()).value
  return {
    read,
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`)
      return JSON.parse(await read())
    },
    stop: () => child.kill(),
  }
}

function printed() {
  const head = ['', 'CPU ms a turn', '÷ nginx', '÷ Caddy', 'first event ms', 'p99']
  head.push('event p50 ms', 'p99', 'MiB', 'turns', 'failures')
  const cpuOf = (name) => rows.find((row) => row.name === name)?.cpuPerTurnMs ?? Number.NaN
  return table(
    head,
    rows.map((row) => [
      row.name,
      digits(row.cpuPerTurnMs),
      digits(row.cpuPerTurnMs / cpuOf('nginx')),
      digits(row.cpuPerTurnMs / cpuOf('Caddy')),
      ...[row.firstP50Ms, row.firstP99Ms, row.eventP50Ms, row.eventP99Ms].map(digits),
      ...[digits(row.residentMiB), row.turns, row.failures],
    ]),
  )
}
