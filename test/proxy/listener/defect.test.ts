import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import type { ServerLimits } from '../../../src/config/shapes/normal-config.ts'
import type { ProxyContext } from '../../../src/proxy/exchange/proxy-context.ts'
import { acceptHttp1 } from '../../../src/proxy/listener/http1/accept-http1.ts'

const LIMITS = { headersBytes: 16_384, headersTimeoutMs: 0, keepAliveMs: 0, bodyIdleMs: 0 }

test('a connection on which the program fails is closed, as nobody watches over it any more', async () => {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [socket] = (await once(server, 'connection')) as [Socket]
  const inbound = acceptHttp1({} as ProxyContext, LIMITS as ServerLimits, () => {
    throw new Error('a defect')
  })
  inbound.take(socket)
  const request = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(() => socket.emit('data', request)).toThrow('a defect')
  expect(socket.destroyed).toBe(true)
  client.resume()
  await once(client, 'close')
  server.close()
})
