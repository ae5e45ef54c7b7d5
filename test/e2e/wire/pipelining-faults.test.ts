import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, parseResponse } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

const good = 'GET /up/1 HTTP/1.1\r\nHost: a\r\n\r\n'

const behind = [
  { name: 'garbage', bytes: 'GARBAGE\0\r\n\r\n', status: 400 },
  { name: 'a bad field', bytes: 'GET /up/2 HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n', status: 400 },
  {
    name: 'a bad chunk',
    bytes: 'POST /up/2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n',
    status: 400,
  },
  { name: 'a long head', bytes: `GET /up/${'a'.repeat(20_000)}`, status: 431 },
  { name: 'CONNECT', bytes: 'CONNECT b:80 HTTP/1.1\r\nHost: b\r\n\r\n', status: 405 },
]

test.each(behind)(
  'each is answered in its turn, a whole request and behind it: $name',
  async (row) => {
    const { address, upstream } = await startPair({ script: always(ok('one')) })
    const answers = await exchangeRaw(address, good + row.bytes + good)
    const statuses = [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))
    expect(statuses).toEqual([200, row.status])
    expect(upstream.connections[0]?.received()).not.toContain('/2')
  },
)

test('whoever leaves while the second of two requests is served is noticed', async () => {
  const { address, upstream, proxy } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write(ok('one'))
    },
  })
  const client = await connectRaw(address)
  client.write(good + good)
  await client.until('one')
  const connection = await upstream.connection(0)
  await connection.head(2)
  client.socket.destroy()
  await connection.closed()
  await expect.poll(() => proxy.stats()).toMatchObject({ connections: 0, inFlight: 0 })
})

test('a body that turns out malformed is answered in the second of two requests too', async () => {
  const { address, upstream } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write(ok('one'))
    },
  })
  const client = await connectRaw(address)
  const head = 'POST /up/2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'
  client.write(`${good}${head}2\r\nhe\r\n`)
  const connection = await upstream.connection(0)
  await connection.until('2\r\nhe')
  client.write('zz\r\n')
  expect(await client.closed()).toMatch(/one[\s\S]*HTTP\/1\.1 400 [\s\S]*x-keyway-error: bad_body/)
})

test('an answer that ends with the connection ends where it ends', async () => {
  const { address } = await startPair({ script: always(ok('one')) })
  const answer = await exchangeRaw(address, 'GET /up/1 HTTP/1.0\r\n\r\nGET /up/2 HTTP/1.1\r\n\r\n')
  expect(answer).toMatch(/\r\n\r\none$/)
})

const many = (count: number): string => '\r\nX: y'.repeat(count)

const unclear = [
  {
    name: 'an empty coding and a length',
    head: 'HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\nContent-Length: 5',
    body: 'hello',
  },
  {
    name: 'a coding before chunked',
    head: 'HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked',
    body: '0\r\n\r\n',
  },
  {
    name: 'chunked in HTTP/1.0',
    head: 'HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked',
    body: '0\r\n\r\n',
  },
  {
    name: 'chunked in HTTP/1.0, and too many fields',
    head: `HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked${many(150)}`,
    body: '0\r\n\r\n',
  },
  {
    name: 'a coding before chunked, and too many fields',
    head: `HTTP/1.1\r\nHost: a${many(2_100)}\r\nTransfer-Encoding: gzip, chunked`,
    body: '0\r\n\r\n',
  },
]

test.each(unclear)(
  'nothing is served behind a message whose end is unclear: $name',
  async ({ head, body }) => {
    const { address, upstream } = await startPair({ script: always(ok('never')) })
    const answer = parseResponse(
      await exchangeRaw(address, `POST /up/x ${head}\r\n\r\n${body}${good}`),
    )
    // Newer parsers refuse some of these themselves.
    expect(answer.fields.join('\n')).toMatch(/x-keyway-error: (?:transfer_coding|bad_message)/)
    expect(answer.fields.join('\n')).toMatch(/^connection: close$/im)
    expect(answer.body).not.toContain('HTTP/1.1')
    expect(upstream.connections).toEqual([])
  },
)

test('a refused request whose body is cut off is answered once', async () => {
  const { address } = await startPair()
  const client = await connectRaw(address)
  client.write('POST /elsewhere HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhello')
  await client.until('\r\n\r\n')
  client.socket.end()
  expect((await client.closed()).match(/HTTP\/1\.1/g)).toEqual(['HTTP/1.1'])
})
