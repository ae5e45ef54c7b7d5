import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createSecureServer, type Http2SecureServer, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { connectRaw, requestBytes } from '../../support/raw-client.ts'
import { always, ok, startTlsUpstream } from '../../support/recording-upstream.ts'
import { send, startWithSecrets } from '../../support/start-balanced.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { oneRoute } from '../../support/start-proxy.ts'

const folder = join(import.meta.dirname, '../../fixtures/tls')
const pem = (name: string): string => readFileSync(join(folder, name), 'utf8')
const CERTIFICATE = { cert: pem('server.pem'), key: pem('server.key') }
const TRUST = `tls: { ca: ${join(folder, 'ca.pem')} }`

interface Http2Upstream {
  readonly url: string
  readonly server: Http2SecureServer
}

async function startHttp2(
  listener: Parameters<typeof createSecureServer>[1],
): Promise<Http2Upstream> {
  const server = createSecureServer({ ...CERTIFICATE, allowHTTP1: true }, listener)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeAfter(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, server }
}

const HTTP2 = `${TRUST}\nhttp2: true`

test('HTTP/2 where the upstream offers it: fields, body and repeated fields pass', async () => {
  const seen: Record<string, unknown>[] = []
  const upstream = await startHttp2((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      const { httpVersion, method, url, headers } = request
      seen.push({
        httpVersion,
        method,
        url,
        body,
        key: headers['x-api-key'],
        host: headers[':authority'],
      })
      response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'x-any': 'yes' })
      response.end('by h2')
    })
  })
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: HTTP2 }))
  const fields = ['x-api-key: sk-ant-api03-FAKE', 'Content-Length: 5']
  const answer = await send(proxy, 'POST /up/x?y=1', fields, 'hello')
  expect([answer.status, answer.body]).toEqual([201, expect.stringContaining('by h2')])
  expect(answer.fields).toEqual(
    expect.arrayContaining(['set-cookie: a=1', 'set-cookie: b=2', 'x-any: yes']),
  )
  expect(seen).toEqual([
    {
      httpVersion: '2.0',
      method: 'POST',
      url: '/x?y=1',
      body: 'hello',
      key: 'sk-ant-api03-FAKE',
      host: upstream.url.slice('https://'.length),
    },
  ])
})

const odd: readonly { name: string; fields: readonly string[]; seen: readonly string[] }[] = [
  {
    name: 'fields of which Node writes one stand in one',
    fields: ['User-Agent: a', 'If-None-Match: "1"', 'user-agent: b', 'If-None-Match: "2"'],
    seen: ['user-agent', 'a, b', 'if-none-match', '"1", "2"'],
  },
  {
    name: 'names that every object knows are names as others',
    fields: ['constructor: a', '__proto__: b', 'toString: c', '__proto__: d'],
    seen: ['constructor', 'a', '__proto__', 'b', '__proto__', 'd', 'tostring', 'c'],
  },
]

test.each(odd)('HTTP/2: $name', async ({ fields, seen }) => {
  let raw: readonly string[] = []
  const upstream = await startHttp2((request, response) => {
    raw = request.rawHeaders
    response.end()
  })
  const text = oneRoute(upstream.url, { upstream: `${HTTP2}\nforwarded: false` })
  const answer = await send(await startWithSecrets(text), 'GET /up/x', fields)
  expect(answer.status).toBe(200)
  const sent = raw.filter((_, i) => !/^(:|x-)/.test(raw[i - (i % 2)] as string))
  expect(sent).toEqual(seen)
})

test('HTTP/2: Via says that the response came by it', async () => {
  const upstream = await startHttp2((request, response) => {
    response.end(`via ${request.headers.via}`)
  })
  const text = oneRoute(upstream.url, { upstream: HTTP2, server: 'server: { via: keyway }' })
  const answer = await send(await startWithSecrets(text))
  expect(answer.body).toContain('via 1.1 keyway')
  expect(answer.fields).toContain('Via: 2 keyway')
})

