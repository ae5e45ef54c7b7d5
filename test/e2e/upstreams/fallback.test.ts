import { expect, test } from 'vitest'
import { connectRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { ok, type RecordingUpstream, type Script } from '../../support/recording-upstream.ts'
import {
  countRequests,
  logged,
  receivedBy,
  refusingUrl,
  send,
  startTarget,
  startWithSecrets,
} from '../../support/start-balanced.ts'
import { closeAfter } from '../../support/start-pair.ts'
import type { TestProxy } from '../../support/start-proxy.ts'
import { stopClock } from '../../support/stopped-clock.ts'

const KEY = 'x-api-key: sk-ant-api03-FAKE'
const OAUTH = 'authorization: Bearer sk-ant-oat01-FAKE'
const BODY = '{"model":"some"}'
const ENV = { OTHER: 'sk-or-v1-FAKE' }

/** A route whose second upstream takes a key of its own. */
function config(first: string, second: string, more: { first?: string; on?: string } = {}): string {
  return `
version: 1
secrets:
  other: { env: OTHER }
upstreams:
  claude: { url: '${first}', provider: anthropic, ${more.first ?? 'retry: { attempts: 0 }'} }
  other: { url: '${second}/api', provider: openrouter }
routes:
  - name: claude
    match: { path: /claude/* }
    rewrite: { strip: /claude }
    upstream: claude
    request: { set: { x-team: blue } }
    response: { set: { x-route: claude } }
    fallback:
      - upstream: other
        ${more.on ?? ''}
        rules:
          - use: { header: authorization, scheme: Bearer, value: '\${secret.other}' }
`
}

const post = (fields: readonly string[]): readonly [string, readonly string[], string] => [
  'POST /claude/v1/messages?beta=true',
  [...fields, `Content-Length: ${BODY.length}`],
  BODY,
]

test('the credential of the first upstream never goes to the second, whose own does', async () => {
  const other = await startTarget('other', async (connection) => {
    await connection.until(BODY)
    connection.write(ok('other'))
  })
  const proxy = await startWithSecrets(config(await refusingUrl(), other.url), ENV)
  const answer = await send(proxy, ...post([KEY]))
  expect([answer.status, answer.body]).toEqual([200, 'other'])
  expect(answer.fields).toContain('x-route: claude')
  const received = receivedBy(other)
  expect(received).toMatch(/^POST \/api\/v1\/messages\?beta=true HTTP/)
  expect(received).toContain('authorization: Bearer sk-or-v1-FAKE\r\n')
  expect(received).not.toContain('sk-ant')
  expect(received).not.toContain('x-api-key')
  expect(received).not.toContain('x-team')
  await logged(proxy, { upstream: 'claude', next: 'other', code: 'ECONNREFUSED' })
})

test.each([
  { name: '529', status: 529, on: '', asked: true },
  { name: '429', status: 429, on: '', asked: true },
  { name: '400', status: 400, on: '', asked: false },
  { name: '529 where the file names 503 alone', status: 529, on: 'on: [503]', asked: false },
])('a status: $name', async ({ status, on, asked }) => {
  const first = await startTarget('first', async (connection) => {
    await connection.until(BODY)
    connection.write(`HTTP/1.1 ${status} Said\r\nX-First: yes\r\nContent-Length: 5\r\n\r\nfirst`)
  })
  const other = await startTarget('other', async (connection) => {
    await connection.until(BODY)
    connection.write(ok('other'))
  })
  const proxy = await startWithSecrets(config(first.url, other.url, { on }), ENV)
  const answer = await send(proxy, ...post([KEY]))
  expect(answer.body).toBe(asked ? 'other' : 'first')
  expect(answer.status).toBe(asked ? 200 : status)
  expect(answer.fields.includes('X-First: yes')).toBe(!asked)
  expect(countRequests(other)).toBe(asked ? 1 : 0)
})

test('a time-out', async () => {
  const silent = await startTarget('silent', async (connection) => {
    await connection.head()
  })
  const other = await startTarget('other')
  const proxy = await startWithSecrets(
    config(silent.url, other.url, { first: 'limits: { responseHeaders: 1s }' }),
    ENV,
  )
  expect((await send(proxy, 'GET /claude/x', [KEY])).body).toBe('other')
})

test('where the second does not accept what it would be sent, the first failure is the answer', async () => {
  const other = await startTarget('other')
  const text = config(await refusingUrl(), other.url)
    .replace(/ +rules:\n.*\n/, '')
    .replace(/secrets:\n.*\n/, '')
  const proxy = await startWithSecrets(text)
  const answer = await send(proxy, ...post([OAUTH]))
  expect(answer.status).toBe(502)
  expect(answer.fields).toContain('x-keyway-error: upstream_unreachable')
  expect(JSON.parse(answer.body)).toMatchObject({ type: 'error' })
  expect(receivedBy(other)).toBe('')
})

test('a body over the buffer goes to the second only if the first took no byte', async () => {
  const first = await startTarget('first', async (connection) => {
    await connection.until(BODY)
    connection.write('HTTP/1.1 503 Said\r\nContent-Length: 0\r\n\r\n')
  })
  const other = await startTarget('other', async (connection) => {
    await connection.until(BODY)
    connection.write(ok('other'))
  })
  const small = { first: 'retry: { attempts: 0, buffer: 4B }' }
  const proxy = await startWithSecrets(config(first.url, other.url, small), ENV)
  expect((await send(proxy, ...post([KEY]))).status).toBe(503)
  expect(receivedBy(other)).toBe('')
  const refused = await startWithSecrets(config(await refusingUrl(), other.url, small), ENV)
  expect((await send(refused, ...post([KEY]))).body).toBe('other')
})

test('a first upstream that checks say is down is not asked', async () => {
  const ill = await startTarget('ill', async (connection) => {
    await connection.head()
    connection.write('HTTP/1.1 500 Said\r\nContent-Length: 0\r\n\r\n')
  })
  const other = await startTarget('other')
  const proxy = await startWithSecrets(
    config(ill.url, other.url, { first: 'health: { path: /healthz }' }),
    ENV,
  )
  await logged(proxy, { target: ill.url, state: 'down' })
  expect((await send(proxy, 'GET /claude/x', [KEY])).body).toBe('other')
  expect(receivedBy(ill)).not.toContain('/x ')
})

test('a first upstream that has no place is passed over', async () => {
  const busy = await startTarget('busy', async (connection) => {
    await connection.head()
  })
  const other = await startTarget('other')
  const proxy = await startWithSecrets(
    config(busy.url, other.url, { first: 'limits: { connections: 1, queue: 0 }' }),
    ENV,
  )
  const waiting = await connectRaw(proxy.address)
  waiting.write(requestBytes('GET /claude/wait', [KEY]))
  await (await busy.connection(0)).head()
  expect((await send(proxy, 'GET /claude/x', [KEY])).body).toBe('other')
  waiting.socket.destroy()
})

/** A first upstream that refuses, and two that it falls back to. */
async function threeUpstreams(second: string, third: string, more = ''): Promise<TestProxy> {
  return startWithSecrets(`
version: 1
upstreams:
  first: { url: '${await refusingUrl()}', accepts: [openai], retry: { attempts: 0 } }
  second: { url: '${second}', accepts: [openai], limits: { connections: 1, queue: 0 }, ${more} }
  third: { url: '${third}', accepts: [openai], limits: { connections: 1, queue: 0 } }
routes:
  - name: all
    match: { path: /* }
    upstream: first
    fallback: [{ upstream: second }, { upstream: third }]
  - name: second
    match: { path: /second }
    upstream: second
  - name: third
    match: { path: /third }
    upstream: third
`)
}

test('a second upstream that checks say is down is passed over too', async () => {
  const second = await startTarget('second', async (connection) => {
    await connection.head()
    connection.write('HTTP/1.1 500 Said\r\nContent-Length: 0\r\n\r\n')
  })
  const third = await startTarget('third')
  const proxy = await threeUpstreams(second.url, third.url, 'health: { path: /healthz }')
  await logged(proxy, { target: second.url, state: 'down' })
  expect((await send(proxy, 'GET /x')).body).toBe('third')
  expect(receivedBy(second)).not.toContain('/x ')
})

/** Takes the only place of an upstream. */
async function occupy(proxy: TestProxy, upstream: RecordingUpstream, path: string): Promise<void> {
  const client = await connectRaw(proxy.address)
  client.write(requestBytes(`GET ${path}`))
  await (await upstream.connection(0)).head()
  closeAfter(async () => void client.socket.destroy())
}

const silent: Script = async (connection) => void (await connection.head())

test('a second upstream that has no place is passed over, as long as a third has', async () => {
  const second = await startTarget('second', silent)
  const third = await startTarget('third', async (connection, index) => {
    await connection.head()
    if (index === 0) connection.write(ok('third'))
    await connection.head(2)
  })
  const proxy = await threeUpstreams(second.url, third.url)
  await occupy(proxy, second, '/second')
  expect((await send(proxy, 'GET /x')).body).toBe('third')
  await logged(proxy, { upstream: 'second', next: 'third', code: 'QUEUE_TIMEOUT' })
  await occupy(proxy, third, '/third')
  const answer = await send(proxy, 'GET /x')
  expect(answer.status).toBe(503)
  expect(answer.fields).toContain('x-keyway-error: upstream_overloaded')
})

test('who waits for a connection for too long goes to the second', async () => {
  const busy = await startTarget('busy', async (connection) => {
    await connection.head()
  })
  const other = await startTarget('other')
  const clock = stopClock()
  const proxy = await startWithSecrets(
    config(busy.url, other.url, { first: 'limits: { connections: 1, queue: 1, connect: 5s }' }),
    ENV,
  )
  const waiting = await connectRaw(proxy.address)
  waiting.write(requestBytes('GET /claude/wait', [KEY]))
  await (await busy.connection(0)).head()
  const answer = send(proxy, 'GET /claude/x', [KEY])
  while (proxy.proxy.stats().inFlight < 2) await new Promise(setImmediate)
  await clock.pass(5_000)
  expect((await answer).body).toBe('other')
  expect(countRequests(busy)).toBe(1)
  waiting.socket.destroy()
})

test('a stream of the second comes as it comes', async () => {
  const other = await startTarget('other', async (connection) => {
    await connection.head()
    connection.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n')
  })
  const proxy = await startWithSecrets(config(await refusingUrl(), other.url), ENV)
  const client = await connectRaw(proxy.address)
  client.write(requestBytes('GET /claude/x', [KEY]))
  await client.until('text/event-stream\r\n')
  const upstream = await other.connection(0)
  upstream.write('data: one\n\n')
  await client.until('data: one')
  upstream.socket.end('data: two\n\n')
  expect(parseResponse(await client.closed()).body).toContain('data: two')
})

const LONG = 'x'.repeat(1_000_000)

test('a long prompt goes to the second whole', async () => {
  const busy = await startTarget('busy', async (connection) => {
    await connection.until(LONG)
    connection.write('HTTP/1.1 529 Busy\r\nContent-Length: 0\r\n\r\n')
  })
  const other = await startTarget('other', async (connection) => {
    await connection.until(LONG)
    connection.write(ok('other'))
  })
  const proxy = await startWithSecrets(config(busy.url, other.url), ENV)
  const fields = [KEY, `Content-Length: ${LONG.length}`]
  const answer = await send(proxy, 'POST /claude/v1/messages', fields, LONG)
  expect([answer.status, answer.body]).toEqual([200, 'other'])
})

test('a body over `buffer` goes nowhere else, and the log says so', async () => {
  const busy = await startTarget('busy', async (connection) => {
    await connection.until(LONG)
    connection.write('HTTP/1.1 529 Busy\r\nContent-Length: 4\r\n\r\nbusy')
  })
  const other = await startTarget('other')
  const proxy = await startWithSecrets(
    config(busy.url, other.url, { first: 'retry: { attempts: 0, buffer: 512KiB }' }),
    ENV,
  )
  const fields = [KEY, `Content-Length: ${LONG.length}`]
  const answer = await send(proxy, 'POST /claude/v1/messages', fields, LONG)
  expect([answer.status, answer.body]).toEqual([529, 'busy'])
  expect(other.connections).toEqual([])
  const line = proxy.logged.find(
    ({ message }) => message === 'not sent again: its body was not kept',
  )
  expect(line?.fields).toMatchObject({ upstream: 'claude', code: '529', keeps: 512 * 1024 })
})
