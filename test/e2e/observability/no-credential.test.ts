import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Collected, findCredentials, formsOf } from '../../support/credential-search.ts'
import { type KeywayProcess, startKeyway } from '../../support/keyway-process.ts'
import { exchangeRaw } from '../../support/raw-client.ts'

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 })

/** What the operator keeps. */
const OPERATOR = {
  env: 'sk-proj-FAKEoperatorEnv0123456789abcdefghij',
  file: 'FAKE+operator/file==0123456789',
  first: 'sk-proj-FAKEpoolFirst0123456789abcdefghij',
  second: 'sk-proj-FAKEpoolSecond0123456789abcdefghi',
  admin: 'FAKE-admin-token-0123456789',
  broken: 'sk-ant-ort01-FAKEoperatorRefresh0123456789abcdef',
  written: 'sk-ant-api03-FAKEwrittenIntoTheFile0123456789abc',
}

const segment = (data: object): string => Buffer.from(JSON.stringify(data)).toString('base64url')

/** What clients send. */
const CLIENT = {
  anthropic: 'sk-ant-api03-FAKEclient0123456789abcdefghijklmnop',
  oauth: 'sk-ant-oat01-FAKEclient0123456789abcdefghijklmnop',
  refresh: 'sk-ant-ort01-FAKEclient0123456789abcdefghijklmnop',
  openai: 'sk-proj-FAKEclient0123456789abcdefghijklmnopqr',
  google: 'AIzaFAKEclient0123456789abcdefghijklmno',
  github: 'ghp_FAKEclient0123456789abcdefghijklmnop',
  opaque: 'FAKEopaque/of+a=client 0123456789'.replace(' ', '~'),
  jwt: `${segment({ alg: 'none' })}.${segment({ sub: 'FAKE-subject', exp: 1 })}.FAKEsignature0123456789`,
  token: 'FAKE-token-of-the-client-ci-0123456789',
  password: 'FAKE-password-of-basic-0123456789',
  signature: 'FAKE5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7',
  cookie: 'FAKE-session-cookie-0123456789-abcdefghij',
  proxy: 'FAKE-proxy-authorization-0123456789',
}

const CREDENTIALS = { ...OPERATOR, ...CLIENT }

let folder = ''
let file = ''
let upstream: Server
let keyway: KeywayProcess | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-no-credential-'))
  file = join(folder, 'routes.yaml')
  // It says back what it was sent in places where upstreams do, and refuses where it is told to.
  upstream = createServer((request, response) => {
    request.resume()
    const status = Number(/\/status\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200)
    if (request.url?.includes('/break')) request.socket.destroy()
    const { authorization = '' } = request.headers
    request.on('end', () => response.writeHead(status, { 'x-said': authorization }).end('ok'))
  })
  await new Promise<void>((done) => upstream.listen(0, '127.0.0.1', done))
  const hash = createHash('sha256').update(CLIENT.token).digest('hex')
  const files = { 'a-file': OPERATOR.file, admin: OPERATOR.admin, broken: OPERATOR.broken }
  await Promise.all([
    writeFile(join(folder, 'ci.sha256'), hash),
    ...Object.entries(files).map(([name, value]) => writeFile(join(folder, name), value)),
  ])
})

afterEach(async () => {
  keyway?.signal('SIGKILL')
  await keyway?.exited
  keyway = null
  upstream.closeAllConnections()
  upstream.close()
  await rm(folder, { recursive: true })
})

