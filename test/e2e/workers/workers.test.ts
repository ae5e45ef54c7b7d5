import { mkdtemp, readdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type KeywayProcess, type LogLine, startKeyway } from '../../support/keyway-process.ts'
import { startLoad } from '../reload/load.ts'
import { startUpstream, type Upstream } from '../reload/upstream.ts'

const workers = 2

vi.setConfig({ testTimeout: 90_000 })

let folder = ''
let file = ''
let upstream: Upstream
let keyway: KeywayProcess | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-workers-'))
  file = join(folder, 'routes.yaml')
  upstream = await startUpstream()
})

afterEach(async () => {
  keyway?.signal('SIGKILL')
  await keyway?.exited
  keyway = null
  await upstream.close()
  await rm(folder, { recursive: true })
})

/** A configuration whose number stands in three places that no request may see apart. */
function config(generation: number): string {
  return `version: 1
server: { listen: 127.0.0.1:0, admin: 127.0.0.1:0 }
upstreams: { one: "${upstream.url}" }
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

const until = <T>(read: () => T): ReturnType<typeof expect.poll<T>> =>
  expect.poll(read, { timeout: 60_000 })

interface Serving {
  readonly process: KeywayProcess
  readonly proxy: string
  readonly admin: string
  /** Pids of the workers that have served, the latest last. */
  readonly pids: () => number[]
}

async function serving(count = workers): Promise<Serving> {
  await writeFile(file, config(1))
  // Whatever the environment says of how connections are dealt.
  const env = { NODE_CLUSTER_SCHED_POLICY: 'none' }
  const process = startKeyway(file, { args: ['--workers', String(count)], env })
  keyway = process
  const { listen, admin } = await process.until('listening')
  for (let worker = 0; worker < count; worker += 1) await process.until('worker serves')
  return {
    process,
    proxy: `http://${listen}`,
    admin: `http://${admin}`,
    pids: () => linesOf(process, 'worker serves').map(({ worker }) => worker as number),
  }
}

const linesOf = ({ lines }: KeywayProcess, msg: string): LogLine[] =>
  lines.filter((line) => line.msg === msg)

async function save(content: string): Promise<void> {
  await writeFile(`${file}~`, content)
  await rename(`${file}~`, file)
}

/** One request on a connection of its own; the generation that served it. */
function ask(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response: IncomingMessage) => {
      text(response).then(resolve, reject)
    }).once('error', reject)
  })
}

const askMany = (url: string, count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, () => ask(url)))

test('a reload under load fails no request, mixes nothing, and is whole when it is told', async () => {
  const { process, proxy } = await serving()
  const load = startLoad(proxy, 16)
  for (let generation = 2; generation <= 12; generation += 1) {
    await save(config(generation))
    expect(await process.until('configuration applied')).toMatchObject({ generation })
    const answers = await askMany(`${proxy}/after`, 16)
    expect(new Set(answers)).toEqual(new Set([String(generation)]))
  }
  await load.stop()
  expect(load.failures).toEqual([])
  expect(upstream.mixed).toEqual([])
  expect(load.answered()).toBeGreaterThan(100)
  // What it decides otherwise is worked out once, not by each process.
  const told = ['decisions changed', 'decisions not compared'].flatMap((msg) =>
    linesOf(process, msg).map(({ generation }) => generation),
  )
  expect(told).toEqual([...new Set(told)])
})

test('a bad file changes nothing in any worker, and its findings are printed once', async () => {
  const { process, proxy } = await serving()
  await save(config(2).replace('upstream: one', 'upstream: two'))
  await process.until('configuration refused, last good one stays')
  expect(process.stderr().match(/^\S+:\d+:\d+ error/gm)).toHaveLength(1)
  expect(new Set(await askMany(`${proxy}/x`, 8))).toEqual(new Set(['1']))
})

test('a killed worker loses its own requests alone, and another takes its place', async () => {
  const { process, proxy, admin, pids } = await serving()
  // The first connections are dealt to one worker each.
  const streams = [await begun(`${proxy}/stream/a`), await begun(`${proxy}/stream/b`)]
  const ends = streams.map((stream) =>
    text(stream).then(
      () => 'whole',
      ({ code }) => code,
    ),
  )
  const load = startLoad(proxy, 16)
  await until(load.answered).toBeGreaterThan(200)
  const [victim = 0] = pids()
  global.process.kill(victim, 'SIGKILL')
  expect(await process.until('worker ended, another takes its place')).toMatchObject({
    level: 'error',
    worker: victim,
    reason: 'SIGKILL',
    restartMs: 0,
  })
  await process.until('worker serves')
  const failed = load.failures.length
  const before = load.answered()
  await until(load.answered).toBeGreaterThan(before + 200)
  await load.stop()
  expect(load.failures.length).toBe(failed)
  expect(load.failures.every((failure) => /ECONNRESET|socket hang up/.test(failure))).toBe(true)
  expect((await fetch(`${admin}/readyz`)).status).toBe(200)
  upstream.endStreams()
  expect((await Promise.all(ends)).toSorted()).toEqual(['ECONNRESET', 'whole'])
})

test('a connection that was on its way to a killed worker is broken off, not left open', async () => {
  const { process, proxy, pids } = await serving()
  let isStopping = false
  async function connectOnAndOn(): Promise<void> {
    while (!isStopping) await ask(`${proxy}/x`).catch(() => undefined)
  }
  const clients = Array.from({ length: 32 }, connectOnAndOn)
  for (let count = 1; count <= 3; count += 1) {
    global.process.kill(pids().at(-1) as number, 'SIGKILL')
    await process.until('worker serves')
  }
  isStopping = true
  expect(await Promise.all(clients)).toHaveLength(32)
})

