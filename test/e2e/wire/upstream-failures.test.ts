import { expect, test } from 'vitest'
import { freePort } from '../../support/free-port.ts'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { closeAfter, startPair } from '../../support/start-pair.ts'
import { oneRoute, startProxy } from '../../support/start-proxy.ts'
import { stopClock } from '../../support/stopped-clock.ts'

const get = requestBytes('GET /up/x')

test('an upstream that refuses connections: 502, without its address', async () => {
  const port = await freePort()
  const proxy = await startProxy(oneRoute(`http://127.0.0.1:${port}`))
  closeAfter(proxy.close)
  const answer = parseResponse(await exchangeRaw(proxy.address, get))
  expect(answer.status).toBe(502)
  expect(answer.fields).toContain('x-keyway-error: upstream_unreachable')
  expect(answer.fields).toContain('content-type: application/problem+json')
  const text = JSON.stringify([answer, proxy.logged])
  expect(text).not.toMatch(new RegExp(`\\b${port}\\b|127\\.0\\.0\\.1|ECONNREFUSED .*:`))
  expect(proxy.logged).toEqual([
    {
      level: 'warn',
      fields: expect.objectContaining({ next: 'up', upstream: 'up', code: 'ECONNREFUSED' }),
      message: 'trying again',
    },
    {
      level: 'warn',
      fields: expect.objectContaining({ route: 'up', upstream: 'up', code: 'ECONNREFUSED' }),
      message: 'upstream failed',
    },
  ])
})

test('a name that does not resolve: 502', async () => {
  const proxy = await startProxy(oneRoute('http://nowhere.invalid'))
  closeAfter(proxy.close)
  const answer = await exchangeRaw(proxy.address, get)
  expect(parseResponse(answer).status).toBe(502)
  expect(answer).not.toContain('nowhere')
})

test('an upstream that closes without an answer: 502, and the request is sent once', async () => {
  const { address, upstream } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.socket.end()
    },
  })
  const answer = parseResponse(await exchangeRaw(address, get))
  expect(answer.fields).toContain('x-keyway-error: upstream_failed')
  expect(upstream.connections.length).toBe(1)
})

test('a 503 of the upstream is passed on as it is, and the request is sent once', async () => {
  const sent = ok('busy', ['Retry-After: 7']).replace('200 OK', '503 Busy')
  const { address, upstream } = await startPair({ script: always(sent) })
  const answer = parseResponse(await exchangeRaw(address, get))
  expect(answer.statusLine).toBe('HTTP/1.1 503 Busy')
  expect(answer.fields).toContain('Retry-After: 7')
  expect(answer.fields.join()).not.toContain('x-keyway-error')
  expect(upstream.connections[0]?.received().match(/GET/g)?.length).toBe(1)
})

test('no head of a response in time: 504', async () => {
  const { address, upstream } = await startPair({ route: 'limits: { responseHeaders: 1s }' })
  const answer = parseResponse(await exchangeRaw(address, get))
  expect(answer.status).toBe(504)
  expect(answer.fields).toContain('x-keyway-error: upstream_timeout')
  await (await upstream.connection(0)).closed()
})

test('a stream is quiet for too long: the client is cut off', async () => {
  const { address } = await startPair({
    route: 'limits: { idle: 1s }',
    script: always('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'),
  })
  expect(await exchangeRaw(address, get)).toMatch(/abc\r\n$/)
})

test('the whole request not in time: 504', async () => {
  const clock = stopClock()
  const { address, upstream } = await startPair({ route: 'limits: { total: 5m }' })
  const client = await connectRaw(address)
  client.write(get)
  const connection = await upstream.connection(0)
  await connection.head()
  await clock.pass(299_999)
  expect(client.received()).toBe('')
  await clock.pass(1)
  const answer = parseResponse(await client.closed())
  expect(answer.status).toBe(504)
  expect(answer.fields).toContain('x-keyway-error: request_timeout')
  await connection.closed()
})

test('a stream takes longer than the whole request may: the client is cut off', async () => {
  const clock = stopClock()
  const { address } = await startPair({
    route: 'limits: { total: 5m }',
    script: always('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n'),
  })
  const client = await connectRaw(address)
  client.write(get)
  await client.until('abc\r\n')
  await clock.pass(299_999)
  expect(client.ending()).toBe(null)
  await clock.pass(1)
  expect(await client.closed()).toMatch(/abc\r\n$/)
})

