import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import {
  createServer,
  get,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatDiagnostic } from '../../src/config/diagnostics/format-diagnostic.ts'
import { loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { type KeywayProcess, type StartOptions, startKeyway } from '../support/keyway-process.ts'

const good = `version: 1
server: { listen: 127.0.0.1:0, admin: 127.0.0.1:0 }
upstreams: { echo: builtin:echo }
routes:
  - { name: echo, match: { path: /* }, upstream: echo }
`
const bad = good.replace('upstream: echo }', 'upsteam: echo }')

let folder = ''
let file = ''
let keyway: KeywayProcess | null = null
let upstream: Server | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-serve-'))
  file = join(folder, 'routes.yaml')
})

afterEach(async () => {
  keyway?.signal('SIGKILL')
  await keyway?.exited
  upstream?.close()
  upstream?.closeAllConnections()
  keyway = null
  upstream = null
  await rm(folder, { recursive: true })
})

async function start(content: string, options: StartOptions = {}): Promise<KeywayProcess> {
  await writeFile(file, content)
  keyway = startKeyway(file, options)
  return keyway
}

/** Starts and waits; gives the addresses that the log names. */
async function serving(
  content = good,
  options: StartOptions = {},
): Promise<{ process: KeywayProcess; proxy: string; admin: string }> {
  const process = await start(content, options)
  const { listen, admin } = await process.until('listening')
  return { process, proxy: `http://${listen}`, admin: `http://${admin}` }
}

/** An upstream whose answers the test ends itself. */
async function holdingUpstream(): Promise<{ url: string; answer: Promise<ServerResponse> }> {
  const server = createServer()
  upstream = server
  const answer = new Promise<ServerResponse>((resolve) => {
    server.once('request', (_request, response) => {
      response.write('begun ')
      resolve(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, answer }
}

const began = (url: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => get(url, { agent: false }, resolve).once('error', reject))

const withUpstream = (url: string): string => good.replace('builtin:echo', url)

test('one line says where it listens, and both addresses answer', async () => {
  const { process, proxy, admin } = await serving()
  expect(process.lines).toMatchObject([
    { level: 'info', msg: 'listening', config: file, generation: 1, routes: 1 },
  ])
  expect((await fetch(`${proxy}/v1`)).status).toBe(200)
  expect((await fetch(`${admin}/healthz`)).status).toBe(200)
  expect((await fetch(`${admin}/readyz`)).status).toBe(200)
})

function findingsOf(content: string): string {
  const { diagnostics } = loadConfig(
    { file, text: content },
    { catalogue: loadCatalogue(), env: {} },
  )
  return diagnostics.map((diagnostic) => `${formatDiagnostic(diagnostic)}\n`).join('')
}

test('a bad file at the start: the findings of check, exit 1', async () => {
  const process = await start(bad)
  expect(await process.exited).toBe(1)
  expect(process.stderr()).toBe(findingsOf(bad))
  expect(process.stderr()).toContain('did you mean "upstream"?')
  expect(process.lines).toEqual([])
})

test('no file at the start: said in a line, exit 1', async () => {
  keyway = startKeyway(file)
  expect(await keyway.exited).toBe(1)
  expect(keyway.stderr()).toBe(`keyway: ${file}: there is no such file\n`)
})

test.each(['listen', 'admin'])('server.%s in use: said in a line, exit 1', async (setting) => {
  const { url } = await holdingUpstream()
  const { host } = new URL(url)
  const process = await start(good.replace(`${setting}: 127.0.0.1:0`, `${setting}: ${host}`))
  expect(await process.exited).toBe(1)
  expect(process.stderr()).toBe(
    `keyway: can't listen on ${host} (server.${setting}): another process listens there (EADDRINUSE)\n`,
  )
})

test('a saved file is live without a signal, and the log says what changed', async () => {
  const { process, proxy } = await serving()
  await writeFile(`${file}~`, good.replace('path: /*', 'path: /only/*'))
  await rename(`${file}~`, file)
  expect(await process.until('configuration applied')).toMatchObject({
    generation: 2,
    changes: ['route "echo" changed: match'],
  })
  expect((await fetch(`${proxy}/v1`)).status).toBe(404)
})

test('a bad file keeps the last good one, and tells what check tells', async () => {
  const { process, proxy } = await serving()
  await writeFile(file, bad)
  expect(await process.until('configuration refused, last good one stays')).toMatchObject({
    level: 'error',
    generation: 1,
    findings: [`${file}:5:40 unknown-key`],
  })
  expect(process.stderr()).toBe(findingsOf(bad))
  expect((await fetch(`${proxy}/v1`)).status).toBe(200)
  await writeFile(file, good)
  await process.until('configuration is the live one again')
})

test('SIGHUP applies the file, changed or not', async () => {
  const { process } = await serving()
  process.signal('SIGHUP')
  expect(await process.until('configuration applied')).toMatchObject({ generation: 2, changes: [] })
})

test('a setting that needs a restart is named', async () => {
  const { process } = await serving()
  await writeFile(file, good.replace('listen: 127.0.0.1:0', 'listen: 127.0.0.1:1'))
  expect(await process.until('these settings need a restart')).toMatchObject({
    level: 'warn',
    settings: ['server.listen'],
  })
})

test('SIGTERM: not ready, no new connections, open requests finish, exit 0', async () => {
  const { url, answer } = await holdingUpstream()
  const { process, proxy, admin } = await serving(withUpstream(url))
  const response = await began(proxy)
  process.signal('SIGTERM')
  await process.until('draining')
  expect((await fetch(`${admin}/readyz`)).status).toBe(503)
  expect((await fetch(`${admin}/healthz`)).status).toBe(200)
  await expect(began(proxy)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  ;(await answer).end('finished')
  expect(await text(response)).toBe('begun finished')
  expect(await process.exited).toBe(0)
  expect(process.lines.at(-1)).toMatchObject({ msg: 'drained' })
})

test('the drain time ends what is still open', async () => {
  const { url } = await holdingUpstream()
  const limited = withUpstream(url).replace('admin: 127', 'limits: { drain: 50ms }, admin: 127')
  const { process, proxy } = await serving(limited)
  const response = await began(proxy)
  process.signal('SIGTERM')
  await expect(text(response)).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await process.exited).toBe(0)
})

test('a second signal ends it at once', async () => {
  const { url } = await holdingUpstream()
  const { process, proxy } = await serving(withUpstream(url))
  const response = await began(proxy)
  process.signal('SIGTERM')
  await process.until('draining')
  process.signal('SIGINT')
  await expect(text(response)).rejects.toMatchObject({ code: 'ECONNRESET' })
  expect(await process.exited).toBe(0)
  expect(process.lines.at(-1)).toMatchObject({ msg: 'drained' })
})

test('an exception that nobody caught is logged without its message, and ends nothing', async () => {
  const preload = join(folder, 'preload.mjs')
  const defect = "process.on('SIGUSR2', () => { throw new Error('sk-ant-api03-FAKE') })"
  await writeFile(preload, defect)
  const { process, proxy } = await serving(good, { nodeArgs: ['--import', preload] })
  process.signal('SIGUSR2')
  expect(await process.until('uncaught exception')).toMatchObject({
    level: 'fatal',
    error: { type: 'Error', code: null },
  })
  expect(JSON.stringify(process.lines) + process.stderr()).not.toContain('FAKE')
  expect((await fetch(`${proxy}/v1`)).status).toBe(200)
})
