import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { printListen, type Transport } from '../fuzz/connection.ts'
import { parseRunOptions } from '../fuzz/options.ts'
import { type KeywayProcess, startKeyway } from '../support/keyway-process.ts'
import { startSoakLoad } from './load.ts'
import { countOpen, median, printTable, type Sample, TELL_HEAP, takeSample } from './sample.ts'
import { startSoakUpstream } from './upstream.ts'

/** Which memory is judged. In a short run the collector still takes the room that it needs from the machine. */
const JUDGED = { quick: ['heapMiB'], long: ['rssMiB', 'heapMiB'] } as const

/** What of a third is compared: bodies that are under way when the heap is looked at come on top of what stays. */
const MEASURES = {
  rssMiB: median,
  heapMiB: (values: readonly number[]) => Math.min(...values),
} as const

/** How much memory may grow from the first third to the last. */
const GROWTH = 1.15

/** Growth below this is noise. */
const NOISE_MIB = 4

/** Sockets that may be left over beside those of the idle process, and how long they have to go. */
const SPARE_SOCKETS = 1
const SETTLE_MS = 20_000

/** `npm run soak -- [tls] [--quick] [--duration SECONDS] [--concurrency CLIENTS]`: default ten minutes, without TLS. */
export async function main(args: readonly string[]): Promise<number> {
  const transport = args[0] === 'tls' ? 'tls' : 'plain'
  const rest = transport === 'tls' ? args.slice(1) : args
  const options = parseRunOptions(rest, { count: 0, seconds: 600, quickSeconds: 20 })
  const folder = await mkdtemp(join(tmpdir(), 'keyway-soak-'))
  const file = join(folder, 'routes.yaml')
  const upstream = await startSoakUpstream()
  const rewrite = (generation: number): Promise<void> =>
    save(file, printConfig({ url: upstream.url, transport, generation }))
  await rewrite(0)
  const keyway = startKeyway(file, { nodeArgs: TELL_HEAP })
  try {
    const { listen } = await keyway.until('listening')
    const port = Number(String(listen).split(':').pop())
    const idle = countOpen(keyway.pid).sockets
    const load = startSoakLoad({ port, transport }, options.concurrency, options.seed)
    const trouble = startTrouble(keyway, rewrite, upstream.breakAll)
    const samples = await watch(keyway, options.durationMs)
    await trouble.stop()
    await load.stop()
    const left = await settle(keyway, idle)
    console.log(printTable(samples))
    console.log(
      `${load.requests()} requests: ${[...load.tally].map((pair) => pair.join(' ')).join(', ')}`,
    )
    console.log(
      `${trouble.reloads()} reloads, ${trouble.breaks()} times all upstream connections broken`,
    )
    return report(samples, idle, left, JUDGED[args.includes('--quick') ? 'quick' : 'long'])
  } finally {
    keyway.signal('SIGKILL')
    await keyway.exited
    upstream.close()
    await rm(folder, { recursive: true })
  }
}

interface Soaked {
  readonly url: string
  readonly transport: Transport
  readonly generation: number
}

function printConfig({ url, transport, generation }: Soaked): string {
  // Now and then a setting that needs connections of its own.
  const idle = generation % 5 === 4 ? '3001ms' : '3000ms'
  return `
version: 1
server:
  listen: ${printListen(transport)}
  admin: off
  limits: { headersTimeout: 3s, bodyIdle: 3s }
upstreams:
  up: { url: "${url}", limits: { responseHeaders: 2s, idle: ${idle} } }
routes:
  - name: soak
    match: { path: /soak/* }
    rewrite: { strip: /soak }
    upstream: up
    request: { set: { x-generation: "${generation}" } }
`
}

async function save(file: string, text: string): Promise<void> {
  await writeFile(`${file}~`, text)
  await rename(`${file}~`, file)
}

interface Trouble {
  readonly reloads: () => number
  readonly breaks: () => number
  readonly stop: () => Promise<void>
}

/** Reloads, good and bad, and an upstream that breaks everything off. */
function startTrouble(
  keyway: KeywayProcess,
  rewrite: (generation: number) => Promise<void>,
  breakAll: () => void,
): Trouble {
  let generation = 0
  let breaks = 0
  let saving = Promise.resolve()
  const reloading = setInterval(() => {
    generation += 1
    const next = generation
    saving = saving.then(() => rewrite(next)).then(() => keyway.signal('SIGHUP'))
  }, 1_500)
  const breaking = setInterval(() => {
    breaks += 1
    breakAll()
  }, 4_000)
  return {
    reloads: () => generation,
    breaks: () => breaks,
    async stop() {
      clearInterval(reloading)
      clearInterval(breaking)
      await saving
    },
  }
}

async function watch(keyway: KeywayProcess, durationMs: number): Promise<Sample[]> {
  const began = performance.now()
  const samples: Sample[] = []
  const everyMs = Math.max(500, durationMs / 60)
  for (let at = everyMs; at <= durationMs; at += everyMs) {
    await new Promise((resolve) => setTimeout(resolve, began + at - performance.now()))
    samples.push(await takeSample(keyway, (performance.now() - began) / 1_000))
  }
  return samples
}

async function settle(keyway: KeywayProcess, idle: number): Promise<number> {
  const until = performance.now() + SETTLE_MS
  let { sockets } = countOpen(keyway.pid)
  while (sockets > idle + SPARE_SOCKETS && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    sockets = countOpen(keyway.pid).sockets
  }
  return sockets
}

function report(
  samples: readonly Sample[],
  idle: number,
  left: number,
  judged: readonly ('rssMiB' | 'heapMiB')[],
): number {
  // The first tenth warms up.
  const warm = samples.slice(Math.ceil(samples.length / 10))
  const third = Math.floor(warm.length / 3)
  const grew = (['rssMiB', 'heapMiB'] as const).filter((key) => {
    const [first, last] = [warm.slice(0, third), warm.slice(-third)].map((part) =>
      MEASURES[key](part.map((sample) => sample[key])),
    ) as [number, number]
    console.log(`${key}: ${first.toFixed(1)} in the first third, ${last.toFixed(1)} in the last`)
    return judged.includes(key) && last > first * GROWTH && last - first > NOISE_MIB
  })
  console.log(`sockets: ${idle} idle before, ${left} after`)
  const isFlat = grew.length === 0 && left <= idle + SPARE_SOCKETS
  console.log(isFlat ? 'flat' : 'NOT FLAT')
  return isFlat ? 0 : 1
}