const config = (more = ''): string => {
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
  return `version: 1
audit: { file: audit.jsonl }
server:
  listen: 127.0.0.1:0
  admin: { listen: 127.0.0.1:0, token: { file: admin } }
  accessLog: true
  log: { level: debug }
secrets:
  env: { env: OWN }
  file: { file: a-file }
  pool: { pool: [{ env: FIRST }, { env: SECOND }] }
  broken: { file: broken }
clients: { header: x-keyway-token, tokens: { ci: { file: ci.sha256 } }, required: false, metrics: true }
upstreams:
  up: { url: "${url}", retry: { attempts: 1, on: [connect, reset, '5xx'] } }
  dead: "http://127.0.0.1:1"
  only: { url: "${url}", accepts: [anthropic-api-key] }
  echo: builtin:echo
routes:
  - { name: up, match: { path: /up/* }, upstream: up, rules: [{ use: x-api-key }] }
  - { name: only, match: { path: /only/* }, upstream: only }
  - { name: dead, match: { path: /dead/* }, upstream: dead }
  - { name: echo, match: { path: /echo/* }, upstream: echo, rules: [{ name: r, use: authorization bearer }] }
  - name: env
    match: { path: /env/* }
    upstream: up
    rules: [{ use: { header: authorization, scheme: Bearer, value: "\${secret.env}" } }]
  - name: file
    match: { path: /file/* }
    upstream: up
    rules: [{ use: { header: authorization, value: "\${secret.file}" } }]
  - name: pool
    match: { path: /pool/* }
    upstream: up
    rules: [{ use: { header: authorization, scheme: Bearer, value: "\${secret.pool}" } }]
  - name: broken
    match: { path: /broken/* }
    upstream: up
    rules: [{ use: { header: authorization, value: "\${secret.broken}" } }]
${more}
limits:
  - { name: per-credential, match: { route: up }, by: credential, requests: 40/h, atOnce: 30 }
  - { name: per-client, by: client, requests: 100000/h }
`
}

interface Running {
  readonly process: KeywayProcess
  readonly address: { readonly host: string; readonly port: number }
  readonly admin: string
}

async function serve(args: readonly string[], nodeArgs: readonly string[] = []): Promise<Running> {
  await writeFile(file, config())
  const shadow = join(folder, 'shadow.yaml')
  await writeFile(shadow, config().replace('rules: [{ use: x-api-key }]', 'rules: [{ use: none }]'))
  const env = { OWN: OPERATOR.env, FIRST: OPERATOR.first, SECOND: OPERATOR.second }
  const process = startKeyway(file, { args: [...args, '--shadow', shadow], env, nodeArgs })
  keyway = process
  const { listen, admin } = await process.until('listening')
  const port = Number(String(listen).split(':').at(-1))
  return { process, address: { host: '127.0.0.1', port }, admin: `http://${admin}` }
}

type Sent = readonly [line: string, fields: readonly string[], body?: string]

/** Every credential in every place that clients put one, well or not. */
function requests(): readonly Sent[] {
  const { token, password, signature, cookie, proxy, opaque, ...kinds } = CLIENT
  const basic = Buffer.from(`user:${password}`).toString('base64')
  const values = [...Object.values(kinds), opaque]
  const paths = ['/up/a', '/only/a', '/dead/a', '/echo/a', '/env/a', '/none/a', '/up/break']
  const headers = (value: string): readonly string[] => [
    `Authorization: Bearer ${value}`,
    `authorization: token ${value}`,
    `X-Api-Key: ${value}`,
    `api-key: ${value}`,
    `x-goog-api-key: ${value}`,
  ]
  const everywhere = values.flatMap((value): Sent[] => [
    ...paths.flatMap((path) => headers(value).map((field): Sent => [`GET ${path}`, [field]])),
    [`GET /up/a?key=${encodeURIComponent(value)}`, []],
    [`GET /up/status/401?api_key=${value}`, [`X-Api-Key: ${value}`]],
    [`GET /up/${encodeURIComponent(value)}/x`, [`X-Api-Key: ${value}`]],
    [`GET http://${encodeURIComponent(value)}@127.0.0.1/up/x`, []],
    ['GET /up/a', [`X-Api-Key: ${value}`, 'Authorization: Bearer another-FAKE-value']],
    ['GET /up/a', [`X-Request-Id: ${value}`, `X-Api-Key: ${value}`]],
    ['GET /up/a', [`X-Api-Key: ${value}`, `User-Agent: ${value}`, `X-Other: ${value}`]],
    ['GET /up/status/500', [`X-Api-Key: "${value}"`]],
    ['POST /up/a', [`X-Api-Key: ${value}`, `Content-Length: ${value.length}`], value],
    ['POST /up/a', [`X-Api-Key: ${value}`, 'Transfer-Encoding: chunked'], `zz${value}\r\n`],
    ['GET /up/a', [`X-Api-Key: ${value}\0`]],
    ['GET /up/ws', [...handshake(`realtime, openai-insecure-api-key.${value}`)]],
  ])
  return [
    ...everywhere,
    ['GET /up/a', [`x-keyway-token: ${token}`, `X-Api-Key: ${kinds.anthropic}`]],
    [`GET /up/${token}`, [`x-keyway-token: ${token}`]],
    ['GET /up/a', [`Authorization: Basic ${basic}`]],
    ['GET /up/a', [`Authorization: AWS4-HMAC-SHA256 Credential=a/b, Signature=${signature}`]],
    ['GET /up/a', [`Cookie: session=${cookie}; other=1`]],
    ['GET /up/a', [`Proxy-Authorization: Bearer ${proxy}`]],
    ['TRACE /up/a', [`X-Api-Key: ${kinds.anthropic}`]],
    ...['env', 'file', 'pool', 'broken'].map((name): Sent => [`GET /${name}/a`, []]),
    ['GET /pool/status/429', []],
    ['GET /pool/status/429', []],
    ['GET /pool/a', []],
    ['GET /file/status/403', []],
  ]
}

