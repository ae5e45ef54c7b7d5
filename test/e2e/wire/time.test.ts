import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { ok, type Script } from '../../support/recording-upstream.ts'
import { countRequests, send, startTarget, startWithSecrets } from '../../support/start-balanced.ts'
import { startPair } from '../../support/start-pair.ts'
import { oneRoute } from '../../support/start-proxy.ts'
import { stopClock } from '../../support/stopped-clock.ts'

const STREAM = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

/** Lets everything that is on its way arrive: another exchange begins and ends behind it. */
const settle = (address: Parameters<typeof exchangeRaw>[0]): Promise<string> =>
  exchangeRaw(address, requestBytes('GET /elsewhere'))

test('a body that comes slowly but steadily is not late, one that stops is', async () => {
  const clock = stopClock()
  const { address, upstream } = await startPair()
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', ['Transfer-Encoding: chunked']))
  const connection = await upstream.connection(0)
  for (const part of ['one', 'two', 'six']) {
    client.write(`3\r\n${part}\r\n`)
    await connection.until(part)
    await clock.pass(59_999)
    await settle(address)
    expect(client.received()).toBe('')
  }
  await clock.pass(1)
  expect(await client.until('\r\n\r\n')).toMatch(
    /^HTTP\/1\.1 408 [\s\S]*x-keyway-error: body_timeout/,
  )
  await connection.closed()
  client.socket.destroy()
})

/** More than the buffers of the system and of both sides take in, and less than a body may have. */
const UPLOAD = Buffer.alloc(30 * 1024 * 1024, 'u')

/** Takes an upload and answers; of its first connection it reads the head alone. */
const takesAllButTheFirst: Script = async ({ socket, head, write }, index) => {
  const { length } = await head()
  socket.on('data', () => {
    if (socket.bytesRead === length + UPLOAD.length) write(ok('all of it'))
  })
  if (index === 0) socket.pause()
}

test('an upload that its upstream does not read is not late, however long it stands', async () => {
  const clock = stopClock()
  const { address, upstream } = await startPair({ script: takesAllButTheFirst })
  const bytes = Buffer.concat([
    Buffer.from(requestBytes('POST /up/x', [`Content-Length: ${UPLOAD.length}`])),
    UPLOAD,
  ])
  const client = await connectRaw(address)
  for (let at = 0; at < bytes.length; at += 65_536) client.write(bytes.subarray(at, at + 65_536))
  const stuck = await upstream.connection(0)
  await stuck.head()
  // Another as long that begins later goes through meanwhile.
  expect(await exchangeRaw(address, bytes)).toMatch(/all of it$/)
  // It stands when no more of it leaves its client.
  for (let same = 0, left = -1; same < 5; same += 1) {
    if (client.socket.writableLength !== left) same = 0
    left = client.socket.writableLength
    await settle(address)
  }
  for (let turn = 0; turn < 3; turn += 1) {
    await clock.pass(60_000)
    await settle(address)
    expect([client.received(), client.ending()]).toEqual(['', null])
  }
  stuck.socket.resume()
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 [\s\S]*all of it$/)
})

test('a response that comes slowly but steadily is not late, one that stops is', async () => {
  const clock = stopClock()
  const { address, upstream } = await startPair()
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  const connection = await upstream.connection(0)
  await connection.head()
  await clock.pass(599_999)
  connection.write(STREAM)
  for (const part of ['one', 'two', 'six']) {
    connection.write(`3\r\n${part}\r\n`)
    await client.until(part)
    await clock.pass(299_999)
    await settle(address)
    expect(client.ending()).toBe(null)
  }
  await clock.pass(2)
  expect(await client.closed()).toMatch(/six\r\n$/)
  await connection.closed()
})

const LARGE = Buffer.alloc(64 * 1024 * 1024, 'x')

const large: Script = async ({ head, write }) => {
  await head()
  write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGE.length}\r\n\r\n`)
  write(LARGE)
}

test('a client that reads nothing for too long is cut off, its upstream with it', async () => {
  const clock = stopClock()
  const { address, upstream, proxy } = await startPair({ script: large })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  await client.until('\r\n\r\n')
  client.socket.pause()
  // A response as long goes past it meanwhile: all that could be written to it is.
  await exchangeRaw(address, requestBytes('GET /up/x'))
  await clock.pass(299_999)
  await settle(address)
  expect(proxy.stats().inFlight).toBe(1)
  // Its time began anew with what the kernel took late, if it took any.
  await clock.pass(300_000)
  await (await upstream.connection(0)).closed()
  client.socket.resume()
  expect((await client.closed()).length).toBeLessThan(LARGE.length)
})

test('a client that reads on in time is not cut off', async () => {
  const clock = stopClock()
  const { address } = await startPair({
    script: async (connection, index) => {
      await connection.head()
      const length = LARGE.length + 3
      connection.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`)
      connection.write(LARGE)
      if (index > 0) connection.write('end')
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  await client.until('\r\n\r\n')
  client.socket.pause()
  await exchangeRaw(address, requestBytes('GET /up/x'))
  await clock.pass(299_999)
  client.socket.resume()
  while (client.received().length < LARGE.length) await new Promise(setImmediate)
  await clock.pass(2)
  await settle(address)
  expect(client.ending()).toBe(null)
  client.socket.destroy()
})

