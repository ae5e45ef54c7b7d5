import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { constants, createSecureServer, type ServerHttp2Stream, type Settings } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { expect, test } from 'vitest'
import { FRAME, frame, uint32 } from '../../floods/http2-frames.ts'
import { connectRaw, exchangeRaw, requestBytes } from '../../support/raw-client.ts'
import { startWithSecrets } from '../../support/start-balanced.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { oneRoute, type TestProxy } from '../../support/start-proxy.ts'
import { stopClock } from '../../support/stopped-clock.ts'

const folder = join(import.meta.dirname, '../../fixtures/tls')
const pem = (name: string): string => readFileSync(join(folder, name), 'utf8')
const TRUST = `tls: { ca: ${join(folder, 'ca.pem')} }`

/** More than the buffers of the system and of both sides take in. */
const LARGE = Buffer.alloc(64 * 1024 * 1024, 'x')

/** An HTTP/2 upstream, and a proxy that speaks HTTP/2 with it. */
async function startHttp2(
  serve: (stream: ServerHttp2Stream) => void,
  settings: Settings = {},
): Promise<TestProxy> {
  const server = createSecureServer({
    cert: pem('server.pem'),
    key: pem('server.key'),
    // What waits for its readers counts as the session's memory.
    maxSessionMemory: 1_000,
    settings,
  })
  const sockets = new Set<Socket>()
  server.on('secureConnection', (socket: Socket) => sockets.add(socket))
  server.on('stream', (stream) => {
    stream.on('error', () => undefined)
    serve(stream)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeAfter(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  const url = `https://localhost:${(server.address() as AddressInfo).port}`
  return startWithSecrets(
    oneRoute(url, { upstream: `${TRUST}\nhttp2: true`, route: 'limits: { body: 999MiB }' }),
  )
}

test('a client that does not read stops its stream of HTTP/2, and no other', async () => {
  const streams: ServerHttp2Stream[] = []
  const { address } = await startHttp2((stream) => {
    streams.push(stream)
    stream.respond({ ':status': 200, 'content-length': LARGE.length })
    stream.end(LARGE)
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  await client.until('\r\n\r\n')
  client.socket.pause()
  const other = await exchangeRaw(address, requestBytes('GET /up/x'))
  expect(other.length).toBeGreaterThan(LARGE.length)
  expect(streams[0]?.writableFinished).toBe(false)
  client.socket.resume()
  expect((await client.closed()).length).toBeGreaterThan(LARGE.length)
})

test('a client that stops reading is what a stream of HTTP/2 waits for: its upstream is not late', async () => {
  const clock = stopClock()
  const { address, logged } = await startHttp2((stream) => {
    stream.respond({ ':status': 200, 'content-length': LARGE.length })
    stream.end(LARGE)
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  await client.until('\r\n\r\n')
  client.socket.pause()
  await exchangeRaw(address, requestBytes('GET /up/x'))
  await clock.pass(300_000)
  expect(logged.map(({ fields }) => fields.code)).toEqual(['client_stalled'])
  client.socket.destroy()
})

test('an upstream of HTTP/2 may send a hundred interim responses, and no more', async () => {
  const counts = [100, 101]
  const { address } = await startHttp2((stream) => {
    const count = counts.shift() ?? 0
    for (let hint = 0; hint < count; hint += 1)
      stream.additionalHeaders({ ':status': 103, link: '</a>' })
    stream.respond({ ':status': 200 })
    stream.end('at last')
  })
  const answers = [
    await exchangeRaw(address, requestBytes('GET /up/x')),
    await exchangeRaw(address, requestBytes('GET /up/x')),
  ]
  expect(answers.map((answer) => answer.match(/HTTP\/1\.1 (?!103)\d+/)?.[0])).toEqual([
    'HTTP/1.1 200',
    'HTTP/1.1 502',
  ])
})

test('an upstream that does not read its stream of HTTP/2 stops its client, and no other', async () => {
  const streams: ServerHttp2Stream[] = []
  const { address } = await startHttp2((stream) => {
    streams.push(stream)
    if (streams.length === 1) return
    stream.resume()
    stream.on('end', () => {
      stream.respond({ ':status': 200 })
      stream.end('read')
    })
  })
  const upload = requestBytes('POST /up/x', [`Content-Length: ${LARGE.length}`])
  const client = await connectRaw(address)
  client.write(upload)
  client.write(LARGE)
  while (streams.length < 1) await new Promise(setImmediate)
  const other = await connectRaw(address)
  other.write(upload)
  other.write(LARGE)
  expect(await other.closed()).toContain('read')
  expect(client.socket.writableLength).toBeGreaterThan(LARGE.length / 2)
  client.socket.destroy()
})

const POST = requestBytes('POST /up/x', ['Content-Length: 2'], 'hi')

test('an upstream of HTTP/2 that takes one request at a time is sent no more, from the first on', async () => {
  const { address, logged } = await startHttp2(
    (stream) => {
      stream.respond({ ':status': 200 })
      stream.end('one')
    },
    { maxConcurrentStreams: 1 },
  )
  const answers = await Promise.all(Array.from({ length: 10 }, () => exchangeRaw(address, POST)))
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  // Nor is any refused, and sent again.
  expect(logged).toEqual([])
})

test.each([
  { name: 'once', refusals: 1, status: '200', streams: 2 },
  { name: 'again and again', refusals: 9, status: '502', streams: 2 },
])('what HTTP/2 does not begin with is sent once more, whatever its method: $name', async (row) => {
  let streams = 0
  const { address } = await startHttp2((stream) => {
    streams += 1
    if (streams <= row.refusals) {
      stream.close(constants.NGHTTP2_REFUSED_STREAM)
      return
    }
    stream.respond({ ':status': 200 })
    stream.end('done')
  })
  const answer = await exchangeRaw(address, POST)
  expect([answer.slice(9, 12), streams]).toEqual([row.status, row.streams])
})

/** A server behind TLS that chose HTTP/2, and says none of it; `take` is given its connections, and what carries them. */
async function startMute(take: (socket: Socket, carrier: Socket) => void): Promise<TestProxy> {
  const pair = { cert: pem('server.pem'), key: pem('server.key'), ALPNProtocols: ['h2'] }
  const server = createTlsServer(pair, (socket) => {
    socket.on('error', () => undefined)
    closeAfter(async () => void socket.destroy())
    take(socket, carriers.shift() as Socket)
  })
  const carriers: Socket[] = []
  server.on('connection', (carrier: Socket) => carriers.push(carrier))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeAfter(async () => void server.close())
  const url = `https://localhost:${(server.address() as AddressInfo).port}`
  return startWithSecrets(
    oneRoute(url, {
      upstream: `${TRUST}\nhttp2: true\nretry: { attempts: 0 }`,
      route: 'limits: { body: 999MiB }',
    }),
  )
}

test('an upstream of HTTP/2 that ends before it has begun: 502', async () => {
  const { address } = await startMute((socket) => void socket.end())
  expect(await exchangeRaw(address, POST)).toContain('x-keyway-error: upstream_unreachable')
})

test('one that says nothing for ten seconds: 502', async () => {
  const clock = stopClock()
  let take = (_: Socket): void => undefined
  const taken = new Promise<Socket>((resolve) => {
    take = resolve
  })
  const { address } = await startMute((socket) => take(socket))
  const client = await connectRaw(address)
  client.write(POST)
  const socket = await taken
  // Its client speaks as soon as it listens.
  await once(socket, 'data')
  await clock.pass(9_999)
  expect(client.received()).toBe('')
  await clock.pass(1)
  expect(await client.closed()).toContain('x-keyway-error: upstream_unreachable')
})

const SETTING_INITIAL_WINDOW = 4

test('one that resets the connection with bytes of a request before it that it does not take: 502 at once', async () => {
  let reset = (): void => undefined
  const { address } = await startMute((socket, carrier) => {
    const window = Buffer.concat([Buffer.from([0, SETTING_INITIAL_WINDOW]), uint32(2 ** 30)])
    socket.write(frame(FRAME.settings, 0, 0, window))
    socket.write(frame(FRAME.windowUpdate, 0, 0, uint32(2 ** 30)))
    reset = () => void carrier.resetAndDestroy()
  })
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', [`Content-Length: ${LARGE.length}`]))
  client.write(LARGE)
  for (let before = -1; before !== client.socket.writableLength; ) {
    before = client.socket.writableLength
    for (let turn = 0; turn < 50; turn += 1)
      await exchangeRaw(address, requestBytes('GET /nowhere'))
  }
  reset()
  await client.until('\r\n\r\n')
  expect(client.received()).toContain('x-keyway-error: upstream_failed')
  client.socket.destroy()
})