const handshake = (subprotocol: string): readonly string[] => [
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  `Sec-WebSocket-Protocol: ${subprotocol}`,
]

function bytesOf([line, fields, body = '']: Sent): string {
  const isUpgrade = fields.some((field) => field.startsWith('Upgrade'))
  const own = ['Host: 127.0.0.1', isUpgrade ? 'Connection: Upgrade' : 'Connection: close']
  return `${line} HTTP/1.1\r\n${[...own, ...fields].join('\r\n')}\r\n\r\n${body}`
}

const authorization = `Bearer ${OPERATOR.admin}`

async function askAdmin({ admin }: Running, path: string, body?: string): Promise<Collected> {
  const method = body === undefined ? 'GET' : 'POST'
  const headers = { authorization, accept: body ?? 'application/openmetrics-text' }
  const options = body === undefined ? {} : { body }
  const response = await fetch(admin + path, {
    method,
    headers: { ...headers, accept: '*/*' },
    ...options,
  })
  return { where: `${method} ${path}`, text: await response.text() }
}

/** Follows the events until it is told to stop. */
async function followEvents({ admin }: Running): Promise<() => Promise<Collected>> {
  const aborter = new AbortController()
  const { signal } = aborter
  const response = await fetch(`${admin}/events`, { headers: { authorization }, signal })
  let text = ''
  const read = (async () => {
    const decoder = new TextDecoder()
    for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>)
      text += decoder.decode(bytes)
  })().catch(() => undefined)
  return async () => {
    aborter.abort()
    await read
    return { where: 'events', text }
  }
}

/** Has each credential explained, in each header. */
async function explainAll(running: Running): Promise<readonly Collected[]> {
  const asked = Object.values(CREDENTIALS).flatMap((value) =>
    ['/up/a', '/echo/a', '/env/a', '/pool/a', '/none'].map((path) => ({
      method: 'POST',
      path: `${path}?key=${encodeURIComponent(value)}`,
      headers: { authorization: `Bearer ${value}`, 'x-other': value, cookie: `a=${value}` },
    })),
  )
  const answers: Collected[] = []
  for (const one of asked) answers.push(await askAdmin(running, '/explain', JSON.stringify(one)))
  return answers
}

/** A file that is refused, and one that is applied; both hold a credential where none should stand. */
async function reloadBoth(running: Running): Promise<readonly Collected[]> {
  const literal = `  - { name: literal, match: { path: /literal }, upstream: up, request: { set: { x-key: ${OPERATOR.written} } } }`
  await writeFile(
    file,
    config(`${literal}\n  - { name: x, match: { path: /x }, upstream: ${OPERATOR.written} }`),
  )
  const refused = await askAdmin(running, '/reload', '')
  const shown = await askAdmin(running, '/config')
  await writeFile(file, config(literal))
  return [
    refused,
    shown,
    await askAdmin(running, '/reload', ''),
    await askAdmin(running, '/config'),
  ]
}

const PAGES = [
  '/',
  '/config',
  '/status',
  '/routes',
  '/upstreams',
  '/secrets',
  '/metrics',
  '/nothing',
]