test('a client that sends on and on after its answer is cut off after two seconds', async () => {
  const clock = stopClock()
  const { address } = await startPair()
  const client = await connectRaw(address)
  client.write(
    requestBytes('POST /elsewhere', ['Content-Length: 1000000', 'Connection: keep-alive'], 'abc'),
  )
  await client.until('no_route')
  await clock.pass(1_999)
  await settle(address)
  expect(client.ending()).toBe(null)
  await clock.pass(1)
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 404/)
})

/** Refuses the first request with a response whose body is `length` bytes long, of which `sent` come. */
const refusing = (length: number, sent: number): Script => {
  let count = 0
  return async (connection) => {
    for (let own = 1; ; own += 1) {
      await connection.head(own)
      count += 1
      if (count > 1) connection.write(ok('at last'))
      else
        connection.write(
          `HTTP/1.1 503 Busy\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(sent)}`,
        )
    }
  }
}

const RETRY = 'retry: { on: [503], backoff: 0s }'

/** A response of this length, of which that much was sent, is passed over: the next one is the answer. */
async function passOver(length: number, sent: number) {
  const clock = stopClock()
  const upstream = await startTarget('a', refusing(length, sent))
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: RETRY }))
  const answer = send(proxy)
  while (proxy.logged.length < 1) await new Promise(setImmediate)
  await clock.pass(0)
  expect((await answer).body).toBe('at last')
  return { clock, upstream, proxy }
}

test('the rest of a response that was passed over is read for a second', async () => {
  const { clock, upstream, proxy } = await passOver(10, 4)
  const first = await upstream.connection(0)
  await clock.pass(999)
  await send(proxy)
  first.write('123456')
  await send(proxy)
  expect(first.socket.destroyed).toBe(false)
  expect(countRequests(upstream)).toBe(4)
})

test('and its connection closes where it does not end in that time', async () => {
  const { clock, upstream } = await passOver(10, 4)
  await clock.pass(1_001)
  const first = await upstream.connection(0)
  await expect(first.closed()).resolves.toBeUndefined()
})

test('or is longer than is worth reading', async () => {
  const { upstream } = await passOver(1_000_000, 70_000)
  const first = await upstream.connection(0)
  await expect(first.closed()).resolves.toBeUndefined()
})

const HANDSHAKE = [
  'GET /up/socket HTTP/1.1',
  'Host: keyway.test',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
  '',
].join('\r\n')

const ACCEPTED =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'

test('a WebSocket on which nothing happens is closed on both sides', async () => {
  const { address, upstream } = await startPair({
    route: 'limits: { idle: 1s }',
    script: async (connection) => {
      await connection.head()
      connection.write(ACCEPTED)
    },
  })
  const client = await connectRaw(address)
  client.write(HANDSHAKE)
  expect(parseResponse(await client.closed()).status).toBe(101)
  await (await upstream.connection(0)).closed()
})

test('bytes that come before a handshake is answered are kept for the upstream', async () => {
  const { address, upstream } = await startPair({ route: 'limits: { idle: 0s }' })
  const client = await connectRaw(address)
  client.write(HANDSHAKE)
  const connection = await upstream.connection(0)
  await connection.head()
  // A frame of 16 KiB in all, unmasked: Keyway looks at lengths alone.
  const frame = Buffer.concat([Buffer.from([0x82, 126, 0x3f, 0xfc]), Buffer.alloc(16_380, 'z')])
  client.write(frame)
  await settle(address)
  connection.write(ACCEPTED)
  await connection.until('z'.repeat(16_380))
  expect(client.received()).toMatch(/^HTTP\/1\.1 101/)
  client.socket.destroy()
})

test('more of them than 16 KiB end the connection', async () => {
  const { address, upstream } = await startPair()
  const client = await connectRaw(address)
  client.write(HANDSHAKE)
  const connection = await upstream.connection(0)
  await connection.head()
  client.write('z'.repeat(16 * 1024 + 1))
  expect(await client.closed()).toBe('')
  await connection.closed()
  expect(connection.received()).not.toContain('zz')
})