test('HTTP/2: a stream comes as it comes, and ends when the client leaves', async () => {
  let isCancelled: () => void = () => undefined
  const cancelled = new Promise<void>((resolve) => {
    isCancelled = resolve
  })
  let write: (text: string) => void = () => undefined
  const upstream = await startHttp2((_request, response) => {
    response.stream.respond({ ':status': 200, 'content-type': 'text/event-stream' })
    response.stream.on('close', isCancelled)
    write = (text) => void response.stream.write(text)
  })
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: HTTP2 }))
  const client = await connectRaw(proxy.address)
  client.write(requestBytes('GET /up/x'))
  await client.until('text/event-stream')
  write('data: one\n\n')
  await client.until('data: one')
  client.socket.destroy()
  await expect(cancelled).resolves.toBeUndefined()
})

test.each([
  {
    name: 'resets the stream',
    end: (stream: ServerHttp2Stream) => stream.destroy(new Error('TEST')),
  },
  { name: 'loses the connection', end: (stream: ServerHttp2Stream) => stream.session?.destroy() },
])('HTTP/2: an upstream that $name breaks the client off', async ({ end }) => {
  let breakOff: () => void = () => undefined
  const upstream = await startHttp2((_request, response) => {
    response.stream.respond({ ':status': 200 })
    response.stream.write('half')
    response.stream.on('error', () => undefined)
    breakOff = () => end(response.stream)
  })
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: HTTP2 }))
  const client = await connectRaw(proxy.address)
  client.write(requestBytes('GET /up/x'))
  await client.until('half')
  breakOff()
  expect(await client.closed()).not.toContain('\r\n0\r\n\r\n')
})

test('HTTP/2: many requests share a connection, and one that stalls holds up nobody', async () => {
  const big = Buffer.alloc(1024 * 1024, 'x')
  const sessions: object[] = []
  const upstream = await startHttp2((request, response) => {
    if (request.url === '/big') response.end(big)
    else setImmediate(() => response.end(request.url))
  })
  upstream.server.on('session', (session) => sessions.push(session))
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: HTTP2 }))
  await send(proxy)
  const stalled = await connectRaw(proxy.address)
  stalled.socket.pause()
  stalled.write(requestBytes('GET /up/big'))
  const paths = Array.from({ length: 40 }, (_, index) => `/${index}`)
  const answers = await Promise.all(paths.map((path) => send(proxy, `GET /up${path}`)))
  expect(answers.map(({ body }) => /\/\d+/.exec(body)?.[0])).toEqual(paths)
  expect(sessions).toHaveLength(1)
  stalled.socket.destroy()
})

test('HTTP/2: a POST body that is streamed, and HEAD', async () => {
  const upstream = await startHttp2((request, response) => {
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    request.on('end', () => response.end(`${request.method} ${bytes}`))
  })
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: HTTP2 }))
  const body = 'x'.repeat(1024 * 1024)
  const answer = await send(proxy, 'POST /up/x', [`Content-Length: ${body.length}`], body)
  expect(answer.body).toContain('POST 1048576')
  expect(await send(proxy, 'HEAD /up/x')).toMatchObject({ status: 200, body: '' })
})

test('HTTP/2: a graceful GOAWAY lets what is under way finish', async () => {
  let finish: () => void = () => undefined
  const upstream = await startHttp2((_request, response) => {
    response.stream.respond({ ':status': 200 })
    response.stream.write('half')
    finish = () => {
      response.stream.session?.close()
      setImmediate(() => response.stream.end('whole'))
    }
  })
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: HTTP2 }))
  const client = await connectRaw(proxy.address)
  client.write(requestBytes('GET /up/x'))
  await client.until('half')
  finish()
  expect(await client.closed()).toMatch(/half[\s\S]*whole\r\n0\r\n\r\n$/)
})

test('HTTP/2: an upstream that is silent for too long: 504', async () => {
  const upstream = await startHttp2(() => undefined)
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, { upstream: `${HTTP2}\nlimits: { responseHeaders: 100ms }` }),
  )
  expect((await send(proxy)).fields).toContain('x-keyway-error: upstream_timeout')
})

