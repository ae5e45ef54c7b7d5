import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, requestBytes } from '../../support/raw-client.ts'
import { ok, type Script, type UpstreamConnection } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'
import { stopClock } from '../../support/stopped-clock.ts'

const sse =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n'

test('the head of a stream leaves when it comes, and each event when it comes', async () => {
  const { address, upstream } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write(sse)
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  await client.until('\r\n\r\n')
  for (const event of ['data: 1\n\n', 'data: 2\n\n']) {
    upstream.connections[0]?.write(`${event.length.toString(16)}\r\n${event}\r\n`)
    await client.until(event)
  }
  upstream.connections[0]?.write('0\r\n\r\n')
  expect(await client.closed()).toMatch(/0\r\n\r\n$/)
})

const departures = [
  { name: 'before the head of the response', sent: '' },
  { name: 'after the head', sent: sse },
  { name: 'amid the body', sent: `${sse}3\r\nxyz\r\n` },
]

test.each(departures)('the client leaves $name: the upstream is cancelled', async ({ sent }) => {
  const { address, upstream, proxy } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write(sent)
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  const connection = await upstream.connection(0)
  await connection.head()
  if (sent !== '') await client.until(sent.slice(-7))
  client.socket.destroy()
  await connection.closed()
  expect(proxy.stats().inFlight).toBe(0)
})

test('a client that resets cancels the upstream too', async () => {
  const { address, upstream } = await startPair()
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', ['Content-Length: 3'], 'xyz'))
  const connection = await upstream.connection(0)
  await connection.until('xyz')
  client.socket.resetAndDestroy()
  await expect(connection.closed()).resolves.toBeUndefined()
})

test('a client that leaves amid its own body cancels the upstream', async () => {
  const { address, upstream } = await startPair()
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', ['Content-Length: 100000'], 'xyz'))
  const connection = await upstream.connection(0)
  await connection.until('xyz')
  client.socket.destroy()
  await expect(connection.closed()).resolves.toBeUndefined()
})

const deaths = [
  {
    name: 'a length',
    head: 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n',
    body: 'xyz',
    by: 'end',
  },
  { name: 'chunks', head: sse, body: '3\r\nxyz\r\n', by: 'end' },
  { name: 'chunks', head: sse, body: '3\r\nxyz\r\n', by: 'reset' },
  { name: 'a malformed chunk', head: sse, body: '3\r\nxyz\r\nzz\r\n', by: 'end' },
] as const

test.each(deaths)(
  'the upstream dies amid a body framed by $name ($by): the client is cut off',
  async ({ head, body, by }) => {
    const { address, upstream, logged } = await startPair({
      script: async (connection) => {
        await connection.head()
        connection.write(head + body)
      },
    })
    const client = await connectRaw(address)
    client.write(requestBytes('GET /up/x', ['Connection: keep-alive']))
    await client.until('xyz')
    die(upstream.connections[0] as UpstreamConnection, by)
    const answer = await client.closed()
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(answer).not.toMatch(/\r\n0\r\n\r\n$/)
    expect(logged.map(({ message }) => message)).toEqual(['upstream failed'])
  },
)

test('a body that ends with the connection is cut off by a reset', async () => {
  const { address, upstream } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nxyz')
    },
  })
  const client = await connectRaw(address)
  client.write('GET /up/x HTTP/1.0\r\n\r\n')
  await client.until('xyz')
  upstream.connections[0]?.socket.destroy()
  await client.closed()
  expect(client.ending()).toBe('reset')
})

function die({ socket }: UpstreamConnection, by: 'end' | 'reset'): void {
  if (by === 'end') socket.destroy()
  else socket.resetAndDestroy()
}

/** More than the buffers of the system and of both sides take in. */
const LARGE = Buffer.alloc(64 * 1024 * 1024, 'x')