async function sendAll(running: Running): Promise<readonly Collected[]> {
  const answers: Collected[] = []
  for (const sent of requests())
    answers.push({ where: sent[0], text: await exchangeRaw(running.address, bytesOf(sent)) })
  return answers
}

/** Answers that are the upstream's own to its client may hold what that client sent; the operator's never. */
function findInAnswers(answers: readonly Collected[]): readonly string[] {
  const { written: _, ...operator } = OPERATOR
  const own = answers.filter(({ text }) => /^x-keyway-error: /im.test(text))
  return [...findCredentials(operator, answers), ...findCredentials(CREDENTIALS, own)]
}

test('the search finds each form', () => {
  const value = CLIENT.opaque
  for (const form of formsOf(value))
    expect(findCredentials({ value }, [{ where: 'a', text: `x${form}y` }])).toHaveLength(1)
  const basic = Buffer.from(`user:${value}`).toString('base64')
  expect(findCredentials({ value }, [{ where: 'a', text: basic }])).toHaveLength(1)
})

describe.each([{ workers: 1 }, { workers: 2 }])('with $workers processes', ({ workers }) => {
  test('no log, trail, metric, event or admin answer holds a credential, in whatever form', async () => {
    const running = await serve(['--workers', String(workers)])
    const endEvents = await followEvents(running)
    const answers = await sendAll(running)
    expect(answers.filter(({ text }) => text.startsWith('HTTP/1.1 200')).length).toBeGreaterThan(50)
    const admin = [...(await explainAll(running)), ...(await reloadBoth(running))]
    for (const page of PAGES) admin.push(await askAdmin(running, page))
    admin.push(await endEvents())
    running.process.signal('SIGTERM')
    await running.process.exited
    const audit = await readFile(join(folder, 'audit.jsonl'), 'utf8')
    expect(audit.split('\n').length).toBeGreaterThan(30)
    const log = running.process.lines.map((line) => JSON.stringify(line)).join('\n')
    expect(running.process.lines.filter(({ msg }) => msg === 'request').length).toBeGreaterThan(300)
    for (const expected of [
      'trying again',
      'upstream refused the credential',
      'shadow decides otherwise',
      'secret cannot be used',
    ])
      expect(log).toContain(expected)
    const written = [
      { where: 'log', text: log },
      { where: 'stderr', text: running.process.stderr() },
      { where: 'audit', text: audit },
    ]
    for (const [expected, least] of [
      ['"decision":', 60],
      ['"outcome": "refused"', 1],
    ] as const)
      expect(admin.filter(({ text }) => text.includes(expected)).length).toBeGreaterThanOrEqual(
        least,
      )
    expect(findCredentials(CREDENTIALS, [...written, ...admin])).toEqual([])
    expect(findInAnswers(answers)).toEqual([])
  })
})

test("nothing of a client's credential is left in what the process remembers", async () => {
  const args = ['--heapsnapshot-signal=SIGWINCH', `--diagnostic-dir=${folder}`]
  const running = await serve([], args)
  await sendAll(running)
  // Something else, so that what is only the latest of its kind is not taken for remembered.
  for (let turn = 0; turn < 20; turn += 1)
    await exchangeRaw(
      running.address,
      bytesOf(['GET /up/other', ['X-Api-Key: sk-other-TEST-value']]),
    )
  for (const page of PAGES) await askAdmin(running, page)
  running.process.signal('SIGWINCH')
  const isSnapshot = (name: string): boolean => name.endsWith('.heapsnapshot')
  await expect
    .poll(async () => (await readdir(folder)).some(isSnapshot), { timeout: 60_000 })
    .toBe(true)
  // The process writes it in one go, and answers nobody meanwhile.
  const isAwake = (): Promise<boolean> =>
    askAdmin(running, '/livez').then(
      ({ text }) => text === 'ok\n',
      () => false,
    )
  await expect.poll(isAwake, { timeout: 60_000 }).toBe(true)
  const name = (await readdir(folder)).find(isSnapshot) ?? ''
  const text = await readFile(join(folder, name), 'utf8')
  const heap = [{ where: 'heap', text }]
  // What it needs is there, and would be found.
  expect(findCredentials({ own: OPERATOR.env }, heap)).toHaveLength(1)
  expect(findCredentials(CLIENT, heap)).toEqual([])
})