test.each([
  { name: 'a hundred', count: 100, bytes: 1, status: 200 },
  { name: 'more than a hundred', count: 101, bytes: 1, status: 502 },
  { name: 'long ones', count: 9, bytes: 8_000, status: 502 },
])('HTTP/2: $name interim responses: $status', async ({ count, bytes, status }) => {
  const upstream = await startHttp2((_request, response) => {
    for (let i = 0; i < count; i += 1)
      response.stream.additionalHeaders({ ':status': 103, link: 'a'.repeat(bytes) })
    response.end('fine')
  })
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: HTTP2 }))
  const client = await connectRaw(proxy.address)
  client.write(requestBytes('GET /up/x'))
  const received = await client.closed()
  expect(received).toContain(`HTTP/1.1 ${status} `)
  expect(received.includes('fine')).toBe(status === 200)
})

test('HTTP/2: interim responses do not put off the time for the final one', async () => {
  const upstream = await startHttp2((_request, { stream }) => {
    const timer = setInterval(() => {
      if (!stream.closed) stream.additionalHeaders({ ':status': 103 })
    }, 50)
    stream.on('close', () => clearInterval(timer))
    stream.on('error', () => undefined)
  })
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, { upstream: `${HTTP2}\nlimits: { responseHeaders: 300ms }` }),
  )
  const client = await connectRaw(proxy.address)
  client.write(requestBytes('GET /up/x'))
  const received = await client.closed()
  expect(received).toContain('HTTP/1.1 103 ')
  expect(received).toContain('x-keyway-error: upstream_timeout')
})

test.each([
  { name: 'no frames', bytes: 'HTTP/1.1 400 Bad Request\r\n\r\n' },
  { name: 'a frame of half its length', bytes: '\x00\x40\x00\x04\x00\x00\x00\x00\x00' },
  { name: 'a response nobody asked for', bytes: '\x00\x00\x01\x01\x05\x00\x00\x00\x07\x88' },
])('HTTP/2 with $name: 502, and Keyway goes on', async ({ bytes }) => {
  const sockets = new Set<Socket>()
  const hostile = createTlsServer({ ...CERTIFICATE, ALPNProtocols: ['h2'] }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(Buffer.from(bytes, 'latin1')))
  }).listen(0, '127.0.0.1')
  await once(hostile, 'listening')
  closeAfter(async () => {
    for (const socket of sockets) socket.destroy()
    hostile.close()
    await once(hostile, 'close')
  })
  const { port } = hostile.address() as AddressInfo
  const proxy = await startWithSecrets(oneRoute(`https://localhost:${port}`, { upstream: HTTP2 }))
  expect((await send(proxy)).status).toBe(502)
  expect((await send(proxy)).status).toBe(502)
  expect(proxy.proxy.stats().inFlight).toBe(0)
})

test('HTTP/2 that refuses connections: 502', async () => {
  const upstream = await startHttp2(() => undefined)
  upstream.server.close()
  await once(upstream.server, 'close')
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: HTTP2 }))
  expect((await send(proxy)).fields).toContain('x-keyway-error: upstream_unreachable')
})

test('HTTP/2 that goes away between requests is connected to again', async () => {
  const upstream = await startHttp2((_request, response) => response.end('well'))
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: HTTP2 }))
  const sessions: { close: () => void }[] = []
  upstream.server.on('session', (session) => sessions.push(session))
  expect((await send(proxy)).status).toBe(200)
  for (const session of sessions) session.close()
  expect((await send(proxy)).status).toBe(200)
})

test('http2 and an upstream that does not offer it: HTTP/1.1', async () => {
  const upstream = await startTlsUpstream(CERTIFICATE, always(ok('by h1')))
  closeAfter(upstream.close)
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: HTTP2 }))
  expect((await send(proxy)).body).toBe('by h1')
})

test('http2: WebSockets go over HTTP/1.1', async () => {
  const upstream = await startHttp2((_request, response) => response.end('by h2'))
  const sockets = new WebSocketServer({ noServer: true })
  upstream.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) =>
    sockets.handleUpgrade(request, socket, head, (webSocket) => webSocket.send('hello')),
  )
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: HTTP2 }))
  expect((await send(proxy)).status).toBe(200)
  const client = await connectRaw(proxy.address)
  client.write(
    requestBytes('GET /up/x', [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ]),
  )
  expect(await client.until('hello')).toMatch(/^HTTP\/1\.1 101 /)
  client.socket.destroy()
})
