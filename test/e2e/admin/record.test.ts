import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { findCredentials } from '../../support/credential-search.ts'
import { buildProgram, type KeywayProcess, startKeyway } from '../../support/keyway-process.ts'
import { ca, tlsFile } from '../inbound/start-tls.ts'

vi.setConfig({ testTimeout: 60_000 })

let folder = ''
let upstream: Server
let keyway: KeywayProcess | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-record-'))
  upstream = createServer((_, response) => void response.end('ok')).listen(0, '127.0.0.1')
  await once(upstream, 'listening')
  await writeFile(join(folder, 'admin'), TOKEN)
})

afterEach(async () => {
  keyway?.signal('SIGKILL')
  await keyway?.exited
  keyway = null
  upstream.close()
  upstream.closeAllConnections()
  await rm(folder, { recursive: true })
})

const TOKEN = 'FAKE-token-of-the-operator'

/** All that only a client, or the operator's machine, knows. */
const PRIVATE = {
  key: 'sk-ant-api03-FAKE-live-of-a-client',
  other: 'sk-proj-FAKE-live-of-another',
  refresh: 'sk-ant-ort01-FAKE-live-refresh',
  jwt: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZS1GQUtFIn0.c2lnbmVkLUZBS0U',
  password: 'FAKE-live-password',
  cookie: 'FAKE-live-session-of-a-browser',
  path: 'alice.FAKE-person',
  query: 'FAKE-live-in-a-query',
  header: 'FAKE-live-in-a-header',
  secret: 'sk-proj-FAKE-of-the-operator',
  variable: 'FAKE-tenant-of-the-environment',
  client: 'FAKE-live-client-token',
  admin: TOKEN,
}

function config(server: string): string {
  const { port } = upstream.address() as AddressInfo
  return `version: 1
server: { ${server} }
secrets: { own: { env: OWN }, gone: { file: gone } }
upstreams:
  up: "http://127.0.0.1:${port}"
  dead: "http://127.0.0.1:1"
  next: { url: "http://127.0.0.1:${port}", accepts: [openai] }
  strict: { url: "http://127.0.0.1:${port}", accepts: [openai] }
routes:
  - name: v1
    match: { path: /v1/:who/* }
    upstream: up
    rules:
      - { name: key, if: { credential: { matches: ^sk-ant-api } }, use: x-api-key, else: { use: authorization bearer } }
  - name: own
    match: { path: /own/* }
    upstream: dead
    rewrite: { path: "/t/\${env.TENANT}" }
    fallback: [{ upstream: next, on: [connect], rules: [{ name: bare, use: none }] }]
    rules: [{ name: own, use: { header: authorization, scheme: Bearer, value: "\${secret.own}" } }]
  - { name: lost, match: { path: /lost/* }, upstream: up, rules: [{ use: { header: x-api-key, value: "\${secret.gone}" } }] }
  - { name: query, match: { path: /query/* }, credential: { from: [query key] }, upstream: up }
  - { name: strict, match: { path: /strict/*, methods: [POST] }, upstream: strict }
tests:
  - name: known
    request: { path: /v1/x/known, headers: { authorization: Bearer sk-proj-TEST } }
    expect: { route: v1, rule: key }
`
}

interface Asked {
  readonly path: string
  readonly method?: string
  readonly headers?: Record<string, string>
}

const bearer = (value: string): Record<string, string> => ({ authorization: `Bearer ${value}` })

const REQUESTS: readonly Asked[] = [
  {
    path: `/v1/${PRIVATE.path}/x?q=${PRIVATE.query}`,
    headers: { ...bearer(PRIVATE.key), 'x-note': PRIVATE.header, cookie: `s=${PRIVATE.cookie}` },
  },
  // Its decision has a test.
  { path: `/v1/${PRIVATE.path}`, headers: bearer(PRIVATE.other) },
  { path: `/v1/${PRIVATE.path}`, headers: { 'x-api-key': PRIVATE.other } },
  { path: `/v1/${PRIVATE.path}`, headers: bearer(PRIVATE.jwt) },
  {
    path: `/v1/${PRIVATE.path}`,
    headers: { authorization: `Basic ${Buffer.from(`u:${PRIVATE.password}`).toString('base64')}` },
  },
  { path: `/own/${PRIVATE.path}`, headers: { 'x-note': PRIVATE.key } },
  { path: `/lost/${PRIVATE.path}` },
  { path: `/query/${PRIVATE.path}?key=${PRIVATE.other}` },
  { path: `/v1/${PRIVATE.path}`, headers: bearer(PRIVATE.refresh) },
  { path: `/v1/${PRIVATE.path}`, headers: { ...bearer(PRIVATE.key), 'x-api-key': PRIVATE.other } },
  { path: `/strict/${PRIVATE.path}`, method: 'POST', headers: bearer(PRIVATE.key) },
  { path: `/${PRIVATE.path}` },
]

