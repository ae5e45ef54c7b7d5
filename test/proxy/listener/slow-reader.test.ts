import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import type { ServerLimits } from '../../../src/config/shapes/normal-config.ts'
import { Http1InboundConnection } from '../../../src/proxy/listener/http1/http1-inbound-connection.ts'
import type { Http1Service } from '../../../src/proxy/listener/http1/http1-service.ts'

const BODY_BYTES = 32 * 1024 * 1024

const LIMITS = { headersBytes: 16_384, headersTimeoutMs: 1, keepAliveMs: 1, bodyIdleMs: 1 }

const SERVICE: Http1Service = {
  limits: LIMITS as ServerLimits,
  after: () => 1,
  isDraining: () => false,
  onHandshake: () => undefined,
  onRequest(_request, response) {
    response.writeHead(200, null, ['Content-Length', String(BODY_BYTES)])
    response.end(Buffer.alloc(BODY_BYTES))
  },
}

test('keeps what a slow client has yet to read when the time between requests is over', async () => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [socket] = (await once(server, 'connection')) as [Socket]
  const connection = new Http1InboundConnection(socket, SERVICE)
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const [request] = (await once(socket, 'data')) as [Buffer]
  connection.read(request)
  expect(socket.writableLength).toBeGreaterThan(0)
  connection.onDue()
  let bytes = 0
  client.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  client.on('error', () => undefined)
  await once(client, 'close')
  server.close()
  expect(bytes).toBeGreaterThan(BODY_BYTES)
})
