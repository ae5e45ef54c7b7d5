import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  countDescriptors,
  type KeywayProcess,
  residentMiB,
  startKeyway,
} from '../../support/keyway-process.ts'
import { openStreams, startLoad } from './load.ts'
import { startUpstream, type Upstream } from './upstream.ts'

// `npm run soak:reload` runs the long form.
const reloads = Number(process.env.KEYWAY_RELOADS ?? 60)
const clients = 64
const streams = 100

let folder = ''
let upstream: Upstream
let keyway: KeywayProcess

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-reload-'))
  upstream = await startUpstream()
})

afterAll(async () => {
  keyway.signal('SIGKILL')
  await upstream.close()
  await rm(folder, { recursive: true })
})

/** One generation's number in three places that no request may see apart; some move to new upstream connections. */
function config(generation: number): string {
  const connectMs = generation % 7 === 0 ? 4_000 + generation : 5_000
  return `version: 1
server: { listen: 127.0.0.1:0, admin: off }
upstreams:
  one: { url: "${upstream.url}", limits: { connect: ${connectMs}ms } }
routes:
  - name: all
    match: { path: /* }
    upstream: one
    request: { set: { x-by-route: "${generation}" } }
    response: { set: { x-by-response: "${generation}" } }
    rules:
      - { name: all, request: { set: { x-by-rule: "${generation}" } } }
`
}

/** Saves as people and machines do: in place, by rename, now and then a mistake first. */
async function save(file: string, generation: number): Promise<void> {
  if (generation % 10 === 0) {
    await writeFile(file, config(generation).replace('upstream: one', 'upstream: two'))
    keyway.signal('SIGHUP')
    await keyway.until('configuration refused, last good one stays')
  }
  const target = generation % 2 === 0 ? file : `${file}~`
  await writeFile(target, config(generation))
  if (target !== file) await rename(target, file)
}

interface Sample {
  readonly rssMiB: number
  readonly descriptors: number
}

const sample = (): Sample => ({
  rssMiB: residentMiB(keyway.pid),
  descriptors: countDescriptors(keyway.pid),
})

test(
  `${reloads} reloads under load lose no request, cut no stream, mix no configurations`,
  async () => {
    const file = join(folder, 'routes.yaml')
    await writeFile(file, config(1))
    keyway = startKeyway(file)
    const proxy = `http://${(await keyway.until('listening')).listen}`
    const idle = sample()
    const opened = await openStreams(proxy, streams)
    const load = startLoad(proxy, clients)
    const samples: Sample[] = []

    for (let generation = 2; generation <= reloads + 1; generation++) {
      await save(file, generation)
      keyway.signal('SIGHUP')
      await keyway.until('configuration applied')
      samples.push(sample())
    }

    await load.stop()
    upstream.endStreams()
    const cut = (await Promise.all(opened)).filter((wrong) => wrong !== null)
    expect({ failures: load.failures, cut, mixed: upstream.mixed }).toEqual({
      failures: [],
      cut: [],
      mixed: [],
    })
    expect(load.answered()).toBeGreaterThan(reloads)
    await report(samples, idle, load.answered())
    keyway.signal('SIGTERM')
    expect(await keyway.exited).toBe(0)
    await expect.poll(upstream.connections).toBe(0)
  },
  reloads * 2_000 + 60_000,
)

/** Prints the numbers, and holds the process to flat ones: what a run leaves behind does not grow with its length. */
async function report(samples: readonly Sample[], idle: Sample, answered: number): Promise<void> {
  // Connections of clients are gone at once, those to the upstream only when they have been idle.
  await expect
    .poll(() => sample().descriptors, { timeout: 60_000 })
    .toBeLessThan(idle.descriptors + clients + 16)
  const quarter = Math.floor(samples.length / 4)
  const early = median(samples.slice(quarter, 2 * quarter))
  const late = median(samples.slice(-quarter))
  const { rssMiB, descriptors } = sample()
  console.log(
    `${reloads} reloads, ${answered} requests; MiB: idle ${idle.rssMiB.toFixed(1)}, second quarter ${early.rssMiB.toFixed(1)}, last quarter ${late.rssMiB.toFixed(1)}, end ${rssMiB.toFixed(1)}; descriptors: idle ${idle.descriptors}, second quarter ${early.descriptors}, last quarter ${late.descriptors}, end ${descriptors}`,
  )
  expect(late.descriptors).toBeLessThan(early.descriptors + clients + 16)
  if (reloads >= 1_000) expect(late.rssMiB).toBeLessThan(early.rssMiB * 1.2)
}

function median(samples: readonly Sample[]): Sample {
  const middle = (key: keyof Sample): number =>
    samples.map((one) => one[key]).sort((a, b) => a - b)[samples.length >> 1] ?? 0
  return { rssMiB: middle('rssMiB'), descriptors: middle('descriptors') }
}
