import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import { expect, test } from 'vitest'
import type { ServerLimits } from '../../../src/config/shapes/normal-config.ts'
import { Http1InboundConnection } from '../../../src/proxy/listener/http1/http1-inbound-connection.ts'
import { ca, tlsFile } from '../../e2e/inbound/start-tls.ts'
import { closeAfter } from '../../support/start-pair.ts'

const pair = { cert: readFileSync(tlsFile('server.pem')), key: readFileSync(tlsFile('server.key')) }

/** A connection amid a body of which nothing more is read, as its upstream takes no more. */
async function openUnread(by: 'tcp' | 'tls') {
  const server = by === 'tls' ? createTlsServer(pair) : createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const plain = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const client = by === 'tls' ? connectTls({ socket: plain, ca, servername: 'localhost' }) : plain
  const event = by === 'tls' ? 'secureConnection' : 'connection'
  const [socket] = (await once(server, event)) as [Socket]
  for (const one of [plain, client, socket]) one.on('error', () => undefined)
  closeAfter(async () => {
    plain.destroy()
    socket.destroy()
    server.close()
  })
  const connection = new Http1InboundConnection(socket, {
    limits: { headersBytes: 16_384 } as ServerLimits,
    after: () => 1,
    isDraining: () => false,
    refuse: () => undefined,
    onGone: () => undefined,
    onRequest: (request) => request.pause(),
    onHandshake: () => undefined,
  })
  return { plain, client, socket, connection }
}

test.each(['tcp', 'tls'] as const)(
  'a client that resets while it is not read is missed when it is looked for: %s',
  async (by) => {
    const { plain, client, socket, connection } = await openUnread(by)
    client.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n')
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    connection.read(bytes)
    expect([socket.isPaused(), connection.closing.dueStep]).toEqual([true, 1])
    client.write(Buffer.alloc(8_000_000))
    // From then on nothing is taken from the kernel.
    while (socket.readableLength < socket.readableHighWaterMark) await new Promise(setImmediate)
    connection.closing.onDue()
    expect(socket.destroyed).toBe(false)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    plain.resetAndDestroy()
    connection.closing.onDue()
    await closed
  },
)
