import { expect, test } from 'vitest'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'
import { compileSnapshot } from '../../../src/loading/compile-snapshot.ts'
import { connectRaw, exchangeRaw, requestBytes } from '../../support/raw-client.ts'
import { always, type Script, startUpstream } from '../../support/recording-upstream.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { type LoggedLine, startProxy, type TestProxy } from '../../support/start-proxy.ts'
import { stopClock } from '../../support/stopped-clock.ts'

const KEY = 'sk-ant-api03-FAKE'
const FINE = always('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
const BUSY = always('HTTP/1.1 429 Slow Down\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n')
const BROKEN: Script = async (connection) => {
  await connection.head()
  connection.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
}
const SILENT: Script = () => {}
const BEGUN: Script = async (connection) => {
  await connection.head()
  connection.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf')
}

const config = (url: string, server = ''): string => `version: 1
server: { listen: 127.0.0.1:0, admin: 'off', limits: { body: 10B }${server} }
secrets: { gone: { env: GONE }, pool: { pool: [{ env: A }] } }
upstreams:
  up: { url: '${url}', retry: { attempts: 0 } }
  brief: { url: '${url}', retry: { attempts: 0 }, limits: { total: 50ms } }
  long: { url: '${url}', retry: { attempts: 0 }, limits: { total: 1m } }
  dead: { url: 'http://127.0.0.1:1', retry: { attempts: 0 } }
  openai: { url: '${url}', accepts: [openai] }
  secure: { url: '${url.replace('http:', 'https:')}', retry: { attempts: 0 } }
routes:
  - { name: up, match: { path: /up }, upstream: up }
  - { name: brief, match: { path: /brief }, upstream: brief }
  - { name: long, match: { path: /long }, upstream: long }
  - { name: dead, match: { path: /dead }, upstream: dead }
  - { name: secure, match: { path: /secure }, upstream: secure }
  - { name: openai, match: { path: /openai }, upstream: openai }
  - { name: refused, match: { path: /refused }, reject: { status: 403, message: 'no' } }
  - { name: fine, match: { path: /fine }, reject: { status: 204 } }
  - { name: back, match: { path: /back }, upstream: dead, fallback: [{ upstream: openai, on: [connect] }] }
  - { name: gone, match: { path: /gone }, upstream: up, rules: [{ name: g, use: { header: x-api-key, value: '\${secret.gone}' } }] }
  - { name: pool, match: { path: /pool }, upstream: up, rules: [{ name: p, use: { header: x-api-key, value: '\${secret.pool}' } }] }
`

async function start(script: Script, server = ''): Promise<TestProxy> {
  const upstream = await startUpstream(script)
  closeAfter(upstream.close)
  const text = config(upstream.url, server)
  const { snapshot, diagnostics } = compileSnapshot(
    { file: 'routes.yaml', text },
    { catalogue: loadCatalogue(), env: { A: 'key-FAKE-A' }, generation: 1 },
  )
  if (snapshot === null) throw new Error(JSON.stringify(diagnostics))
  const proxy = await startProxy(text, { host: '127.0.0.1', port: 0 }, snapshot)
  closeAfter(proxy.close)
  return proxy
}

const get = (path: string, fields: readonly string[] = []): string =>
  requestBytes(`GET ${path}`, ['X-Request-Id: id-1', ...fields])

interface Cause {
  readonly name: string
  readonly script?: Script
  readonly bytes: string
  /** What the client has before a minute passes at once. */
  readonly until?: string
  readonly line: Omit<LoggedLine, 'fields'> & { readonly fields: object }
}

const refused = (level: string, fields: object): Cause['line'] => ({
  level,
  message: 'request refused',
  fields: { id: 'id-1', reason: expect.stringMatching(/\.$/), ...fields },
})

const failed = (fields: object): Cause['line'] => ({
  level: 'warn',
  message: 'upstream failed',
  fields: { id: 'id-1', ...fields },
})

test.each<Cause>([
  {
    name: 'no route',
    bytes: get('/none'),
    line: refused('info', { route: null, rule: null, status: 404, code: 'no_route' }),
  },
  {
    name: 'a path that is not safe',
    bytes: get('/up/%2e%2e/x'),
    line: refused('info', { route: null, status: 400, code: 'unsafe_path' }),
  },
  {
    name: 'a method that is refused',
    bytes: requestBytes('TRACE /up', ['X-Request-Id: id-1']),
    line: refused('info', { status: 405, code: 'trace_refused' }),
  },
  {
    name: 'the file refuses it',
    bytes: get('/refused'),
    line: refused('info', { route: 'refused', status: 403, code: 'rejected' }),
  },
  {
    name: 'a kind that the upstream does not take',
    bytes: get('/openai', [`x-api-key: ${KEY}`]),
    line: refused('info', { route: 'openai', status: 403, code: 'credential_not_accepted' }),
  },
  {
    name: 'two credentials',
    bytes: get('/up', [`x-api-key: ${KEY}`, `authorization: Bearer ${KEY}2`]),
    line: refused('info', { route: 'up', status: 400, code: 'credential_conflict' }),
  },
  {
    name: 'a secret that can not be read',
    bytes: get('/gone'),
    line: refused('warn', { route: 'gone', rule: 'g', status: 503, code: 'secret_unavailable' }),
  },
  {
    name: 'a body that is too large',
    bytes: requestBytes('POST /up', ['X-Request-Id: id-1', 'Content-Length: 11'], '12345678901'),
    line: refused('info', { route: 'up', status: 413, code: 'body_too_large' }),
  },
  {
    name: 'a body that is malformed',
    script: SILENT,
    bytes: requestBytes('POST /up', ['X-Request-Id: id-1', 'Transfer-Encoding: chunked'], 'zz\r\n'),
    line: refused('info', { route: 'up', status: 400, code: 'bad_body' }),
  },
  {
    name: 'no answer in the time that it has',
    script: SILENT,
    bytes: get('/brief'),
    line: refused('warn', { route: 'brief', status: 504, code: 'request_timeout' }),
  },
  {
    name: 'half an answer in the time that it has',
    script: BEGUN,
    bytes: get('/long'),
    until: 'half',
    line: {
      level: 'warn',
      message: 'answer broken off',
      fields: { id: 'id-1', route: 'long', upstream: 'long', code: 'request_timeout' },
    },
  },
  {
    name: 'an upstream that is not there',
    bytes: get('/dead'),
    line: failed({ route: 'dead', upstream: 'dead', code: 'ECONNREFUSED' }),
  },
  {
    name: 'an upstream that does not speak TLS',
    script: always('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
    bytes: get('/secure'),
    line: failed({
      route: 'secure',
      upstream: 'secure',
      code: expect.stringMatching(/^(?:ERR_SSL_|EPROTO|ECONNRESET|UPSTREAM_)/),
    }),
  },
  {
    name: 'an upstream that breaks its answer off',
    script: BROKEN,
    bytes: get('/up'),
    line: failed({ route: 'up', upstream: 'up', code: expect.stringMatching(/^[A-Z_]+$/) }),
  },
  {
    name: 'a key that rests',
    script: BUSY,
    bytes: get('/pool'),
    line: {
      level: 'warn',
      message: 'key rests',
      fields: { id: 'id-1', route: 'pool', upstream: 'up', secret: 'pool[0]', restsMs: 7_000 },
    },
  },
])('one line says why: $name', async ({ script = FINE, bytes, until, line }) => {
  const clock = until === undefined ? null : stopClock()
  const { address, logged } = await start(script)
  const client = await connectRaw(address)
  client.write(bytes)
  if (until !== undefined) await client.until(until)
  await clock?.pass(60_000)
  await client.closed()
  const [only, ...more] = logged
  expect(only).toMatchObject(line)
  expect(more).toEqual([])
  expect(JSON.stringify(logged)).not.toContain('FAKE')
})

test('a fallback that is passed over, and why', async () => {
  const { address, logged } = await start(FINE)
  await exchangeRaw(address, get('/back', [`x-api-key: ${KEY}`]))
  const names = { id: 'id-1', route: 'back', upstream: 'dead' }
  expect(logged).toMatchObject([
    {
      level: 'warn',
      message: 'fallback passed over',
      fields: { ...names, fallback: 'openai', code: 'credential_not_accepted' },
    },
    { message: 'upstream failed', fields: { ...names, code: 'ECONNREFUSED' } },
  ])
})

test('a client that leaves', async () => {
  const { address, logged } = await start(SILENT)
  const client = await connectRaw(address)
  client.write(get('/up'))
  await expect.poll(() => client.socket.bytesWritten).toBeGreaterThan(0)
  client.socket.destroy()
  await expect.poll(() => logged.length).toBe(1)
  expect(logged).toMatchObject([
    {
      level: 'info',
      message: 'request left by its client',
      fields: { id: 'id-1', route: 'up', upstream: 'up', code: 'client_left' },
    },
  ])
})

test('no line where the answer is no error, or an access line has its code', async () => {
  const quiet = await start(FINE)
  await exchangeRaw(quiet.address, get('/fine'))
  expect(quiet.logged).toEqual([])
  const told = await start(FINE, ', accessLog: true')
  await exchangeRaw(told.address, get('/none'))
  expect(told.logged).toEqual([])
})

test('a flood of refused requests has a hundred lines a second', async () => {
  const clock = stopClock()
  const { address, logged } = await start(FINE)
  const client = await connectRaw(address)
  const head = 'GET /none HTTP/1.1\r\nHost: a\r\n\r\n'
  client.write(head.repeat(149) + get('/none'))
  await client.closed()
  const lines = logged.filter(({ message }) => message === 'request refused')
  const told = (): unknown =>
    logged.findLast(({ message }) => message.includes('left out'))?.fields.lines
  expect([lines.length, told()]).toEqual([100, undefined])
  await clock.pass(1_000)
  expect(told()).toBe(50)
})