const RECORDED = [
  'no route: 404 no_route',
  'route own, rule own: to dead with secret own',
  'route query, no rule: to up with kind openai',
  'route strict, no rule: 403 credential_not_accepted',
  'route v1, no rule: 400 credential_conflict',
  'route v1, no rule: 403 credential_refused',
  'route v1, rule key: to up with kind anthropic-api-key',
  'route v1, rule key: to up with kind jwt',
  'route v1, rule key: to up with kind openai',
  'route v1, rule key: to up with kind unknown',
]

interface Running {
  readonly port: number
  readonly admin: string
}

async function serve(server: string, args: readonly string[] = []): Promise<Running> {
  const file = join(folder, 'routes.yaml')
  await writeFile(file, config(server))
  const env = { OWN: PRIVATE.secret, TENANT: PRIVATE.variable }
  keyway = startKeyway(file, { args, env })
  const line = await keyway.until('listening')
  return { port: Number(String(line.listen).split(':').at(-1)), admin: String(line.admin) }
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** `keyway COMMAND` as a process of its own. */
function start(args: readonly string[]): {
  readonly ended: Promise<Ended>
  readonly said: (words: string) => Promise<void>
  readonly interrupt: () => void
} {
  const child = spawn(process.execPath, [buildProgram(), ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, TENANT: PRIVATE.variable },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  const heard = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const stdout = text(child.stdout)
  return {
    ended: heard.then(async () => ({ code: child.exitCode, stdout: await stdout, stderr })),
    async said(words) {
      while (!stderr.includes(words) && child.exitCode === null)
        await Promise.race([once(child.stderr, 'data'), heard])
    },
    interrupt: () => void child.kill('SIGINT'),
  }
}

function ask({ port }: Running, { path, method = 'GET', headers = {} }: Asked): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request(
      { port, path, method, headers, agent: false },
      (response: IncomingMessage) => resolve(text(response)),
    )
    asked.once('error', reject)
    asked.end()
  })
}

async function askByHttp2({ port }: Running, asked: readonly Asked[]): Promise<void> {
  const session = http2.connect(`https://localhost:${port}`, { ca })
  for (const { path, method = 'GET', headers = {} } of asked) {
    const stream = session.request({ ':path': path, ':method': method, ...headers })
    await text(stream)
  }
  session.destroy()
}

const namesIn = (yaml: string): readonly string[] =>
  [...yaml.matchAll(/- name: "(.+)"/g)].map(([, name = '']) => name).toSorted()

const plain = 'listen: 127.0.0.1:0, admin: { listen: 127.0.0.1:0, token: { file: admin } }'

async function asAdmin({ admin }: Running, path: string): Promise<string> {
  const headers = { authorization: `Bearer ${TOKEN}` }
  return (await fetch(`http://${admin}${path}`, { headers })).text()
}

test.each([
  { name: 'one process', args: [] },
  { name: 'two processes', args: ['--workers', '2'] },
])(
  'what $name decides becomes tests that pass, and nothing of a client is in them',
  async ({ args }) => {
    const running = await serve(plain, args)
    const limit = String(RECORDED.length)
    const recording = start(['record', '--admin', running.admin, '--limit', limit, 'routes.yaml'])
    await recording.said('following')
    for (const one of REQUESTS) await ask(running, one)
    const { code, stdout, stderr } = await recording.ended
    expect(code).toBe(0)
    expect(namesIn(stdout)).toEqual(RECORDED)
    expect(stderr).toMatch(new RegExp(`^${limit} tests recorded$`, 'm'))
    const where = [
      { where: 'stdout', text: stdout },
      { where: 'stderr', text: stderr },
    ]
    expect(findCredentials(PRIVATE, where)).toEqual([])
    await writeFile(join(folder, 'routes.recorded.test.yaml'), stdout)
    const tested = await start(['test', 'routes.yaml']).ended
    expect(tested).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('11 passed'),
    })
  },
)

