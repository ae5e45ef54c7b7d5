import { connect } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
import { connectRaw } from '../../support/raw-client.ts'
import { startUpstream, type Script } from '../../support/recording-upstream.ts'
import { closeAfter, startPair } from '../../support/start-pair.ts'
import { oneRoute, startProxy } from '../../support/start-proxy.ts'
import { ca, tlsServer } from './start-tls.ts'

const UPGRADE =
  'GET /up/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n'

/** A script that begins a body without a length, and breaks it off when told. */
const begun: Script = async (connection) => {
  await connection.head()
  connection.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxyz\r\n')
}

async function startUnix(script: Script) {
  const upstream = await startUpstream(script)
  closeAfter(upstream.close)
  const folder = mkdtempSync(join(tmpdir(), 'keyway-'))
  const address = { socketPath: join(folder, 'proxy.sock') }
  const proxy = await startProxy(oneRoute(upstream.url), address)
  closeAfter(async () => {
    await proxy.close()
    rmSync(folder, { recursive: true })
  })
  return { address, upstream }
}

test('a body that ends with the connection is broken off on a unix socket too', async () => {
  const { address, upstream } = await startUnix(begun)
  const client = await connectRaw(address)
  client.write('GET /up/x HTTP/1.0\r\n\r\n')
  await client.until('xyz')
  upstream.connections[0]?.socket.resetAndDestroy()
  expect(await client.closed()).toMatch(/xyz$/)
})

const SWITCHED =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nhello'

test('a tunnel that its upstream resets ends on a unix socket too', async () => {
  const { address, upstream } = await startUnix(async (connection) => {
    await connection.head()
    connection.write(SWITCHED)
  })
  const client = await connectRaw(address)
  client.write(UPGRADE)
  await client.until('hello')
  upstream.connections[0]?.socket.resetAndDestroy()
  expect(await client.closed()).toMatch(/hello$/)
})

test('a client that resets amid an upload is noticed by TLS too, while the upstream reads nothing', async () => {
  const { address, proxy, upstream } = await startPair({
    server: tlsServer(', limits: { bodyIdle: 0s }'),
    script: (connection) => void connection.socket.pause(),
  })
  const plain = connect(address)
  const socket = connectTls({ socket: plain, ca, servername: 'localhost' })
  for (const one of [plain, socket]) one.on('error', () => undefined)
  socket.write('POST /up/x HTTP/1.1\r\nHost: a\r\nContent-Length: 33000000\r\n\r\n')
  socket.write(Buffer.alloc(32_000_000))
  await upstream.connection(0)
  while (socket.writableLength > 0 && proxy.stats().inFlight < 1) await new Promise(setImmediate)
  plain.resetAndDestroy()
  await expect
    .poll(() => proxy.stats(), { timeout: 10_000 })
    .toMatchObject({
      connections: 0,
      inFlight: 0,
    })
})
