import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

const MIB = 1024 * 1024
const keepAlive = ['Connection: keep-alive']

const statusesOf = (answers: string): number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status))

test('an answer to a client that sends on is not lost in a reset', async () => {
  const { address } = await startPair({ route: 'limits: { body: 1KiB }' })
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', ['Content-Length: 2000000', 'Connection: close']))
  client.write(Buffer.alloc(MIB, 'x'))
  const answer = parseResponse(await client.closed())
  expect(answer.status).toBe(413)
  expect(answer.fields).toContain('x-keyway-error: body_too_large')
  expect(client.ending()).toBe('end')
})

test('of a request that was answered early the rest is read, and the next one is served', async () => {
  const { address } = await startPair({
    route: 'limits: { body: 1KiB }',
    script: always(ok('next')),
  })
  const long = requestBytes('POST /up/x', ['Content-Length: 2000', ...keepAlive], 'x'.repeat(2_000))
  const answers = await exchangeRaw(address, `${long}${requestBytes('GET /up/y')}`)
  expect(statusesOf(answers)).toEqual([413, 200])
})

test('requests whose answers nobody reads are not asked for on and on', async () => {
  const body = 'b'.repeat(MIB)
  const { address, upstream } = await startPair({ script: always(ok(body)) })
  const client = await connectRaw(address)
  client.socket.pause()
  client.write(requestBytes('GET /up/x', keepAlive).repeat(1_000))
  await (await upstream.connection(0)).head()
  // Others are answered all the while, and the thousand are not.
  for (let turn = 0; turn < 200; turn += 1) await exchangeRaw(address, requestBytes('GET /none'))
  const asked = upstream.connections.flatMap(({ received }) => received().match(/^GET /gm) ?? [])
  expect(asked.length).toBeLessThan(20)
  client.socket.destroy()
})

test('a client that leaves with more behind its request than is read is noticed', async () => {
  const { address, upstream } = await startPair({
    server: 'server: { limits: { bodyIdle: 0s } }',
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x', keepAlive))
  const connection = await upstream.connection(0)
  await connection.head()
  client.socket.write(Buffer.from(requestBytes('GET /up/y', keepAlive).repeat(100_000)))
  // It is read as far as it is while others are answered.
  for (let turn = 0; turn < 50; turn += 1) await exchangeRaw(address, requestBytes('GET /none'))
  client.socket.resetAndDestroy()
  await connection.closed()
  expect(connection.received()).not.toContain('/y')
})

test('and so is one that leaves behind the first of them', async () => {
  const { address, upstream } = await startPair({
    server: 'server: { limits: { bodyIdle: 0s } }',
    script: async (connection) => {
      await connection.head()
      connection.write(ok('one'))
    },
  })
  const client = await connectRaw(address)
  const many = requestBytes('GET /up/y', keepAlive).repeat(100_000)
  client.write(requestBytes('GET /up/x', keepAlive) + many)
  const connection = await upstream.connection(0)
  await connection.head(2)
  client.socket.resetAndDestroy()
  await connection.closed()
  expect(connection.received().match(/^GET /gm)).toHaveLength(2)
})

test('who says nothing is let go without a word, and who stops amid a head is told', async () => {
  const { address } = await startPair({ server: 'server: { limits: { headersTimeout: 100ms } }' })
  const silent = await connectRaw(address)
  expect(await silent.closed()).toBe('')
  const late = await exchangeRaw(address, '\r\nGET /up/x HTTP/1.1\r\n')
  expect(parseResponse(late).status).toBe(408)
})

test('who ends amid a head is told so', async () => {
  const { address } = await startPair()
  const client = await connectRaw(address)
  client.socket.end('GET /up/x HTTP/1.1\r\n')
  expect(parseResponse(await client.closed()).status).toBe(400)
})

test('a body of HTTP/1.0 whose length nobody knows ends with the connection', async () => {
  const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'
  const { address } = await startPair({ script: always(chunked) })
  const answer = parseResponse(
    await exchangeRaw(address, 'GET /up/x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'),
  )
  expect(answer.body).toBe('abc')
  expect(answer.fields).toContain('Connection: close')
  expect(answer.fields.join('\n')).not.toMatch(/transfer-encoding/i)
})

test('a connection of HTTP/1.0 stays where it asked to, and the length is known', async () => {
  const { address } = await startPair({ script: always(ok('one')) })
  const kept = 'GET /up/x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n'
  const answers = await exchangeRaw(address, `${kept}GET /up/x HTTP/1.0\r\n\r\n`)
  expect(answers.match(/^Connection: .*$/gm)).toEqual([
    'Connection: keep-alive',
    'Connection: close',
  ])
})

test('an upgrade to anything but a WebSocket is a request like others', async () => {
  const { address, upstream } = await startPair({ script: always(ok('plain')) })
  const h2c = [
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAAQAAP__',
  ]
  const answers = await exchangeRaw(
    address,
    requestBytes('GET /up/x', h2c) + requestBytes('GET /up/y'),
  )
  expect(statusesOf(answers)).toEqual([200, 200])
  expect(upstream.connections[0]?.received()).not.toMatch(/upgrade|http2-settings/i)
})