test('a request that came by HTTP/2, before anybody recorded', async () => {
  const tls = `{ address: '127.0.0.1:0', tls: { cert: ${tlsFile('server.pem')}, key: ${tlsFile('server.key')} } }`
  const running = await serve(plain.replace('listen: 127.0.0.1:0', `listen: ${tls}`))
  await askByHttp2(running, REQUESTS)
  const limit = String(RECORDED.length)
  const { code, stdout } = await start([
    'record',
    '--admin',
    running.admin,
    '--limit',
    limit,
    'routes.yaml',
  ]).ended
  expect({ code, names: namesIn(stdout) }).toEqual({ code: 0, names: RECORDED })
  expect(findCredentials(PRIVATE, [{ where: 'stdout', text: stdout }])).toEqual([])
})

test('what no test can show is named once, and Ctrl-C ends it in order', async () => {
  const running = await serve(plain)
  const recording = start(['record', '--admin', running.admin, 'routes.yaml'])
  await recording.said('following')
  for (const path of ['/lost/a', '/lost/b', '/v1/../x', '/v1/a']) await ask(running, { path })
  await recording.said('unsafe_path')
  recording.interrupt()
  const { code, stdout, stderr } = await recording.ended
  expect(code).toBe(0)
  expect(stderr.split('\n').filter((line) => line.startsWith('no test'))).toEqual([
    'no test: route lost, 503 secret_unavailable: no request that is decided so could be written down',
    'no test: no route, 400 unsafe_path: no request that is decided so could be written down',
  ])
  expect(stdout).toContain('tests:')
})

test('tests are added to a file, through a reload and through a recording that follows', async () => {
  const running = await serve(plain)
  const output = 'routes.recorded.test.yaml'
  const record = ['record', '--admin', running.admin, '-o', output]
  const first = start([...record, '--limit', '2', 'routes.yaml'])
  await first.said('following')
  await ask(running, { path: '/v1/a', headers: bearer(PRIVATE.key) })
  const file = join(folder, 'routes.yaml')
  const text = await readFile(file, 'utf8')
  await writeFile(
    file,
    text.replace(
      'name: query, match: { path: /query/* }',
      'name: asked, match: { path: /asked/* }',
    ),
  )
  await keyway?.until('configuration applied')
  await ask(running, { path: '/asked/a' })
  const { code, stdout } = await first.ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  const kept = await readFile(join(folder, output), 'utf8')
  expect(namesIn(kept)).toEqual([
    'route asked, no rule: to up without a credential',
    'route v1, rule key: to up with kind anthropic-api-key',
  ])
  await writeFile(join(folder, output), kept.replace('tests:', '# a note of mine\ntests:'))
  const second = start([...record, '--limit', '1', 'routes.yaml'])
  await second.said('following')
  await ask(running, { path: '/v1/a', headers: bearer(PRIVATE.key) })
  await ask(running, { path: '/elsewhere' })
  expect((await second.ended).code).toBe(0)
  const more = await readFile(join(folder, output), 'utf8')
  expect(more).toContain('# a note of mine\n')
  expect(namesIn(more)).toHaveLength(3)
})

test('a proxy that stops ends the recording, and what was recorded stays', async () => {
  const running = await serve(plain)
  const recording = start(['record', '--admin', running.admin, 'routes.yaml'])
  await recording.said('following')
  await ask(running, { path: '/elsewhere' })
  expect(await asAdmin(running, '/status')).toContain('"requests": 1')
  keyway?.signal('SIGTERM')
  const { code, stdout, stderr } = await recording.ended
  expect(code).toBe(1)
  expect(namesIn(stdout)).toEqual(['no route: 404 no_route'])
  expect(stderr).toContain(
    `keyway: ${running.admin} has closed the connection: it was stopped, or started anew\n`,
  )
})
