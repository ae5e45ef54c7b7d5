import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, parseResponse } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

const post = 'POST /up/x HTTP/1.1\r\nHost: a\r\n'
const get = 'GET /up/x HTTP/1.1\r\n'
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`

const cases = [
  { name: 'two Hosts', bytes: `${get}Host: a\r\nHost: b\r\n\r\n`, status: 400 },
  { name: 'the same Host twice', bytes: `${get}Host: a\r\nhost: a\r\n\r\n`, status: 400 },
  { name: 'no Host', bytes: `${get}\r\n`, status: 400 },
  { name: 'a user in Host', bytes: `${get}Host: u@a\r\n\r\n`, status: 400 },
  { name: 'a space in Host', bytes: `${get}Host: a b\r\n\r\n`, status: 400 },
  { name: 'a path in Host', bytes: `${get}Host: a/b\r\n\r\n`, status: 400 },
  {
    name: 'length and coding',
    bytes: `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  {
    name: 'coding and length',
    bytes: `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  {
    name: 'two lengths',
    bytes: `${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    status: 400,
  },
  {
    name: 'one length twice',
    bytes: `${post}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`,
    status: 400,
  },
  { name: 'a list of lengths', bytes: `${post}Content-Length: 1, 1\r\n\r\na`, status: 400 },
  { name: 'a signed length', bytes: `${post}Content-Length: +1\r\n\r\na`, status: 400 },
  { name: 'an empty length', bytes: `${post}Content-Length:\r\n\r\n`, status: 400 },
  {
    name: 'a length over all bounds',
    bytes: `${post}Content-Length: 99999999999999999999\r\n\r\n`,
    status: 400,
  },
  { name: 'gzip alone', bytes: `${post}Transfer-Encoding: gzip\r\n\r\n`, status: 400 },
  {
    name: 'gzip before chunked',
    bytes: `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  {
    name: 'chunked before gzip',
    bytes: `${post}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  {
    name: 'chunked twice',
    bytes: `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  {
    name: 'almost chunked',
    bytes: `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  { name: 'identity', bytes: `${post}Transfer-Encoding: identity\r\n\r\n`, status: 400 },
  {
    name: 'a vertical tab before chunked',
    bytes: `${post}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  {
    name: 'chunked on HTTP/1.0',
    bytes: 'POST /up/x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    status: 400,
  },
  { name: 'a folded field', bytes: `${get}Host: a\r\nX: a\r\n b\r\n\r\n`, status: 400 },
  { name: 'a folded first field', bytes: `${get} Host: a\r\n\r\n`, status: 400 },
  {
    name: 'a folded coding',
    bytes: `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  { name: 'LF after the request line', bytes: 'GET /up/x HTTP/1.1\nHost: a\r\n\r\n', status: 400 },
  { name: 'LF after a field', bytes: `${get}Host: a\nX: b\r\n\r\n`, status: 400 },
  { name: 'LF at the end of the head', bytes: `${get}Host: a\r\n\n`, status: 400 },
  { name: 'CR in a value', bytes: `${get}Host: a\r\nX: a\rb\r\n\r\n`, status: 400 },
  { name: 'NUL in a value', bytes: `${get}Host: a\r\nX: a\0b\r\n\r\n`, status: 400 },
  { name: 'NUL in a name', bytes: `${get}Host: a\r\nX\0: a\r\n\r\n`, status: 400 },
  { name: 'NUL in the target', bytes: 'GET /up/\0 HTTP/1.1\r\nHost: a\r\n\r\n', status: 400 },
  { name: 'a space before the colon', bytes: `${get}Host: a\r\nX : a\r\n\r\n`, status: 400 },
  { name: 'no colon', bytes: `${get}Host: a\r\nXa\r\n\r\n`, status: 400 },
  { name: 'an empty name', bytes: `${get}Host: a\r\n: a\r\n\r\n`, status: 400 },
  { name: 'a fragment', bytes: 'GET /up/x#y HTTP/1.1\r\nHost: a\r\n\r\n', status: 400 },
  { name: 'the asterisk', bytes: 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', status: 400 },
  {
    name: 'a user in the target',
    bytes: 'GET http://u@a/up/x HTTP/1.1\r\nHost: a\r\n\r\n',
    status: 400,
  },
  { name: 'another scheme', bytes: 'GET ftp://a/up/x HTTP/1.1\r\nHost: a\r\n\r\n', status: 400 },
  { name: 'HTTP/0.9', bytes: 'GET /up/x\r\n\r\n', status: 505 },
  { name: 'HTTP/2.0 in the old form', bytes: 'GET /up/x HTTP/2.0\r\nHost: a\r\n\r\n', status: 505 },
  { name: 'over 100 fields', bytes: `${get}Host: a\r\n${'X: a\r\n'.repeat(100)}\r\n`, status: 431 },
  {
    name: 'over 1,000 fields',
    bytes: `${get}Host: a\r\n${'X: a\r\n'.repeat(1_500)}\r\n`,
    status: 431,
  },
  {
    name: 'over 16 KiB of fields',
    bytes: `${get}Host: a\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`,
    status: 431,
  },
]

test.each(cases)('refused, and nothing is sent: $name', async ({ bytes, status }) => {
  const { address, upstream } = await startPair({ script: always(ok('never')) })
  const client = await exchangeOnce(address, bytes)
  expect(client.status).toBe(status)
  expect(client.fields.join('\n')).toMatch(/^x-keyway-error: [a-z_]+$/m)
  expect(upstream.connections).toEqual([])
})

const METHODS_OF_RTSP = [
  'DESCRIBE',
  'ANNOUNCE',
  'SETUP',
  'PLAY',
  'PAUSE',
  'TEARDOWN',
  'GET_PARAMETER',
  'SET_PARAMETER',
  'REDIRECT',
  'RECORD',
  'FLUSH',
]

test.each(METHODS_OF_RTSP)('a method of RTSP is refused in words of Keyway: %s', async (method) => {
  const { address, upstream } = await startPair({ script: always(ok('never')) })
  const bytes = `${method} /up/x RTSP/1.0\r\nHost: a\r\nCSeq: 1\r\n\r\n`
  const answer = parseResponse(await exchangeRaw(address, bytes))
  expect(answer.status).toBe(400)
  expect(answer.fields).toContain('x-keyway-error: bad_message')
  expect(JSON.parse(answer.body)).toMatchObject({ status: 400, code: 'bad_message' })
  expect(upstream.connections).toEqual([])
})

test('a method of RTSP behind a request leaves that its answer, and is refused in its turn', async () => {
  const { address, upstream } = await startPair()
  const client = await connectRaw(address)
  client.write(`${get}Host: a\r\n\r\nANNOUNCE /up/x RTSP/1.0\r\n\r\n${get}Host: a\r\n\r\n`)
  const connection = await upstream.connection(0)
  await connection.head()
  connection.write(ok('first'))
  const answers = await client.closed()
  expect(answers).toMatch(
    /^HTTP\/1\.1 200 OK\r\n(?:.+\r\n)+\r\nfirstHTTP\/1\.1 400 Bad Request\r\n/,
  )
  expect(answers.match(/HTTP\/1\.1/g)).toHaveLength(2)
})

const badChunks = [
  { name: 'LF after a size', body: '1\na\r\n0\r\n\r\n' },
  { name: 'LF after data', body: '1\r\na\n0\r\n\r\n' },
  { name: 'a hexadecimal prefix', body: '0x1\r\na\r\n0\r\n\r\n' },
  { name: 'a space after a size', body: '1 \r\na\r\n0\r\n\r\n' },
  { name: 'a size over all bounds', body: 'fffffffffffffffff\r\na\r\n0\r\n\r\n' },
  { name: 'more data than the size says', body: '1\r\nab\r\n0\r\n\r\n' },
  { name: 'a folded trailer', body: '0\r\nX: a\r\n b\r\n\r\n' },
]

test.each(badChunks)('a malformed chunked body is refused: $name', async ({ body }) => {
  const { address } = await startPair()
  const answer = await exchangeOnce(address, chunked + body)
  expect(answer.status).toBe(400)
  expect(answer.fields).toContain('Connection: close')
})

test('an extension that is too long is refused as that', async () => {
  const { address } = await startPair()
  const answer = await exchangeOnce(address, `${chunked}1;${'x'.repeat(5_000)}`)
  expect(answer.status).toBe(413)
  expect(answer.fields).toContain('x-keyway-error: chunk_extensions_too_large')
  expect(answer.fields).toContain('Connection: close')
})

/** Does not wait for the connection to close: a fault that leaves the framing clear keeps it open. */
async function exchangeOnce(address: Parameters<typeof connectRaw>[0], bytes: string) {
  const client = await connectRaw(address)
  client.write(bytes)
  const answer = parseResponse(await client.until('\r\n\r\n'))
  client.socket.destroy()
  return answer
}
