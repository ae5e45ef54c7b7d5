import { printListen, type Transport } from '../fuzz/connection.ts'
import { createFindings, type Findings } from '../fuzz/findings.ts'
import { forkKeyway } from '../fuzz/fork-keyway.ts'
import { parseRunOptions } from '../fuzz/options.ts'
import { checkAfterwards } from '../fuzz/run-cases.ts'
import { CLIENT_CASES, type ClientCase } from './client-faults.ts'
import { connectClient, type Listener, printRequest, readOutcome } from './exchange.ts'
import { type FaultyUpstream, startFaultyUpstream, startPlain } from './faulty-upstream.ts'
import { type Outcome, UPSTREAM_CASES, type UpstreamCase } from './upstream-faults.ts'

const TO: Readonly<Record<NonNullable<UpstreamCase['route']>, string>> = {
  up: '',
  retry: ', retry: { on: [connect, reset], budget: 100% }',
  refused: '',
  garbage: '',
  mute: '',
  hasty: '',
}

interface Target {
  readonly name: string
  readonly url: string
  readonly more: string
}

/** An upstream of its own for each fault, so that none meets the connections of another; short clocks. */
function printConfig(targets: readonly Target[], transport: Transport): string {
  const limits = '{ connect: 8s, responseHeaders: 8s, idle: 8s }'
  const upstreams = targets.map(
    ({ name, url }) => `  ${name}: { url: "${url}", limits: ${limits} }`,
  )
  const routes = targets.map(
    ({ name, more }) =>
      `  - { name: ${name}, match: { path: /up/${name}/* }, rewrite: { strip: /up }, upstream: ${name}${more} }`,
  )
  return `
version: 1
server:
  listen: ${printListen(transport)}
  admin: off
  limits: { headersTimeout: 8s, bodyIdle: 8s }
upstreams:
${upstreams.join('\n')}
routes:
${routes.join('\n')}
`
}

/** `npm run faults -- [--quick] [--count ROUNDS]`: every fault side by side, each so many rounds, by either transport. */
export async function main(args: readonly string[]): Promise<number> {
  const options = parseRunOptions(args, { count: 20, seconds: 600, quickSeconds: 60 })
  const isQuick = args.includes('--quick')
  const rounds = isQuick ? 4 : options.count
  const findings = createFindings()
  for (const transport of ['plain', 'tls'] as const) {
    // What an upstream does reaches clients of both by the same way.
    const cases =
      transport === 'tls' && isQuick ? CLIENT_CASES : [...UPSTREAM_CASES, ...CLIENT_CASES]
    const table = await runFaults({ transport, cases, rounds, findings })
    for (const line of table) console.log(line)
  }
  for (const { what, count, detail } of findings.list())
    console.log(`\n${what} (${count} ×)\n  ${detail}`)
  console.log(findings.count() === 0 ? '\nas named, every time' : `\n${findings.count()} findings`)
  return findings.count() === 0 ? 0 : 1
}

interface FaultsRun {
  readonly transport: Transport
  readonly cases: readonly (UpstreamCase | ClientCase)[]
  readonly rounds: number
  readonly findings: Findings
}

/** Runs faults before one listener; a line for each. */
async function runFaults({
  transport,
  cases,
  rounds,
  findings,
}: FaultsRun): Promise<readonly string[]> {
  const upstreams = await Promise.all(cases.map((fault) => startFaultyUpstream(fault)))
  const others = {
    garbage: await startPlain((socket) => void socket.write('this is no TLS\r\n'.repeat(20))),
    mute: await startPlain(() => {}),
    hasty: await startPlain((socket) => void socket.resetAndDestroy()),
  }
  const urls: Readonly<Record<string, string>> = {
    // Nothing listens on that port.
    refused: 'http://127.0.0.1:1',
    garbage: `https://127.0.0.1:${others.garbage.port}`,
    mute: `https://127.0.0.1:${others.mute.port}`,
    hasty: `http://127.0.0.1:${others.hasty.port}`,
  }
  const targets = cases.map((fault, i) => {
    const route = ('route' in fault && fault.route) || 'up'
    const url = urls[route] ?? `http://127.0.0.1:${upstreams[i]?.port}`
    return { name: fault.name, url, more: TO[route] }
  })
  const keyway = await forkKeyway(printConfig(targets, transport))
  const table = await Promise.all(
    cases.map((fault, i) => {
      const upstream = upstreams[i] as FaultyUpstream
      const bench = { listener: { port: keyway.port, transport }, upstream, findings }
      return 'run' in fault
        ? runClientCase(fault, rounds, bench)
        : runUpstreamCase(fault, rounds, bench)
    }),
  )
  await checkAfterwards(keyway, findings)
  await keyway.stop()
  for (const { close } of [...upstreams, ...Object.values(others)]) close()
  return table
}

interface Bench {
  readonly listener: Listener
  readonly upstream: FaultyUpstream
  readonly findings: Findings
}

async function runUpstreamCase(fault: UpstreamCase, rounds: number, bench: Bench): Promise<string> {
  const tally = new Map<Outcome | string, number>()
  const run = async (round: number): Promise<void> => {
    for (const got of await runRound(fault, round, bench)) tally.set(got, (tally.get(got) ?? 0) + 1)
  }
  const numbers = Array.from({ length: rounds }, (_, round) => round)
  if (fault.isSerial) for (const round of numbers) await run(round)
  else await Promise.all(numbers.map(run))
  return printLine(fault.name, bench.listener, tally)
}

/** The requests of one client, one after another; resolves to what became of each. */
async function runRound(
  fault: UpstreamCase,
  round: number,
  { listener, upstream, findings }: Bench,
): Promise<(Outcome | string)[]> {
  const { name, bodyBytes = 0, requests = 2, pauseMs = 0, executions = [0, 1] } = fault
  const outcomes: (Outcome | string)[] = []
  let { socket } = connectClient(listener)
  for (let i = 0; i < requests; i += 1) {
    const id = `${name}-${listener.transport}-${round}-${i}`
    if (socket.destroyed || !socket.writable) ({ socket } = connectClient(listener))
    socket.write(printRequest(`/up/${name}/${id}`, bodyBytes))
    const got = await readOutcome(socket, id)
    outcomes.push(got)
    const count = upstream.executions(id)
    if (!fault.outcomes.includes(got as Outcome)) findings.add(`${name}: ${got}`, null, id)
    if (!executions.includes(count)) findings.add(`${name}: executed ${count} times`, null, id)
    if (got !== 'answer') socket.destroy()
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  socket.destroy()
  return outcomes
}

async function runClientCase(fault: ClientCase, rounds: number, bench: Bench): Promise<string> {
  const { listener, upstream, findings } = bench
  const tally = new Map<Outcome | string, number>()
  await Promise.all(
    Array.from({ length: rounds }, async (_, round) => {
      const id = `${fault.name}-${round}`
      const wrong = await fault.run(listener, id, upstream)
      if (wrong !== null) findings.add(`${fault.name}: ${wrong}`, null, id)
      const got = wrong ?? 'as named'
      tally.set(got, (tally.get(got) ?? 0) + 1)
    }),
  )
  return printLine(fault.name, bench.listener, tally)
}

function printLine(
  name: string,
  { transport }: Listener,
  tally: ReadonlyMap<Outcome | string, number>,
): string {
  const outcomes = [...tally].map(([outcome, count]) => `${outcome} ${count} ×`)
  return `${transport.padEnd(5)} ${name.padEnd(48)} ${outcomes.join(', ')}`
}
