import { once } from 'node:events'
import { request } from 'node:https'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { always, ok } from '../../support/recording-upstream.ts'
import { ca, exchange, open, outcomeOf, startHttp2 } from './start-tls.ts'

const up = { ':path': '/up/x' }

test('a request leaves as HTTP/1.1 would have carried it, its credential rewritten', async () => {
  const route = 'rules: [{ name: key, use: x-api-key }]'
  const { session, upstream } = await startHttp2({ script: always(ok('hi')), route })
  const answer = await exchange(session, {
    ':method': 'REPORT',
    ':path': '/up/a%2Fb//{}?q=%20',
    authorization: 'Bearer sk-ant-api03-FAKE',
    cookie: ['a=1', 'b=2'],
    te: 'trailers',
    accept: ['text/plain', '*/*'],
    'x-latin': '\xe9',
  })
  expect(answer).toMatchObject({ status: 200, body: 'hi', ending: 'end' })
  const [line, ...fields] = ((await upstream.connections[0]?.head()) ?? '').trim().split('\r\n')
  expect(line).toBe('REPORT /a%2Fb//{}?q=%20 HTTP/1.1')
  expect(fields.filter((field) => !/^(X-Request-Id|host|connection)/i.test(field))).toEqual([
    'cookie: a=1; b=2',
    'accept: text/plain',
    'accept: */*',
    'x-latin: \xe9',
    'x-api-key: sk-ant-api03-FAKE',
    'X-Forwarded-For: 127.0.0.1',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Host: localhost',
  ])
})

test('a response arrives with its repeated fields, without those of the connection', async () => {
  const fields = [
    'Set-Cookie: a=1',
    'Connection: x-hop',
    'X-Hop: 1',
    'Keep-Alive: timeout=5',
    'Set-Cookie: b=2',
    'Content-Type: text/plain',
    'Content-Type: text/html',
    'X-Latin: \xe9',
  ]
  const { session } = await startHttp2({ script: always(ok('hi', fields)) })
  const { headers } = await exchange(session, up)
  expect(headers).toEqual({
    ':status': 200,
    'set-cookie': ['a=1', 'b=2'],
    'content-type': 'text/plain, text/html',
    'x-latin': '\xe9',
    'content-length': '2',
    'x-request-id': expect.stringMatching(/^[0-9a-f]{12}-1$/),
    [Object.getOwnPropertySymbols(headers)[0] as symbol]: [],
  })
})

const bodies = [
  { name: 'with a length', fields: { 'content-length': '5' }, arrives: /content-length: 5/i },
  { name: 'without one', fields: {}, arrives: /transfer-encoding: chunked|content-length: 5/i },
]

test('a method that nobody knows goes on, and one in other letters than its own is refused', async () => {
  const { session, upstream } = await startHttp2({ script: always(ok('one')) })
  expect(await exchange(session, { ...up, ':method': 'FOO' })).toMatchObject({ status: 200 })
  expect(await exchange(session, { ...up, ':method': 'delete' })).toMatchObject({ status: 400 })
  expect(upstream.connections[0]?.received()).toMatch(/^FOO \/x HTTP\/1\.1\r\n/)
})

test.each(bodies)('a request body $name arrives', async ({ fields, arrives }) => {
  const { session, upstream } = await startHttp2()
  const answer = exchange(session, { ...up, ':method': 'POST', ...fields }, 'hello')
  const connection = await upstream.connection(0)
  expect(await connection.until('hello')).toMatch(arrives)
  connection.write(ok(''))
  expect(await answer).toMatchObject({ status: 200, ending: 'end' })
})