/** A pair whose one connection to the upstream is taken, and one place in the queue free. */
async function startFull() {
  const { address, upstream, proxy } = await startPair({
    upstream: 'limits: { connections: 1, queue: 1 }',
  })
  const first = await connectRaw(address)
  first.write(get)
  const connection = await upstream.connection(0)
  await connection.head(1)
  return { address, proxy, first, connection }
}

test('connections and queue full: 503 with Retry-After; who waits is served in turn', async () => {
  const { address, proxy, first, connection } = await startFull()
  const second = await connectRaw(address)
  second.write(requestBytes('GET /up/second'))
  while (proxy.stats().inFlight < 2) await new Promise(setImmediate)
  const third = parseResponse(await exchangeRaw(address, get))
  expect(third.status).toBe(503)
  expect(third.fields).toContain('retry-after: 1')
  expect(third.fields).toContain('x-keyway-error: upstream_overloaded')
  connection.write(ok('one'))
  expect(await first.closed()).toMatch(/one$/)
  expect(await connection.head(2)).toMatch(/^GET \/second /)
  connection.write(ok('two'))
  expect(await second.closed()).toMatch(/two$/)
})

test('who waits for a connection for too long: 503', async () => {
  const clock = stopClock()
  const { address, upstream, proxy } = await startPair({
    upstream: 'limits: { connections: 1, queue: 1, connect: 5s }',
  })
  const first = await connectRaw(address)
  first.write(get)
  await (await upstream.connection(0)).head(1)
  const second = await connectRaw(address)
  second.write(get)
  while (proxy.stats().inFlight < 2) await new Promise(setImmediate)
  await clock.pass(5_000)
  const answer = parseResponse(await second.closed())
  expect(answer.fields).toContain('x-keyway-error: upstream_overloaded')
  first.socket.destroy()
})

test('who waits and leaves takes no place', async () => {
  const { address, proxy, first, connection } = await startFull()
  const second = await connectRaw(address)
  second.write(get)
  while (proxy.stats().inFlight < 2) await new Promise(setImmediate)
  second.socket.destroy()
  while (proxy.stats().inFlight > 1) await new Promise(setImmediate)
  connection.write(ok('one'))
  expect(await first.closed()).toMatch(/one$/)
  expect(connection.received().match(/GET/g)?.length).toBe(1)
})

test('128 clients that leave before an answer block nobody', async () => {
  const { address, upstream, proxy } = await startPair({
    upstream: 'limits: { connections: 128, queue: 0 }',
    script: async (connection, index) => {
      if (index >= 128) await always(ok('served'))(connection, index)
    },
  })
  const clients = await Promise.all(Array.from({ length: 128 }, () => connectRaw(address)))
  for (const client of clients) client.write(get)
  await (await upstream.connection(127)).head(1)
  for (const client of clients) client.socket.destroy()
  while (proxy.stats().inFlight > 0) await new Promise(setImmediate)
  expect(await exchangeRaw(address, get)).toMatch(/served$/)
})

const envelopes = [
  {
    name: 'anthropic',
    body: {
      type: 'error',
      error: { type: 'api_error', message: 'The upstream could not be reached.' },
    },
  },
  {
    name: 'openai',
    body: {
      error: {
        message: 'The upstream could not be reached.',
        type: 'server_error',
        param: null,
        code: 'upstream_unreachable',
      },
    },
  },
  {
    name: 'problem',
    body: {
      type: 'about:blank',
      title: 'Bad Gateway',
      status: 502,
      detail: 'The upstream could not be reached.',
      code: 'upstream_unreachable',
    },
  },
]

test.each(envelopes)("errors come in the route's envelope: $name", async ({ name, body }) => {
  const proxy = await startProxy(
    oneRoute(`http://127.0.0.1:${await freePort()}`, { route: `errors: ${name}` }),
  )
  closeAfter(proxy.close)
  const answer = parseResponse(
    await exchangeRaw(proxy.address, requestBytes('GET /up/x', ['X-Request-Id: mine-1'])),
  )
  expect(JSON.parse(answer.body)).toEqual(body)
  expect(answer.fields).toContain('x-request-id: mine-1')
})
