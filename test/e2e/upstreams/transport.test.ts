import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { always, ok, startTlsUpstream } from '../../support/recording-upstream.ts'
import {
  countRequests,
  receivedBy,
  send,
  startTarget,
  startWithSecrets,
} from '../../support/start-balanced.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { oneRoute } from '../../support/start-proxy.ts'

const folder = join(import.meta.dirname, '../../fixtures/tls')
const pem = (name: string): string => readFileSync(join(folder, name), 'utf8')
const CERTIFICATE = { cert: pem('server.pem'), key: pem('server.key') }
const TRUST = `tls: { ca: ${join(folder, 'ca.pem')} }`

afterEach(() => void vi.restoreAllMocks())

interface ConnectProxy {
  readonly port: number
  readonly asked: readonly { readonly line: string; readonly authorization: string | undefined }[]
}

/** A proxy that makes tunnels, or answers each CONNECT with a status. */
async function startConnectProxy(
  status = 200,
  opening = 'HTTP/1.1 200 Connection established\r\n\r\n',
): Promise<ConnectProxy> {
  const asked: { line: string; authorization: string | undefined }[] = []
  const sockets = new Set<Socket>()
  const server = createHttpServer()
  server.on('connection', (socket) => sockets.add(socket))
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    asked.push({
      line: `CONNECT ${request.url}`,
      authorization: request.headers['proxy-authorization'],
    })
    if (status !== 200) return void client.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    const upstream = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      client.write(opening)
      client.pipe(upstream).pipe(client)
    })
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeAfter(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return { port: (server.address() as AddressInfo).port, asked }
}

test('HTTPS_PROXY: TLS through a tunnel, with the credentials of the environment', async () => {
  const upstream = await startTlsUpstream(CERTIFICATE, always(ok('through')))
  closeAfter(upstream.close)
  const outbound = await startConnectProxy()
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, { upstream: `${TRUST}\nproxy: env` }),
    { HTTPS_PROXY: `http://user:p%40ss-TEST@127.0.0.1:${outbound.port}` },
  )
  const answer = await send(proxy, 'GET /up/x', ['x-api-key: sk-ant-api03-FAKE'])
  expect(answer.body).toBe('through')
  expect(outbound.asked).toEqual([
    {
      line: `CONNECT localhost:${upstream.port}`,
      authorization: `Basic ${Buffer.from('user:p@ss-TEST').toString('base64')}`,
    },
  ])
  expect(receivedBy(upstream)).toContain('sk-ant-api03-FAKE')
  expect(receivedBy(upstream).toLowerCase()).not.toContain('proxy-authorization')
  await send(proxy)
  expect(countRequests(upstream)).toBe(2)
})

test('NO_PROXY goes straight there', async () => {
  const upstream = await startTarget('straight')
  const outbound = await startConnectProxy()
  const proxy = await startWithSecrets(oneRoute(upstream.url, { upstream: 'proxy: env' }), {
    HTTP_PROXY: `http://127.0.0.1:${outbound.port}`,
    NO_PROXY: '127.0.0.1',
  })
  expect((await send(proxy)).body).toBe('straight')
  expect(outbound.asked).toEqual([])
})

test('a proxy that the file names, for http too', async () => {
  const upstream = await startTarget('through')
  const outbound = await startConnectProxy()
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, { upstream: `proxy: http://127.0.0.1:${outbound.port}` }),
  )
  expect((await send(proxy)).body).toBe('through')
  expect(outbound.asked.map(({ line }) => line)).toEqual([`CONNECT 127.0.0.1:${upstream.port}`])
})