test('a reader that stops stops the upstream, for itself alone', async () => {
  const { address, upstream } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGE.length}\r\n\r\n`)
      connection.write(LARGE)
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  await client.until('\r\n\r\n')
  client.socket.pause()
  // Another response as long, which begins later, comes whole meanwhile.
  expect((await exchangeRaw(address, requestBytes('GET /up/x'))).length).toBeGreaterThan(
    LARGE.length,
  )
  const { socket } = await upstream.connection(0)
  expect(socket.writableLength).toBeGreaterThan(LARGE.length / 2)
  client.socket.resume()
  expect((await client.closed()).length).toBeGreaterThan(LARGE.length)
})

test('a slow reader gets every byte', async () => {
  const body = Buffer.alloc(8 * 1024 * 1024, 'abcdefg')
  const { address } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n`)
      connection.write(body)
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  await client.until('\r\n\r\n')
  for (let turn = 0; turn < 50; turn += 1) {
    client.socket.pause()
    await new Promise(setImmediate)
    client.socket.resume()
    await new Promise(setImmediate)
  }
  const answer = await client.closed()
  expect(answer.slice(answer.indexOf('\r\n\r\n') + 4) === body.toString('latin1')).toBe(true)
})

/** An upstream that does not read from its first client, and answers those that come later. */
const firstUnread: Script = ({ socket, write }, index) => {
  if (index === 0) socket.pause()
  else
    socket.on('data', (chunk: Buffer) => {
      if (chunk.toString('latin1').endsWith('!')) write(ok('read'))
    })
}

const upload = requestBytes('POST /up/x', [`Content-Length: ${LARGE.length + 1}`])

test('an upstream that does not read stops the client, for that request alone', async () => {
  const { address, upstream } = await startPair({
    route: 'limits: { body: 999MiB }',
    script: firstUnread,
  })
  const client = await connectRaw(address)
  client.write(upload)
  const { socket } = await upstream.connection(0)
  client.write(LARGE)
  const other = await connectRaw(address)
  other.write(upload)
  other.write(LARGE)
  other.write('!')
  expect(await other.closed()).toMatch(/read$/)
  expect(client.socket.writableLength).toBeGreaterThan(LARGE.length / 2)
  socket.resume()
  await new Promise<void>((resolve) => client.socket.once('drain', resolve))
  client.socket.destroy()
})

test('a client that resets while the upstream takes no more is noticed', async () => {
  const clock = stopClock()
  const { address, proxy } = await startPair({
    route: 'limits: { body: 999MiB }',
    script: firstUnread,
  })
  const { socket } = await connectRaw(address)
  socket.write(upload)
  socket.write(LARGE)
  const other = await connectRaw(address)
  while (proxy.stats().inFlight < 1) await new Promise(setImmediate)
  other.write(upload)
  other.write(LARGE)
  other.write('!')
  await other.closed()
  expect(proxy.stats().inFlight).toBe(1)
  socket.resetAndDestroy()
  // Whether the client is there is looked at when nothing has come for as long as it may be silent.
  await clock.pass(60_000)
  await expect.poll(() => proxy.stats()).toMatchObject({ connections: 0, inFlight: 0 })
})

test('an early answer reaches a client that is still sending', async () => {
  const { address } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write(ok('no', ['Connection: close']).replace('200 OK', '401 No'))
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', ['Content-Length: 1000000', 'Connection: keep-alive']))
  client.write('x'.repeat(300_000))
  await client.until('no')
  client.write('x'.repeat(700_000))
  client.write(requestBytes('GET /elsewhere'))
  expect(await client.closed()).toMatch(/HTTP\/1\.1 404/)
})

test('a client that sends on after its answer is cut off in the end', async () => {
  const { address } = await startPair()
  const answer = await exchangeRaw(
    address,
    requestBytes('POST /elsewhere', ['Content-Length: 1000000', 'Connection: keep-alive'], 'xyz'),
  )
  expect(answer).toMatch(/^HTTP\/1\.1 404/)
})
