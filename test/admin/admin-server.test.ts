import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { GuardOptions } from '../../src/admin/admin-guard.ts'
import { textAnswer } from '../../src/admin/admin-page.ts'
import { type AdminServer, createAdminServer } from '../../src/admin/admin-server.ts'
import { createHealthPages, type Readiness } from '../../src/admin/health.ts'
import { createLogger } from '../../src/observability/logger.ts'

const lines: string[] = []
const log = createLogger({ destination: { write: (line) => void lines.push(line) } })
let readiness: Readiness = 'starting'
let server: AdminServer | null = null

afterEach(async () => {
  await server?.close()
  server = null
})

async function start(readToken: GuardOptions['readToken'] = null): Promise<string> {
  const pages = {
    ...createHealthPages(() => readiness),
    '/broken': () => {
      throw new Error('sk-ant-api03-FAKE')
    },
    '/later': () => Promise.resolve(textAnswer(200, 'later')),
  }
  server = createAdminServer({
    address: { host: '127.0.0.1', port: 0 },
    pages,
    actions: { '/act': (body) => textAnswer(200, `took ${body.length}`) },
    streams: { '/events': (response) => void response.end('an event') },
    readToken,
    log,
  })
  const address = await server.listen()
  if (!('port' in address)) throw new Error('expected a port')
  return `http://127.0.0.1:${address.port}`
}

const table: readonly {
  name: string
  method?: string
  path: string
  readiness?: Readiness
  status: number
  body: string
  allow?: string
}[] = [
  { name: 'alive', path: '/healthz', status: 200, body: 'ok\n' },
  {
    name: 'alive while draining',
    path: '/healthz',
    readiness: 'draining',
    status: 200,
    body: 'ok\n',
  },
  { name: 'not ready at first', path: '/readyz', status: 503, body: 'starting\n' },
  { name: 'ready', path: '/readyz', readiness: 'ready', status: 200, body: 'ready\n' },
  {
    name: 'not ready while draining',
    path: '/readyz',
    readiness: 'draining',
    status: 503,
    body: 'draining\n',
  },
  { name: 'a query is not looked at', path: '/healthz?verbose', status: 200, body: 'ok\n' },
  { name: 'HEAD', method: 'HEAD', path: '/healthz', status: 200, body: '' },
  { name: 'a page that takes its time', path: '/later', status: 200, body: 'later\n' },
  {
    name: 'unknown page',
    path: '/toString',
    status: 404,
    body: 'no such page; there is /livez, /healthz, /readyz, /broken, /later, /events, POST /act\n',
  },
  {
    name: 'other methods',
    method: 'POST',
    path: '/healthz',
    status: 405,
    body: 'GET and HEAD only\n',
    allow: 'GET, HEAD',
  },
  { name: 'a stream', path: '/events', status: 200, body: 'an event' },
  {
    name: 'a stream by POST',
    method: 'POST',
    path: '/events',
    status: 405,
    body: 'GET and HEAD only\n',
    allow: 'GET, HEAD',
  },
  { name: 'an action by GET', path: '/act', status: 405, body: 'POST only\n', allow: 'POST' },
  { name: 'a defect', path: '/broken', status: 500, body: 'this page failed; the log says why\n' },
]

test.each(table)('$name: $path → $status', async (row) => {
  readiness = row.readiness ?? 'starting'
  const base = await start()
  const response = await fetch(base + row.path, { method: row.method ?? 'GET' })
  expect(response.status).toBe(row.status)
  expect(await response.text()).toBe(row.body)
  expect(response.headers.get('allow')).toBe(row.allow ?? null)
})

test.each([
  { name: 'of 256 KiB is taken', bytes: 256 * 1024, status: 200, text: 'took 262144\n' },
  {
    name: 'of a byte more is not',
    bytes: 256 * 1024 + 1,
    status: 413,
    text: 'the body is too large\n',
  },
])('a body $name', async ({ bytes, status, text }) => {
  const response = await fetch(`${await start()}/act`, { method: 'POST', body: 'x'.repeat(bytes) })
  expect([response.status, await response.text()]).toEqual([status, text])
})

const FIELDS = {
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'referrer-policy': 'no-referrer',
}

test.each([
  { name: 'a page', path: '/livez', method: 'GET', more: { 'content-length': '3' } },
  {
    name: 'a refused method',
    path: '/later',
    method: 'DELETE',
    more: { 'content-length': '18', allow: 'GET, HEAD' },
  },
  {
    name: 'a page that asks for a token',
    path: '/later',
    method: 'GET',
    more: {
      'content-length': '54',
      'www-authenticate': 'Basic realm="keyway", charset="UTF-8"',
    },
    token: 'admin-FAKE',
  },
])('what a browser is told with $name', async ({ path, method, more, token }) => {
  const base = await start(token === undefined ? null : () => ({ value: token }))
  const headers = new Headers((await fetch(base + path, { method })).headers)
  for (const name of ['date', 'connection', 'keep-alive']) headers.delete(name)
  expect(Object.fromEntries(headers)).toEqual({ ...FIELDS, ...more })
})

test('a defect is logged without its message', async () => {
  lines.length = 0
  await fetch(`${await start()}/broken`)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('"msg":"admin page failed"')
  expect(lines[0]).not.toContain('FAKE')
})

test('closing breaks off open connections', async () => {
  const { port } = new URL(await start())
  const socket = connect(Number(port), '127.0.0.1')
  await new Promise((resolve) => socket.once('connect', resolve))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => {})
  socket.write('GET /healthz HTTP/1.1\r\n')
  await server?.close()
  await expect(closed).resolves.toBeTypeOf('boolean')
})

test('an address in use is told by its code', async () => {
  const { port } = new URL(await start())
  const second = createAdminServer({
    address: { host: '127.0.0.1', port: Number(port) },
    pages: {},
    log,
  })
  await expect(second.listen()).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
