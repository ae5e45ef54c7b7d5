import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { connectRaw, exchangeRaw, parseResponse } from '../../support/raw-client.ts'
import { ok } from '../../support/recording-upstream.ts'
import { closeAfter, startPair } from '../../support/start-pair.ts'
import { oneRoute, startProxy, type TestProxy } from '../../support/start-proxy.ts'

const rules = `
rules:
  - if credential matches ^sk-ant- use x-api-key else authorization bearer
`

const handshake = [
  'GET /up/socket?a=1 HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]

const accepted =
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Up: 1\r\n\r\n'

function bytes(lines: readonly string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}

/** A real WebSocket server behind the proxy. */
async function startServer(
  options: ConstructorParameters<typeof WebSocketServer>[0] = {},
  server = '',
): Promise<{ proxy: TestProxy; wss: WebSocketServer; url: string }> {
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1', ...options })
  await once(wss, 'listening')
  const { port } = wss.address() as AddressInfo
  const proxy = await startProxy(oneRoute(`http://127.0.0.1:${port}`, { route: rules, server }))
  closeAfter(proxy.close)
  closeAfter(async () => {
    for (const client of wss.clients) client.terminate()
    wss.close()
  })
  return { proxy, wss, url: `ws://127.0.0.1:${proxy.address.port}/up/socket` }
}

test('the upstream is asked first, with the credential where the rules put it', async () => {
  const { address, upstream } = await startPair({
    route: rules,
    script: async (connection) => {
      await connection.head()
      connection.write(accepted)
    },
  })
  const client = await connectRaw(address)
  client.write(bytes([...handshake, 'Authorization: Bearer sk-ant-api03-FAKE']))
  const answer = parseResponse(await client.until('\r\n\r\n'))
  expect(answer.statusLine).toBe('HTTP/1.1 101 Switching Protocols')
  expect(answer.fields).toEqual(['Connection: Upgrade', 'Upgrade: websocket', 'X-Up: 1'])
  const [line, ...fields] = ((await upstream.connections[0]?.head()) ?? '').split('\r\n')
  expect(line).toBe('GET /socket?a=1 HTTP/1.1')
  expect(fields).toContain('x-api-key: sk-ant-api03-FAKE')
  expect(fields).toContain('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==')
  expect(fields.join('\n')).not.toMatch(/^authorization/im)
  client.socket.destroy()
})

test('a refusal reaches the client as that status, with its fields and body', async () => {
  const { address } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write(ok('no token', ['WWW-Authenticate: Bearer']).replace('200 OK', '401 No'))
    },
  })
  const answer = parseResponse(await exchangeRaw(address, bytes(handshake)))
  expect(answer.statusLine).toBe('HTTP/1.1 401 No')
  expect(answer.fields).toContain('WWW-Authenticate: Bearer')
  expect(answer.body).toBe('no token')
})

test('an upstream that switches to another protocol than was asked for is a 502', async () => {
  const switched = accepted.replace('Upgrade: websocket', 'Upgrade: h2c')
  const { address, upstream } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write(switched)
    },
  })
  const answer = parseResponse(await exchangeRaw(address, bytes(handshake)))
  expect(answer.fields).toContain('x-keyway-error: upstream_failed')
  await (await upstream.connection(0)).closed()
})

test('a switch of protocols has no length', async () => {
  const { address } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write(accepted.replace('X-Up: 1', 'Content-Length: 5'))
      connection.socket.end('hello')
    },
  })
  const client = await connectRaw(address)
  client.write(bytes(handshake))
  const answer = parseResponse(await client.until('hello'))
  expect([answer.fields, answer.body]).toEqual([
    ['Connection: Upgrade', 'Upgrade: websocket'],
    'hello',
  ])
  client.socket.destroy()
})

test('an upstream that is not there is a 502 of Keyway', async () => {
  const proxy = await startProxy(oneRoute('http://127.0.0.1:1'))
  closeAfter(proxy.close)
  const answer = parseResponse(await exchangeRaw(proxy.address, bytes(handshake)))
  expect(answer.status).toBe(502)
  expect(answer.fields).toContain('x-keyway-error: upstream_unreachable')
})

test('a handshake with a body is refused', async () => {
  const { address, upstream } = await startPair()
  const answer = parseResponse(
    await exchangeRaw(address, bytes([...handshake, 'Content-Length: 5'])),
  )
  expect(answer.fields).toContain('x-keyway-error: handshake_with_body')
  expect(upstream.connections).toEqual([])
})

/** What a client may send before its handshake is answered. */
const EARLY_BYTES = 16 * 1024

test.each([
  { name: 'as much as it may', bytes: EARLY_BYTES, ends: 'at the upstream' },
  { name: 'a byte more', bytes: EARLY_BYTES + 1, ends: 'with the connection' },
])('what a client sends ahead of the answer ends $ends: $name', async ({ bytes: count, ends }) => {
  const { address, upstream } = await startPair()
  const client = await connectRaw(address)
  client.write(bytes(handshake))
  const connection = await upstream.connection(0)
  await connection.head()
  client.write('z'.repeat(count))
  if (ends === 'with the connection') {
    expect(await client.closed()).toBe('')
    await connection.closed()
    expect(connection.received()).not.toContain('zz')
    return
  }
  // It has been read by the time that a connection behind it is answered.
  await exchangeRaw(address, bytes(['GET /nowhere HTTP/1.1', 'Host: a', 'Connection: close']))
  connection.write(accepted)
  expect(await connection.until('z'.repeat(count))).toMatch(/\r\n\r\nz+$/)
  client.socket.destroy()
})