const bodiless = [
  { method: 'HEAD', response: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n', status: 200 },
  { method: 'GET', response: 'HTTP/1.1 204 No Content\r\n\r\n', status: 204 },
  {
    method: 'GET',
    response: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n',
    status: 304,
  },
]

test.each(bodiless)(
  '$method answered $status has no body',
  async ({ method, response, status }) => {
    const { session } = await startHttp2({ script: always(response) })
    const answer = await exchange(session, { ...up, ':method': method })
    expect(answer).toMatchObject({ status, body: '', ending: 'end' })
  },
)

test('a Host without an authority is the host', async () => {
  const { session, upstream } = await startHttp2({ script: always(ok('')) })
  expect((await exchange(session, { ...up, host: 'other.test' })).status).toBe(200)
  expect(await upstream.connections[0]?.head()).toContain('X-Forwarded-Host: other.test')
})

test('requests on one connection do not wait for one another', async () => {
  const { session, upstream } = await startHttp2()
  const first = exchange(session, up)
  const waiting = await upstream.connection(0)
  await waiting.head()
  const second = exchange(session, up)
  const quick = await upstream.connection(1)
  await quick.head()
  quick.write(ok('second'))
  expect((await second).body).toBe('second')
  waiting.write(ok('first'))
  expect((await first).body).toBe('first')
})

test('a client that resets one stream cancels its upstream request alone', async () => {
  const { session, upstream, proxy } = await startHttp2()
  const left = open(session, up)
  const cancelled = await upstream.connection(0)
  await cancelled.head()
  const kept = exchange(session, up)
  const other = await upstream.connection(1)
  await other.head()
  left.close(8)
  await cancelled.closed()
  other.write(ok('kept'))
  expect(await kept).toMatchObject({ status: 200, body: 'kept' })
  expect(proxy.stats().inFlight).toBe(0)
})

test('a client that resets amid the response cancels its upstream request', async () => {
  const { session, upstream } = await startHttp2({
    script: always('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbegun'),
  })
  const stream = open(session, up)
  await once(stream, 'data')
  stream.close(8)
  const connection = await upstream.connection(0)
  await expect(connection.closed()).resolves.toBeUndefined()
})

test('a client that resets amid its body cancels its upstream request', async () => {
  const { session, upstream } = await startHttp2()
  const stream = session.request({ ...up, ':method': 'POST' }, { endStream: false })
  stream.on('error', () => undefined)
  stream.write('begun')
  const connection = await upstream.connection(0)
  await connection.until('begun')
  stream.close(8)
  await expect(connection.closed()).resolves.toBeUndefined()
})

test('a client that drops the connection cancels all of it', async () => {
  const { session, upstream, proxy } = await startHttp2()
  open(session, up)
  open(session, up)
  const both = [await upstream.connection(0), await upstream.connection(1)]
  await Promise.all(both.map((connection) => connection.head()))
  session.destroy()
  await Promise.all(both.map((connection) => connection.closed()))
  await expect.poll(() => proxy.stats()).toMatchObject({ connections: 0, inFlight: 0 })
})

const broken = [
  { name: 'a length', head: 'Content-Length: 9', body: 'begun' },
  { name: 'chunks', head: 'Transfer-Encoding: chunked', body: '5\r\nbegun\r\n' },
]

test.each(broken)(
  'an upstream that dies amid $name resets that stream alone',
  async ({ head, body }) => {
    const { session, upstream } = await startHttp2()
    const first = exchange(session, up)
    const dying = await upstream.connection(0)
    await dying.head()
    const second = exchange(session, up)
    const other = await upstream.connection(1)
    await other.head()
    dying.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}`)
    dying.socket.end()
    expect(await first).toMatchObject({ status: 200, ending: 'INTERNAL_ERROR' })
    other.write(ok('fine'))
    expect(await second).toMatchObject({ body: 'fine', ending: 'end' })
  },
)

test('events arrive as they come, the head first', async () => {
  const { session, upstream } = await startHttp2()
  const stream = open(session, up)
  const connection = await upstream.connection(0)
  await connection.head()
  connection.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
  await once(stream, 'response')
  connection.write('3\r\none\r\n')
  expect(String((await once(stream, 'data'))[0])).toBe('one')
  connection.write('3\r\ntwo\r\n0\r\n\r\n')
  expect(String((await once(stream, 'data'))[0])).toBe('two')
  expect(await outcomeOf(stream)).toMatchObject({ ending: 'end' })
})

test('a hint passes, and a body that waits for 100 is asked for', async () => {
  const { session, upstream } = await startHttp2()
  const stream = session.request(
    { ...up, ':method': 'POST', expect: '100-continue' },
    { endStream: false },
  )
  const outcome = outcomeOf(stream)
  await once(stream, 'continue')
  stream.end('hello')
  const connection = await upstream.connection(0)
  expect(await connection.until('hello')).not.toMatch(/expect/i)
  connection.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n')
  await once(stream, 'headers')
  connection.write(ok('done'))
  expect(await outcome).toMatchObject({ interim: [100, 103], status: 200, body: 'done' })
})

const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`x-${i}`, '1']))
const refusals = [
  {
    name: 'another Host',
    fields: { host: 'other.test', ':authority': 'a.test' },
    status: 400,
    code: 'host_repeated',
  },
  { name: 'a way out', fields: { ':path': '/up/../x' }, status: 400, code: 'unsafe_path' },
  { name: '101 fields', fields: many, status: 431, code: 'too_many_fields' },
  { name: '17 KiB', fields: { x: 'x'.repeat(17 * 1024) }, status: 431, code: 'headers_too_large' },
  { name: 'TRACE', fields: { ':method': 'TRACE' }, status: 405, code: 'trace_refused' },
  { name: 'no route', fields: { ':path': '/x' }, status: 404, code: 'no_route' },
  {
    name: 'a body too long',
    fields: { 'content-length': '9' },
    status: 413,
    code: 'body_too_large',
  },
]

test.each(refusals)(
  '$name: $status $code, and nothing is sent',
  async ({ fields, status, code }) => {
    const { session, upstream } = await startHttp2({ route: 'limits: { body: 8B }' })
    const body = 'content-length' in fields ? '123456789' : undefined
    const method = body === undefined ? 'GET' : 'POST'
    const answer = await exchange(session, { ...up, ':method': method, ...fields }, body)
    expect(answer).toMatchObject({ status, headers: { 'x-keyway-error': code } })
    expect(upstream.connections).toEqual([])
    expect((await exchange(session, { ':path': '/nowhere' })).status).toBe(404)
  },
)

test.each([
  { bytes: 16_384, status: 200 },
  { bytes: 16_385, status: 431 },
])('a head of $bytes bytes, as HTTP/1.1 would write it: $status', async ({ bytes, status }) => {
  const { session } = await startHttp2({ script: always(ok('fine')) })
  // Method, target, and each field with what stands around it.
  const written = 'GET/up/xhost: localhost\r\nx: \r\n'
  const fields = { ...up, ':authority': 'localhost', x: 'x'.repeat(bytes - written.length) }
  expect((await exchange(session, fields)).status).toBe(status)
})

test('more body than the route allows, without a length: 413', async () => {
  const { session } = await startHttp2({ route: 'limits: { body: 8B }' })
  const answer = await exchange(session, { ...up, ':method': 'POST' }, 'x'.repeat(100_000))
  expect(answer).toMatchObject({ status: 413, headers: { 'x-keyway-error': 'body_too_large' } })
})

test('what a client may do at once is told to it', async () => {
  const { session } = await startHttp2()
  await exchange(session, { ':path': '/nowhere' })
  expect(session.remoteSettings).toMatchObject({
    maxConcurrentStreams: 100,
    initialWindowSize: 64 * 1024,
    // Twice the limit, so that what is somewhat more is answered; of 264 fields, as HTTP/2 counts them.
    maxHeaderListSize: 2 * 16 * 1024 + 32 * 264,
    enableConnectProtocol: false,
  })
})

test('a user in the authority is refused, by us or by the parser', async () => {
  const { session, upstream } = await startHttp2()
  const { headers, ending } = await exchange(session, { ...up, ':authority': 'a@b.test' })
  expect(headers['x-keyway-error'] ?? ending).toMatch(/host_invalid|PROTOCOL_ERROR/)
  expect(upstream.connections).toEqual([])
})

test('CONNECT is refused', async () => {
  const { session } = await startHttp2()
  const stream = session.request({ ':method': 'CONNECT', ':authority': 'elsewhere.test:443' })
  stream.end()
  expect(await outcomeOf(stream)).toMatchObject({ status: 405 })
})

test('a stream of WebSocket bytes is neither offered nor taken', async () => {
  const { session, upstream } = await startHttp2()
  expect(session.remoteSettings.enableConnectProtocol).toBe(false)
  const stream = session.request({ ...up, ':method': 'CONNECT', ':protocol': 'websocket' })
  stream.on('error', () => undefined)
  expect((await outcomeOf(stream)).ending).toBe('PROTOCOL_ERROR')
  expect(upstream.connections).toEqual([])
})

test('an answer before the end of the body is whole, and the client is asked to send no more', async () => {
  const { session, upstream } = await startHttp2()
  const stream = session.request({ ...up, ':method': 'POST' }, { endStream: false })
  stream.on('error', () => undefined)
  stream.write('begun')
  const connection = await upstream.connection(0)
  await connection.until('begun')
  connection.write(ok('x'.repeat(300_000)))
  const answer = await outcomeOf(stream)
  expect(answer).toMatchObject({ status: 200, ending: 'end' })
  expect(answer.body.length).toBe(300_000)
})

test('a client that reads nothing keeps the upstream from sending', async () => {
  const { session, upstream } = await startHttp2()
  const stream = open(session, up)
  const connection = await upstream.connection(0)
  await connection.head()
  const size = 8 * 1024 * 1024
  connection.write(`HTTP/1.1 200 OK\r\nContent-Length: ${size}\r\n\r\n`)
  connection.write(Buffer.alloc(size, 'x'))
  await once(stream, 'response')
  for (let count = 0; count < 50; count += 1)
    await new Promise((resolve) => session.ping(() => resolve(null)))
  expect(connection.socket.writableLength).toBeGreaterThan(0)
  expect((await outcomeOf(stream)).body.length).toBe(size)
})

test('HTTP/1.1 is spoken on the same port', async () => {
  const { address, upstream } = await startHttp2({ script: always(ok('one')) })
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) =>
    request({ ...address, ca, servername: 'localhost', path: '/up/x', agent: false }, resolve)
      .once('error', reject)
      .end(),
  )
  expect(await text(response)).toBe('one')
  expect(response.httpVersion).toBe('1.1')
  expect(upstream.connections.length).toBe(1)
})
