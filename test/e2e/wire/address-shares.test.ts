import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { parseResponse, requestBytes } from '../../support/raw-client.ts'
import { ok } from '../../support/recording-upstream.ts'
import { type Pair, startPair } from '../../support/start-pair.ts'
import { exchange, open, startHttp2 } from '../inbound/start-tls.ts'

/** Opens a connection from an address of the loopback network; all of them are this machine's. */
async function connectFrom({ address }: Pair, localAddress: string): Promise<Socket> {
  const socket = connect({ ...address, localAddress })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Everything that comes until the proxy closes. */
async function readAll(socket: Socket): Promise<string> {
  let received = ''
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
  })
  await new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return received
}

const nowhere = requestBytes('GET /nowhere')

async function statusFrom(pair: Pair, localAddress: string, bytes = nowhere): Promise<number> {
  const socket = await connectFrom(pair, localAddress)
  socket.write(bytes)
  return parseResponse(await readAll(socket)).status
}

const server = (limits: string, more = ''): string => `server: { limits: { ${limits} }${more} }`

test('one address holds its share of the connections, and leaves the others to others', async () => {
  const pair = await startPair({ server: server('connectionsPerAddress: 2') })
  const held = [await connectFrom(pair, '127.0.0.1'), await connectFrom(pair, '127.0.0.1')]
  await expect.poll(() => pair.proxy.stats().connections).toBe(2)
  const third = await connectFrom(pair, '127.0.0.1')
  expect(await readAll(third)).toBe('')
  expect(await statusFrom(pair, '127.0.0.2')).toBe(404)
  held[0]?.destroy()
  await expect.poll(() => pair.proxy.stats().connections).toBe(1)
  expect(await statusFrom(pair, '127.0.0.1')).toBe(404)
})

test('the connections of a trusted peer are those of others, and are not counted', async () => {
  const pair = await startPair({
    server: server('connectionsPerAddress: 1', ', trust: [127.0.0.1]'),
  })
  await connectFrom(pair, '127.0.0.1')
  await connectFrom(pair, '127.0.0.1')
  await expect.poll(() => pair.proxy.stats().connections).toBe(2)
  expect(await statusFrom(pair, '127.0.0.1')).toBe(404)
})

const up = (fields: readonly string[] = []): string => requestBytes('GET /up/x', fields)

test('one address has its share of requests under way, 429 beyond', async () => {
  const pair = await startPair({ server: server('requestsPerAddress: 1') })
  const first = await connectFrom(pair, '127.0.0.1')
  first.write(up())
  const connection = await pair.upstream.connection(0)
  await connection.head()
  const second = await connectFrom(pair, '127.0.0.1')
  second.write(up())
  const refused = parseResponse(await readAll(second))
  expect(refused.status).toBe(429)
  expect(refused.fields).toContain('x-keyway-error: address_busy')
  expect(refused.fields).toContain('retry-after: 1')
  // What Keyway answers by itself takes nothing from anyone.
  expect(await statusFrom(pair, '127.0.0.1')).toBe(404)
  const other = statusFrom(pair, '127.0.0.2', up())
  const otherConnection = await pair.upstream.connection(1)
  await otherConnection.head()
  otherConnection.write(ok('other'))
  expect(await other).toBe(200)
  connection.write(ok('first'))
  expect(await readAll(first)).toMatch(/first$/)
  const again = statusFrom(pair, '127.0.0.1', up())
  for (const { head, write } of pair.upstream.connections)
    void head(2).then(
      () => write(ok('again')),
      () => undefined,
    )
  expect(await again).toBe(200)
})

test('a client that leaves gives its place back', async () => {
  const pair = await startPair({ server: server('requestsPerAddress: 1') })
  const first = await connectFrom(pair, '127.0.0.1')
  first.write(up())
  const connection = await pair.upstream.connection(0)
  await connection.head()
  first.destroy()
  await connection.closed()
  const next = statusFrom(pair, '127.0.0.1', up())
  const other = await pair.upstream.connection(1)
  await other.head()
  other.write(ok('next'))
  expect(await next).toBe(200)
})

test('behind a trusted peer the client that it names counts', async () => {
  const pair = await startPair({ server: server('requestsPerAddress: 1', ', trust: [127.0.0.1]') })
  const first = await connectFrom(pair, '127.0.0.1')
  first.write(up(['X-Forwarded-For: 203.0.113.1']))
  await (await pair.upstream.connection(0)).head()
  expect(await statusFrom(pair, '127.0.0.1', up(['X-Forwarded-For: 203.0.113.1']))).toBe(429)
  const other = statusFrom(pair, '127.0.0.1', up(['X-Forwarded-For: 203.0.113.2']))
  const connection = await pair.upstream.connection(1)
  await connection.head()
  connection.write(ok('other'))
  expect(await other).toBe(200)
})

test('streams of HTTP/2 are requests under way', async () => {
  const { session, upstream } = await startHttp2({}, ', limits: { requestsPerAddress: 2 }')
  const held = [0, 1].map(() => open(session, { ':path': '/up/x' }))
  await (await upstream.connection(1)).head()
  const refused = await exchange(session, { ':path': '/up/x' })
  expect(refused).toMatchObject({ status: 429, ending: 'end' })
  expect(refused.headers['x-keyway-error']).toBe('address_busy')
  held[0]?.close(8)
  await upstream.connections[0]?.closed()
  const next = exchange(session, { ':path': '/up/x' })
  const connection = await upstream.connection(2)
  await connection.head()
  connection.write(ok('next'))
  expect((await next).body).toBe('next')
})

test('a WebSocket is under way until its connection ends', async () => {
  const handshake = requestBytes('GET /up/ws', [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ])
  const pair = await startPair({
    server: server('requestsPerAddress: 1'),
    async script(connection) {
      await connection.head()
      connection.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      )
      await connection.closed()
      connection.socket.end()
    },
  })
  const socket = await connectFrom(pair, '127.0.0.1')
  socket.write(handshake)
  await once(socket, 'data')
  expect(await statusFrom(pair, '127.0.0.1', up())).toBe(429)
  socket.destroy()
  await expect.poll(() => pair.proxy.stats().connections).toBe(0)
  const next = await connectFrom(pair, '127.0.0.1')
  next.write(handshake)
  expect(String(await once(next, 'data'))).toMatch(/^HTTP\/1.1 101 /)
})
