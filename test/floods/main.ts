import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type ForkedKeyway, forkKeyway } from '../fuzz/fork-keyway.ts'
import { ATTACKS } from './attacks.ts'
import { watchMemory } from './memory.ts'
import { probe } from './probe.ts'

/** What a connection that attacks may cost over idle, and how much longer others may wait. */
const MEMORY_MIB = 64
const SLOWER = 2
/** Below this a wait is the machine's. */
const NOISE_MS = 5

interface Outcome {
  readonly memoryMiB: number
  readonly beforeMs: number
  readonly underMs: number
  readonly failures: number
  readonly crash: string | null
}

/**
 * `npm run floods -- [--quick] [--only WORDS] [--duration SECONDS]`: one connection attacks by each flood in turn, and
 * others are served meanwhile. What they wait is only judged in the long form, on a machine that is
 * quiet.
 */
export async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean' }, only: { type: 'string' }, duration: { type: 'string' } },
  })
  const seconds = Number(values.duration ?? (values.quick ? 1 : 6))
  const attacks = ATTACKS.filter(({ name }) => name.includes(values.only ?? ''))
  let failed = 0
  for (const { name } of attacks) {
    const outcome = await run(name, seconds)
    const faults = judge(outcome, values.quick ? 'memory' : 'all')
    if (faults.length > 0) failed += 1
    const { memoryMiB, beforeMs, underMs } = outcome
    const waits = `p99 ${beforeMs.toFixed(1)} → ${underMs.toFixed(1)} ms`
    console.log(
      `${name.padEnd(52)} +${memoryMiB.toFixed(0).padStart(4)} MiB  ${waits}  ${faults.join(', ')}`,
    )
  }
  console.log(`${attacks.length - failed} passed, ${failed} failed`)
  return failed > 0 ? 1 : 0
}

function judge(outcome: Outcome, what: 'memory' | 'all'): string[] {
  const { memoryMiB, beforeMs, underMs, failures, crash } = outcome
  const faults: string[] = []
  if (crash !== null) faults.push(crash)
  if (memoryMiB > MEMORY_MIB) faults.push('TOO MUCH MEMORY')
  if (failures > 0) faults.push(`${failures} OTHERS WERE NOT SERVED`)
  if (what === 'all' && underMs > SLOWER * Math.max(beforeMs, NOISE_MS)) faults.push('OTHERS WAIT')
  return faults
}

async function run(name: string, seconds: number): Promise<Outcome> {
  const good = createServer((_request, response) => void response.end('good')).listen(
    0,
    '127.0.0.1',
  )
  await once(good, 'listening')
  const attacker = fork(fileURLToPath(new URL('./attacker.js', import.meta.url)), [name], {
    execArgv: [],
  })
  const [badPort] = await once(attacker, 'message')
  const keyway = await forkKeyway(configuration((good.address() as AddressInfo).port, badPort))
  try {
    return await measure(keyway, seconds, () => attacker.send(keyway.port))
  } finally {
    attacker.kill('SIGKILL')
    await keyway.stop()
    good.close()
    good.closeAllConnections()
  }
}

async function measure(
  keyway: ForkedKeyway,
  seconds: number,
  attack: () => void,
): Promise<Outcome> {
  // As much as later, so that what is compared is warm.
  await probe(keyway.port, 1)
  const before = await probe(keyway.port, seconds)
  const memory = watchMemory(keyway.pid)
  attack()
  const under = await probe(keyway.port, seconds)
  return {
    memoryMiB: memory.stop(),
    beforeMs: before.p99Ms,
    underMs: under.p99Ms,
    failures: under.failures,
    crash: keyway.crash(),
  }
}

function configuration(goodPort: number, badPort: number): string {
  const fixtures = fileURLToPath(new URL('../../test/fixtures/tls', import.meta.url))
  const file = (end: string): string => join(fixtures, `server.${end}`)
  return `version: 1
server:
  listen: { address: '127.0.0.1:0', tls: { cert: ${file('pem')}, key: ${file('key')} } }
  admin: off
upstreams:
  good: { url: 'http://127.0.0.1:${goodPort}' }
  bad: { url: 'http://127.0.0.1:${badPort}', limits: { responseHeaders: 2s } }
  echo: builtin:echo
routes:
  - { name: good, match: { path: /good }, upstream: good }
  - { name: bad, match: { path: /bad/* }, rewrite: { strip: /bad }, upstream: bad }
  - { name: kept, match: { path: /kept/* }, rewrite: { strip: /kept }, upstream: bad, retry: { attempts: 3 } }
  - { name: echo, match: { path: /echo }, upstream: echo }
`
}