test.each([
  { name: 'a proxy that refuses', status: 407 },
  { name: 'a proxy that can not reach the upstream', status: 502 },
])('$name: 502, and no byte for the upstream', async ({ status }) => {
  const upstream = await startTarget('never')
  const outbound = await startConnectProxy(status)
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, {
      upstream: `proxy: http://127.0.0.1:${outbound.port}\nretry: { backoff: 1ms }`,
    }),
  )
  const answer = await send(proxy)
  expect(answer.status).toBe(502)
  expect(answer.fields).toContain('x-keyway-error: upstream_unreachable')
  expect(outbound.asked).toHaveLength(2)
  expect(receivedBy(upstream)).toBe('')
})

test.each([
  { name: '204', opening: 'HTTP/1.1 204 No Content\r\n\r\n' },
  { name: '201 behind a hint', opening: 'HTTP/1.1 103 Wait\r\n\r\nHTTP/1.1 201 Made\r\n\r\n' },
  {
    name: '299 with a length that counts for nothing',
    opening: 'HTTP/1.1 299 x\r\nContent-Length: 9\r\n\r\n',
  },
])('a proxy that answers $name has opened the tunnel', async ({ opening }) => {
  const upstream = await startTarget('through')
  const outbound = await startConnectProxy(200, opening)
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, { upstream: `proxy: http://127.0.0.1:${outbound.port}` }),
  )
  expect((await send(proxy)).body).toBe('through')
})

test('the certificate is verified through a tunnel as ever', async () => {
  const upstream = await startTlsUpstream(CERTIFICATE, always(ok('never')))
  closeAfter(upstream.close)
  const outbound = await startConnectProxy()
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, { upstream: `proxy: http://127.0.0.1:${outbound.port}` }),
  )
  const answer = await send(proxy)
  expect(answer.fields).toContain('x-keyway-error: upstream_untrusted')
  expect(receivedBy(upstream)).toBe('')
})

test('a unix socket: the URL says Host and base path', async () => {
  const home = mkdtempSync(join(tmpdir(), 'keyway-'))
  const path = join(home, 'up.sock')
  let received = ''
  const server: Server = createServer((socket) => {
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
      if (received.includes('\r\n\r\n')) socket.end(ok('by socket', ['Connection: close']))
    })
  }).listen(path)
  await once(server, 'listening')
  closeAfter(async () => {
    server.close()
    await once(server, 'close')
    rmSync(home, { recursive: true })
  })
  const proxy = await startWithSecrets(
    oneRoute('http://sidecar.test/base', { upstream: `socket: ${path}` }),
  )
  expect((await send(proxy)).body).toBe('by socket')
  expect(received).toMatch(/^GET \/base\/x HTTP/)
  expect(received.toLowerCase()).toContain('host: sidecar.test\r\n')
})

test.each([
  { connectionAge: '1h', minutes: 59, connections: 1 },
  { connectionAge: '1h', minutes: 61, connections: 2 },
  { connectionAge: '0s', minutes: 1_000_000, connections: 1 },
])(
  'connectionAge: $connectionAge, and after $minutes minutes the next request takes connection $connections',
  async ({ connectionAge, minutes, connections }) => {
    const now = performance.now.bind(performance)
    let later = 0
    vi.spyOn(performance, 'now').mockImplementation(() => now() + later)
    const upstream = await startTarget('new')
    const proxy = await startWithSecrets(
      oneRoute(upstream.url, { upstream: `limits: { connectionAge: ${connectionAge} }` }),
    )
    await send(proxy)
    later = minutes * 60_000
    await send(proxy)
    await send(proxy)
    expect(upstream.connections).toHaveLength(connections)
  },
)

test.each([
  { keepAlive: '1ms', closed: 1 },
  { keepAlive: '0s', closed: 0 },
])('an idle connection is kept for $keepAlive', async ({ keepAlive, closed }) => {
  const upstream = await startTarget('idle')
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, { upstream: `limits: { keepAlive: ${keepAlive} }` }),
  )
  await send(proxy)
  if (closed > 0) await upstream.connections[0]?.closed()
  await send(proxy)
  expect(upstream.connections).toHaveLength(1 + closed)
})