test('messages, subprotocols, pings and close codes pass both ways', async () => {
  const { wss, url } = await startServer({ handleProtocols: () => 'second' })
  const connected = once(wss, 'connection')
  const client = new WebSocket(url, ['first', 'second'])
  await once(client, 'open')
  const [server] = (await connected) as [WebSocket]
  expect(client.protocol).toBe('second')

  const text = once(server, 'message')
  client.send('hello')
  expect(String((await text)[0])).toBe('hello')
  const binary = once(client, 'message')
  server.send(Buffer.alloc(200_000, 7))
  expect(Buffer.alloc(200_000, 7).equals((await binary)[0])).toBe(true)
  const ping = once(server, 'ping')
  const pong = once(client, 'pong')
  client.ping('p')
  expect(String((await ping)[0])).toBe('p')
  expect(String((await pong)[0])).toBe('p')
  const closed = once(client, 'close')
  server.close(4001, 'why')
  const [code, reason] = await closed
  expect([code, String(reason)]).toEqual([4001, 'why'])
})

test('a close code of the client reaches the server', async () => {
  const { wss, url } = await startServer()
  const connected = once(wss, 'connection')
  const client = new WebSocket(url)
  const [server] = (await connected) as [WebSocket]
  await once(client, 'open')
  const closed = once(server, 'close')
  client.close(4002, 'done')
  const [code, reason] = await closed
  expect([code, String(reason)]).toEqual([4002, 'done'])
})

test('a message over the limit closes the connection with 1009', async () => {
  const { wss, url } = await startServer({}, 'server: { limits: { message: 1KiB } }')
  const connected = once(wss, 'connection')
  const client = new WebSocket(url)
  const [server] = (await connected) as [WebSocket]
  await once(client, 'open')
  const received: string[] = []
  server.on('message', (message) => received.push(String(message)))
  const closed = once(client, 'close')
  client.send('short')
  client.send(Buffer.alloc(2_000))
  expect((await closed)[0]).toBe(1009)
  expect(received).toEqual(['short'])
})

/** An open tunnel, from both ends. */
async function openTunnel(wss: WebSocketServer, url: string): Promise<[WebSocket, WebSocket]> {
  const connected = once(wss, 'connection')
  const client = new WebSocket(url)
  const [server] = (await connected) as [WebSocket]
  await once(client, 'open')
  return [client, server]
}

test('a client that does not read stops its server, and nobody else', async () => {
  const { wss, url } = await startServer({}, 'server: { limits: { message: 999MiB } }')
  const large = Buffer.alloc(64 * 1024 * 1024)
  const [client, server] = await openTunnel(wss, url)
  const [otherClient, otherServer] = await openTunnel(wss, url)
  client.pause()
  server.send(large)
  otherServer.send(large)
  const [received] = await once(otherClient, 'message')
  expect(received).toHaveLength(large.length)
  expect(server.bufferedAmount).toBeGreaterThan(large.length / 2)
  const late = once(client, 'message')
  client.resume()
  expect((await late)[0]).toHaveLength(large.length)
})

/** A WebSocket between two that see each byte. */
async function startRaw() {
  const { address, upstream } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write(accepted)
    },
  })
  const client = await connectRaw(address)
  client.write(bytes(handshake))
  await client.until('\r\n\r\n')
  return { client, upstream }
}

test('a reset reaches the other side as one', async () => {
  const { client, upstream } = await startRaw()
  upstream.connections[0]?.socket.resetAndDestroy()
  await client.closed()
  expect(client.ending()).toBe('reset')
})

test('a half-close reaches the other side, which may still answer', async () => {
  const { client, upstream } = await startRaw()
  client.socket.end()
  const connection = await upstream.connection(0)
  await connection.closed()
  connection.write('late')
  connection.socket.end()
  expect(await client.closed()).toMatch(/late$/)
})

test('an upgrade to anything else is an ordinary request, body and all', async () => {
  const { address, upstream } = await startPair({
    script: async (connection) => {
      await connection.until('hello')
      connection.write(ok('plain'))
    },
  })
  const client = await connectRaw(address)
  client.write(
    bytes([
      'POST /up/x HTTP/1.1',
      'Host: localhost',
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA',
      'Content-Length: 5',
    ]),
  )
  client.write('hello')
  expect(await client.until('plain')).toMatch(/^HTTP\/1\.1 200 OK/)
  const received = upstream.connections[0]?.received() ?? ''
  expect(received).not.toMatch(/h2c|http2-settings/i)
  client.socket.destroy()
})

test.each(['', 'Content-Length: 5\r\n', 'Transfer-Encoding: chunked\r\n'])(
  'CONNECT is refused, with a body or without: %j',
  async (framing) => {
    const { address } = await startPair()
    const answer = await exchangeRaw(
      address,
      `CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n${framing}\r\n`,
    )
    expect(parseResponse(answer).fields).toContain('x-keyway-error: connect_refused')
  },
)
