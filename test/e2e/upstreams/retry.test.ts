import { expect, test } from 'vitest'
import { RESERVE } from '../../../src/upstreams/retry-budget.ts'
import { connectRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { ok, type Script } from '../../support/recording-upstream.ts'
import {
  countRequests,
  logged,
  receivedBy,
  refusingUrl,
  send,
  startTarget,
  startWithSecrets,
  targetsText,
} from '../../support/start-balanced.ts'
import { oneRoute } from '../../support/start-proxy.ts'
import { stopClock } from '../../support/stopped-clock.ts'

const BODY = '{"model":"some"}'

/** Answers the first requests with these bytes, the rest with 200. */
function first(responses: readonly string[]): Script {
  let count = 0
  return async (connection) => {
    for (let own = 1; ; own += 1) {
      await connection.head(own)
      connection.write(responses[count++] ?? ok('at last'))
    }
  }
}

/** Resets the connection once a request has come in whole. */
function resetAfter(text: string): Script {
  return async (connection) => {
    await connection.until(text)
    connection.socket.resetAndDestroy()
  }
}

function status(code: number, fields: readonly string[] = []): string {
  return [`HTTP/1.1 ${code} Said`, ...fields, 'Content-Length: 4', '', 'said'].join('\r\n')
}

function chunked(body: string): string {
  return `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
}

test('a refused connection: another target at once, whatever the method and the body', async () => {
  const b = await startTarget('b', async (connection) => {
    await connection.until('THE END')
    connection.write(ok('b'))
  })
  const proxy = await startWithSecrets(targetsText([await refusingUrl(), b.url]))
  const body = `${'x'.repeat(1024 * 1024)}THE END`
  const answer = await send(proxy, 'POST /up/x', [`Content-Length: ${body.length}`], body)
  expect([answer.status, answer.body]).toEqual([200, 'b'])
  expect(receivedBy(b)).toContain(`\r\n\r\n${body}`)
  await logged(proxy, { code: 'ECONNREFUSED', delayMs: 0 })
})

test('a target that refuses is ejected, and nobody asks it any more', async () => {
  const b = await startTarget('b')
  const ill = await refusingUrl()
  const proxy = await startWithSecrets(
    targetsText([ill, b.url], { upstream: 'eject: { failures: 2 }' }),
  )
  for (let request = 0; request < 8; request++) expect((await send(proxy)).status).toBe(200)
  expect(proxy.logged.filter(({ message }) => message === 'trying again')).toHaveLength(2)
})

test.each([
  { name: 'a GET', line: 'GET /up/x', retry: '[reset]', status: 200 },
  { name: 'a PUT', line: 'PUT /up/x', retry: '[reset]', status: 200 },
  { name: 'a POST', line: 'POST /up/x', retry: '[reset]', status: 502 },
  {
    name: 'a POST that may be carried out twice',
    line: 'POST /up/x',
    retry: '[reset], methods: [POST]',
    status: 200,
  },
  { name: 'a GET that the file does not name', line: 'GET /up/x', retry: '[connect]', status: 502 },
])('a reset after the request was sent: $name: $status', async ({ line, retry, status }) => {
  const a = await startTarget('a', resetAfter('\r\n\r\n'))
  const b = await startTarget('b')
  const proxy = await startWithSecrets(
    targetsText([a.url, b.url], { upstream: `retry: { on: ${retry} }` }),
  )
  expect((await send(proxy, line)).status).toBe(status)
  expect(countRequests(a) + countRequests(b)).toBe(status === 200 ? 2 : 1)
})

test.each([
  { name: 'read whole', fields: [`Content-Length: ${BODY.length}`], body: BODY },
  { name: 'streamed', fields: ['Transfer-Encoding: chunked'], body: chunked(BODY) },
])('a body that fits the buffer is sent again: $name', async ({ fields, body }) => {
  const a = await startTarget('a', resetAfter(BODY))
  const b = await startTarget('b', async (connection) => {
    await connection.until(BODY)
    connection.write(ok('b'))
  })
  const proxy = await startWithSecrets(
    targetsText([a.url, b.url], {
      upstream: `retry: { on: [reset], methods: [POST], buffer: ${BODY.length}B }`,
    }),
  )
  expect((await send(proxy, 'POST /up/x', fields, body)).body).toBe('b')
  expect(receivedBy(b)).toContain(BODY)
})

test('what of a streamed body was not there yet follows on the next attempt', async () => {
  const a = await startTarget('a', async (connection) => {
    await connection.until('first half')
    connection.socket.resetAndDestroy()
  })
  const b = await startTarget('b', async (connection) => {
    await connection.until('second half')
    connection.write(ok('b'))
  })
  const proxy = await startWithSecrets(
    targetsText([a.url, b.url], { upstream: 'retry: { on: [reset], methods: [POST] }' }),
  )
  const client = await connectRaw(proxy.address)
  client.write(requestBytes('POST /up/x', ['Transfer-Encoding: chunked']))
  client.write('a\r\nfirst half\r\n')
  await (await b.connection(0)).until('first half')
  client.write('b\r\nsecond half\r\n0\r\n\r\n')
  expect(parseResponse(await client.closed()).body).toBe('b')
  expect(receivedBy(b)).toMatch(/first half[\s\S]*second half/)
})

test.each([
  { name: 'read whole', fields: [`Content-Length: ${BODY.length}`], body: BODY },
  { name: 'streamed', fields: ['Transfer-Encoding: chunked'], body: chunked(BODY) },
])('a body over the buffer is not sent again: $name', async ({ fields, body }) => {
  const a = await startTarget('a', resetAfter(BODY))
  const b = await startTarget('b')
  const proxy = await startWithSecrets(
    targetsText([a.url, b.url], {
      upstream: `retry: { on: [reset], methods: [POST], buffer: ${BODY.length - 1}B }`,
    }),
  )
  const answer = await send(proxy, 'POST /up/x', fields, body)
  expect(answer.status).toBe(502)
  expect(countRequests(b)).toBe(0)
})

test('a status that the file names is asked again on the same connection', async () => {
  const a = await startTarget('a', first([status(503), status(529)]))
  const proxy = await startWithSecrets(
    oneRoute(a.url, { upstream: 'retry: { attempts: 2, on: [503, 529], backoff: 1ms }' }),
  )
  const answer = await send(proxy, 'POST /up/x', [`Content-Length: ${BODY.length}`], BODY)
  expect([answer.status, answer.body]).toEqual([200, 'at last'])
  expect(countRequests(a)).toBe(3)
  expect(a.connections).toHaveLength(1)
})

test('the last answer is passed on as it came', async () => {
  const a = await startTarget('a', first([status(503), status(503, ['X-Last: yes'])]))
  const proxy = await startWithSecrets(
    oneRoute(a.url, { upstream: 'retry: { on: [503], backoff: 1ms }' }),
  )
  const answer = await send(proxy)
  expect([answer.status, answer.body]).toEqual([503, 'said'])
  expect(answer.fields).toContain('X-Last: yes')
})

test('Retry-After is waited for', async () => {
  const clock = stopClock()
  const a = await startTarget('a', first([status(429, ['Retry-After: 2'])]))
  const proxy = await startWithSecrets(oneRoute(a.url, { upstream: 'retry: { on: [429] }' }))
  const answer = send(proxy)
  await logged(proxy, { code: '429', delayMs: 2000 })
  await clock.pass(1_999)
  await send(proxy)
  expect(countRequests(a)).toBe(2)
  await clock.pass(1)
  expect((await answer).body).toBe('at last')
  expect(countRequests(a)).toBe(3)
})

test('retry-after-ms goes before Retry-After', async () => {
  const fields = ['Retry-After: 60', 'retry-after-ms: 20']
  const a = await startTarget('a', first([status(429, fields)]))
  const proxy = await startWithSecrets(
    oneRoute(a.url, { upstream: 'retry: { on: [429], backoff: 1ms }' }),
  )
  expect((await send(proxy)).body).toBe('at last')
  await logged(proxy, { code: '429', delayMs: 20 })
})

test('what is left of an answer that is passed over is waited for a second, and no longer', async () => {
  const clock = stopClock()
  const a = await startTarget('a', async (connection) => {
    await connection.head()
    connection.write('HTTP/1.1 503 No\r\nContent-Length: 10\r\n\r\nhalf')
  })
  const b = await startTarget('b')
  const upstream = 'retry: { on: [503], backoff: 0s }'
  const proxy = await startWithSecrets(targetsText([a.url, b.url], { upstream }))
  expect((await send(proxy)).body).toBe('b')
  const left = await a.connection(0)
  await clock.pass(999)
  await send(proxy)
  expect(left.socket.readableEnded).toBe(false)
  await clock.pass(1)
  await left.closed()
})

test('of an answer that is passed over 64 KiB are read, and no more', async () => {
  // No second passes, in which the rest would be given up.
  stopClock()
  const a = await startTarget('a', async (connection) => {
    await connection.head()
    connection.write('HTTP/1.1 503 No\r\nContent-Length: 1000000\r\n\r\n')
    connection.write('x'.repeat(64 * 1024 + 1))
  })
  const b = await startTarget('b')
  const upstream = 'retry: { on: [503], backoff: 0s }'
  const proxy = await startWithSecrets(targetsText([a.url, b.url], { upstream }))
  expect((await send(proxy)).body).toBe('b')
  await (await a.connection(0)).closed()
})

test('a Retry-After beyond maxBackoff is the answer', async () => {
  const a = await startTarget('a', first([status(429, ['Retry-After: 60'])]))
  const proxy = await startWithSecrets(oneRoute(a.url, { upstream: 'retry: { on: [429] }' }))
  const answer = await send(proxy)
  expect(answer.status).toBe(429)
  expect(answer.fields).toContain('Retry-After: 60')
  expect(countRequests(a)).toBe(1)
})

test('a client that leaves while it waits is not asked for again', async () => {
  const clock = stopClock()
  const a = await startTarget('a', first([status(503, ['Retry-After: 4'])]))
  const proxy = await startWithSecrets(oneRoute(a.url, { upstream: 'retry: { on: [503] }' }))
  const client = await connectRaw(proxy.address)
  client.write(requestBytes('GET /up/x'))
  await logged(proxy, { code: '503', delayMs: 4000 })
  client.socket.destroy()
  while (proxy.proxy.stats().inFlight > 0) await new Promise(setImmediate)
  await clock.pass(4_000)
  await send(proxy, 'GET /up/next')
  expect(receivedBy(a).match(/^GET \S+/gm)).toEqual(['GET /x', 'GET /next'])
})

test('a stream that has begun is never sent again', async () => {
  const half = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'
  const a = await startTarget('a', async (connection) => {
    await connection.head()
    connection.write(half)
    await connection.until('never')
  })
  const proxy = await startWithSecrets(
    oneRoute(a.url, { upstream: 'retry: { on: [connect, reset, timeout, 5xx] }' }),
  )
  const client = await connectRaw(proxy.address)
  client.write(requestBytes('GET /up/x'))
  await client.until('half')
  ;(await a.connection(0)).socket.resetAndDestroy()
  expect(await client.closed()).toContain('half')
  expect(countRequests(a)).toBe(1)
})

test('retries stay within the budget while everything fails', async () => {
  // Each second gives one retry back.
  stopClock()
  const a = await startTarget('a', first(Array.from({ length: 99 }, () => status(503))))
  const proxy = await startWithSecrets(
    oneRoute(a.url, { upstream: 'retry: { attempts: 9, on: [503], budget: 0%, backoff: 0s }' }),
  )
  await send(proxy)
  await send(proxy)
  await send(proxy)
  expect(countRequests(a)).toBe(3 + RESERVE)
})

const POOL = (url: string): string => `
version: 1
secrets:
  pool: { pool: [{ env: ONE }, { env: TWO }] }
upstreams:
  up: { url: '${url}', retry: { on: [429] } }
routes:
  - name: up
    match: { path: /up/* }
    upstream: up
    rules:
      - use: { header: x-api-key, value: '\${secret.pool}' }
`

test('429 puts a key of a pool to rest, and the retry goes with the next one at once', async () => {
  stopClock()
  const limited = status(429, ['Retry-After: 60'])
  const a = await startTarget('a', first([limited, ok('two'), limited, limited]))
  const env = { ONE: 'key-TEST-one', TWO: 'key-TEST-two' }
  const proxy = await startWithSecrets(POOL(a.url), env)
  expect((await send(proxy)).body).toBe('two')
  const keys = (): string[] => receivedBy(a).match(/key-TEST-\w+/g) ?? []
  expect(keys()).toEqual(['key-TEST-one', 'key-TEST-two'])
  const last = await send(proxy)
  expect(last.status).toBe(429)
  expect(keys()).toEqual(['key-TEST-one', 'key-TEST-two', 'key-TEST-two'])
  const none = await send(proxy)
  expect(none.status).toBe(503)
  expect(none.fields).toContain('x-keyway-error: keys_resting')
  expect(none.fields).toContain('retry-after: 60')
  expect(countRequests(a)).toBe(3)
})

test('a key of an earlier attempt does not come back with the answer to a later one', async () => {
  const answer = ok('two', ['X-Tried: key-TEST-one', 'X-Used: key-TEST-two'])
  const a = await startTarget('a', first([status(429), answer]))
  const env = { ONE: 'key-TEST-one', TWO: 'key-TEST-two' }
  const proxy = await startWithSecrets(POOL(a.url), env)
  const { body, fields } = await send(proxy)
  expect(body).toBe('two')
  expect(fields).toContain('X-Tried: ***')
  expect(fields).toContain('X-Used: ***')
})
