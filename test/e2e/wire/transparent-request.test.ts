import { METHODS } from 'node:http'
import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

/** Sends one request and resolves to the bytes that the upstream got. */
async function forward(bytes: string, texts: { route?: string; server?: string } = {}) {
  const { address, upstream } = await startPair({ ...texts, script: always(ok('')) })
  const answer = parseResponse(await exchangeRaw(address, bytes))
  return { answer, sent: upstream.connections[0]?.received() ?? '', upstream }
}

const targets = [
  { name: 'percent-encoded slash', from: '/up/a%2Fb', to: '/a%2Fb' },
  { name: 'percent-encoded space', from: '/up/a%20b', to: '/a%20b' },
  { name: 'lower-case triplets', from: '/up/%e2%82%ac', to: '/%e2%82%ac' },
  { name: 'invalid triplets', from: '/up/%zz%', to: '/%zz%' },
  { name: 'braces and bars', from: '/up/{}|"<>^`', to: '/{}|"<>^`' },
  { name: 'doubled slashes after the prefix', from: '/up//a//b/', to: '//a//b/' },
  { name: 'a colon and an at sign', from: '/up/v1:x@y', to: '/v1:x@y' },
  { name: 'dots within a name', from: '/up/a/.b/c.', to: '/a/.b/c.' },
  { name: 'semicolons', from: '/up/a;b=c/d', to: '/a;b=c/d' },
  { name: 'an empty query', from: '/up/a?', to: '/a?' },
  { name: 'a query of any bytes', from: '/up/a?a=%zz&&=&b=//../?c', to: '/a?a=%zz&&=&b=//../?c' },
  { name: 'the bare prefix', from: '/up', to: '/' },
  { name: 'an absolute-form target', from: 'http://other.test/up/a?b', to: '/a?b' },
  { name: 'an absolute-form target without a path', from: 'http://other.test', to: null },
]

test.each(targets)('the target keeps its bytes: $name', async ({ from, to }) => {
  const { answer, sent } = await forward(requestBytes(`GET ${from}`))
  if (to === null) expect(answer.status).toBe(404)
  else expect(sent.split('\r\n')[0]).toBe(`GET ${to} HTTP/1.1`)
})

const escapes = ['/up/..', '/up/../x', '/up/%2e%2e/x', '/up/%2E./x', '/up/.%252e/x', '/up/..%2fx']
escapes.push('/up/..\\x', '/up/%c0%ae%c0%ae/x', '/up/..;a/x', 'http://h/up/../x')
escapes.push(
  '/up/./x',
  '/up/.',
  '/up/%25252e%25252e/x',
  '/up/..%3b/x',
  '/up/..%00/x',
  '/up/..%09/x',
)
escapes.push('/up/..%0a/x', '/up/%ef%bc%8e%ef%bc%8e/x', '/up/%u002e./x')

test.each(escapes)('a path that could escape its prefix is refused: %s', async (target) => {
  const { answer, upstream } = await forward(requestBytes(`GET ${target}`))
  expect(answer.status).toBe(400)
  expect(answer.fields).toContain('x-keyway-error: unsafe_path')
  expect(upstream.connections).toEqual([])
})

test('an absolute-form target puts its authority where Host was', async () => {
  const { sent } = await forward(requestBytes('GET http://other.test:81/up/a', ['Host: keyway']))
  expect(sent).toContain('\r\nX-Forwarded-Host: other.test:81\r\n')
})

const notMethods = new Set(['CONNECT', 'TRACE', 'HEAD'])

/** Tokens that no server of Node's could be told of; one is longer than what V8 copies by itself. */
const ownMethods = ['FOO', 'PURGE-ALL-OF-IT', 'Mixed.Case', '1']

test.each([...METHODS.filter((method) => !notMethods.has(method)), ...ownMethods])(
  'the method goes on, with a body: %s',
  async (method) => {
    const { address, upstream } = await startPair({
      script: async (connection) => {
        await connection.until('body!')
        connection.write(ok('done'))
      },
    })
    const fields = ['Content-Type: not a type; at all', 'Content-Length: 5']
    const answer = await exchangeRaw(address, requestBytes(`${method} /up/x`, fields, 'body!'))
    expect(parseResponse(answer).body).toBe('done')
    const sent = upstream.connections[0]?.received() ?? ''
    expect(sent).toMatch(new RegExp(`^${method} /x HTTP/1\\.1\r\n`))
    expect(sent).toContain('\r\nContent-Type: not a type; at all\r\n')
    expect(sent).toMatch(/\r\ncontent-length: 5\r\n\r\nbody!$/)
  },
)

test.each(['get', 'Delete', 'trace', 'connect'])(
  'a method in other letters than its own is refused, as some take it for the same: %s',
  async (method) => {
    const { answer, upstream } = await forward(requestBytes(`${method} /up/x`))
    expect(answer.status).toBe(400)
    expect(answer.body).toContain('written in capitals')
    expect(upstream.connections).toEqual([])
  },
)