test('a worker that starts after a reload serves what is live', async () => {
  const { process, proxy, pids } = await serving()
  await save(config(2))
  await process.until('configuration applied')
  for (const pid of pids()) {
    global.process.kill(pid, 'SIGKILL')
    await process.until('worker serves')
  }
  expect(new Set(await askMany(`${proxy}/x`, 8))).toEqual(new Set(['2']))
  expect(linesOf(process, 'worker serves').at(-1)).toMatchObject({ generation: 2 })
})

test('SIGTERM: not ready, open requests of every worker finish, exit 0', async () => {
  const { process, proxy, admin } = await serving()
  const streams = await Promise.all(Array.from({ length: 4 }, () => begun(`${proxy}/stream/x`)))
  process.signal('SIGTERM')
  await process.until('draining')
  expect((await fetch(`${admin}/readyz`)).status).toBe(503)
  await until(() => ask(proxy).catch(({ code }) => code)).toBe('ECONNREFUSED')
  upstream.endStreams()
  for (const stream of streams) expect(await text(stream)).toMatch(/data: end\n\n$/)
  expect(await process.exited).toBe(0)
  expect(process.lines.at(-1)).toMatchObject({ msg: 'drained' })
})

test('a second signal ends all of them', async () => {
  const { process, proxy, pids } = await serving()
  const stream = await begun(`${proxy}/stream/x`)
  process.signal('SIGTERM')
  await process.until('draining')
  process.signal('SIGINT')
  await expect(text(stream)).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await process.exited).toBe(0)
  expect(process.lines.at(-1)).toMatchObject({ msg: 'drained' })
  await until(() => Promise.all(pids().map(isAlive))).toEqual([false, false])
})

test('a primary that is killed takes its workers along', async () => {
  const { process, pids } = await serving()
  process.signal('SIGKILL')
  await process.exited
  await until(() => Promise.all(pids().map(isAlive))).toEqual([false, false])
})

const begun = (url: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => get(url, { agent: false }, resolve).once('error', reject))

/** A process that has ended and was not waited for yet is not alive. */
async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return status !== '' && !/\) Z /.test(status)
}

async function requestsTotal(admin: string): Promise<number> {
  const page = await (await fetch(`${admin}/metrics`)).text()
  const counts = [...page.matchAll(/^keyway_requests_total\{[^}]*\} (\d+)$/gm)]
  return counts.reduce((sum, [, count]) => sum + Number(count), 0)
}

test('metrics are summed over the workers, and none goes back when one ends', async () => {
  const { process, proxy, admin, pids } = await serving()
  await askMany(`${proxy}/x`, 10)
  await until(() => requestsTotal(admin)).toBe(10)
  global.process.kill(pids()[0] as number, 'SIGKILL')
  await process.until('worker serves')
  expect(await requestsTotal(admin)).toBe(10)
  await askMany(`${proxy}/x`, 5)
  await until(() => requestsTotal(admin)).toBe(15)
  const page = await (await fetch(`${admin}/metrics`)).text()
  expect(page).toContain('keyway_config_generation 1')
})

test('connections are dealt in turn', async () => {
  const { proxy, pids } = await serving(4)
  const countAll = (): Promise<number[]> => Promise.all(pids().map(countSockets))
  const before = await countAll()
  // A worker that was dealt one is behind those that were not.
  for (const name of ['a', 'b', 'c', 'd']) await begun(`${proxy}/stream/${name}`)
  const after = await countAll()
  const toClientAndUpstream = 2
  expect(after).toEqual(before.map((sockets) => sockets + toClientAndUpstream))
  upstream.endStreams()
})

async function countSockets(pid: number): Promise<number> {
  const names = await readdir(`/proc/${pid}/fd`)
  const links = await Promise.all(
    names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')),
  )
  return links.filter((link) => link.startsWith('socket:')).length
}

const wrong = ['0', '-1', 'many', '2.5', '99999']

test.each(wrong)('--workers %s is wrong usage', async (count) => {
  await writeFile(file, config(1))
  keyway = startKeyway(file, { args: [`--workers=${count}`] })
  expect(await keyway.exited).toBe(2)
  expect(keyway.stderr()).toContain(`not "${count}"`)
})

test('an address in use is said once, exit 1', async () => {
  await writeFile(
    file,
    config(1)
      .replace(upstream.url, 'builtin:echo')
      .replace('listen: 127.0.0.1:0', `listen: ${new URL(upstream.url).host}`),
  )
  keyway = startKeyway(file, { args: ['--workers', '2'] })
  expect(await keyway.exited).toBe(1)
  expect(keyway.stderr()).toMatch(/^keyway: can't listen on .*another process listens there.*\n$/)
})

test('a certificate that is missing is said by its name, once, exit 1', async () => {
  const tls = `{ address: 127.0.0.1:0, tls: { cert: "${folder}/none.pem", key: "${folder}/none.key" } }`
  await writeFile(file, config(1).replace('listen: 127.0.0.1:0', `listen: ${tls}`))
  keyway = startKeyway(file, { args: ['--workers', '2'] })
  expect(await keyway.exited).toBe(1)
  expect(keyway.stderr()).toBe(
    `keyway: can't listen on 127.0.0.1:0 (server.listen): ${folder}/none.pem: there is no such file\n`,
  )
})

test('one worker is no worker: nothing is forked', async () => {
  await writeFile(file, config(1))
  keyway = startKeyway(file, { args: ['--workers', '1'] })
  await keyway.until('listening')
  const children = await readFile(`/proc/${keyway.pid}/task/${keyway.pid}/children`, 'utf8')
  expect(children).toBe('')
})