test('TRACE is refused: it would show the client what Keyway put on the request', async () => {
  const { answer, upstream } = await forward(requestBytes('TRACE /up/x'))
  expect(answer.status).toBe(405)
  expect(upstream.connections).toEqual([])
})

const fields = [
  { name: 'repeated fields keep number and order', lines: ['Accept: a', 'X-B: 1', 'accept: b'] },
  { name: 'names keep their case', lines: ['aNtHrOpIc-BeTa: oauth-2025-04-20'] },
  { name: 'values keep inner white space and bytes over 127', lines: ['X-A: a  b\t\xe9\xff"'] },
  { name: 'empty values stay', lines: ['X-A:', 'X-B: '] },
  { name: 'conditional and range fields stay', lines: ['If-None-Match: "x"', 'Range: bytes=0-1'] },
  { name: 'cookies stay apart', lines: ['Cookie: a=1', 'Cookie: b=2'] },
  { name: 'the user agent and codings stay', lines: ['User-Agent: t', 'Accept-Encoding: br'] },
]

test.each(fields)('fields leave as they came: $name', async ({ lines }) => {
  const { sent } = await forward(requestBytes('GET /up/x', lines))
  const names = new Set(lines.map((line) => line.split(':')[0]?.toLowerCase()))
  const got = sent
    .split('\r\n')
    .filter((line) => names.has(line.split(':')[0]?.toLowerCase() ?? ''))
  expect(got).toEqual(lines.map((line) => (line.endsWith(':') ? `${line} ` : line)))
})

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('latin1')

const bodies = [
  { name: 'every byte value', body: everyByte, type: 'text/plain; charset=utf-8' },
  { name: '64 KiB, read whole', body: 'x'.repeat(64 * 1024), type: 'application/json' },
  { name: '1 MiB, streamed', body: everyByte.repeat(4096), type: 'application/json' },
]

test.each(bodies)('a body leaves byte for byte: $name', async ({ body, type }) => {
  const { address, upstream } = await startPair({
    script: async (connection) => {
      const head = await connection.head()
      while (connection.received().length < head.length + body.length) {
        await new Promise((resolve) => connection.socket.once('data', resolve))
      }
      connection.write(ok('done'))
    },
  })
  const lines = [
    `Content-Type: ${type}`,
    `Content-Length: ${body.length}`,
    'Content-Encoding: gzip',
  ]
  const answer = await exchangeRaw(address, requestBytes('POST /up/x', lines, body))
  expect(parseResponse(answer).body).toBe('done')
  const sent = upstream.connections[0]?.received() ?? ''
  const end = sent.indexOf('\r\n\r\n')
  expect(sent.slice(0, end)).toContain('\r\nContent-Encoding: gzip')
  expect(sent.slice(end + 4) === body).toBe(true)
})

test('a chunked body leaves chunked, its bytes as they came', async () => {
  const { address, upstream } = await startPair({
    script: async (connection) => {
      await connection.until('\r\n0\r\n\r\n')
      connection.write(ok('done'))
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', ['Transfer-Encoding: chunked']))
  client.write('3\r\nabc\r\n')
  await (await upstream.connection(0)).until('3\r\nabc')
  client.write('4;ext=1\r\ndefg\r\n0\r\nX-Trailer: dropped\r\n\r\n')
  expect(await client.closed()).toMatch(/done$/)
  const sent = upstream.connections[0]?.received() ?? ''
  expect(sent).toContain('\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n')
})

test('a request without a body leaves without one', async () => {
  const { sent } = await forward(requestBytes('GET /up/x'))
  expect(sent).not.toMatch(/content-length|transfer-encoding/i)
})

test('a POST of nothing says so', async () => {
  const { sent } = await forward(requestBytes('POST /up/x', ['Content-Length: 0']))
  expect(sent).toMatch(/\r\ncontent-length: 0\r\n\r\n$/)
})

test('an HTTP/1.0 client is served and its connection closed', async () => {
  const { address, upstream } = await startPair({
    script: always('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'),
  })
  const answer = await exchangeRaw(address, 'GET /up/x HTTP/1.0\r\n\r\n')
  expect(answer).toMatch(
    /^HTTP\/1\.1 200 OK\r\nx-request-id: [\w-]+\r\nConnection: close\r\n\r\nabc$/,
  )
  expect(upstream.connections[0]?.received()).toMatch(/^GET \/x HTTP\/1\.1\r\n/)
})

test('requests on one connection are answered in their order', async () => {
  const { address, upstream } = await startPair({
    script: async (connection, index) => {
      for (let count = 1; ; count += 1) {
        await connection.head(count)
        connection.write(ok(`${index}${count};`))
      }
    },
  })
  const client = await connectRaw(address)
  const one = requestBytes('GET /up/1', ['Connection: keep-alive'])
  client.write(one + one + requestBytes('GET /up/3'))
  const bodies = [...(await client.closed()).matchAll(/\r\n\r\n(\d\d;)/g)].map((match) => match[1])
  expect(bodies).toEqual(['01;', '02;', '03;'])
  expect(upstream.connections.length).toBe(1)
})
