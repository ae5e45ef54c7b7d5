import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { connect as connectTls, createServer as createTlsServer } from 'node:tls'
import type { ServerLimits } from '../../../src/config/shapes/normal-config.ts'
import { Http1InboundConnection } from '../../../src/proxy/listener/http1/http1-inbound-connection.ts'
import type { Http1Service } from '../../../src/proxy/listener/http1/http1-service.ts'
import { ca, tlsFile } from '../../e2e/inbound/start-tls.ts'
import { closeAfter } from '../../support/start-pair.ts'

const pair = { cert: readFileSync(tlsFile('server.pem')), key: readFileSync(tlsFile('server.key')) }

const LIMITS = { headersBytes: 16_384, headersTimeoutMs: 1, keepAliveMs: 1, bodyIdleMs: 1 }

/** What carries a connection. */
export type Carrier = 'tcp' | 'tls'

/** A client's connection that is read only by hand. */
export interface GivenConnection {
  readonly client: Socket
  /** What carries the client's bytes; the client itself by TCP. */
  readonly plain: Socket
  readonly socket: Socket
  readonly connection: Http1InboundConnection
  /** Sends a text, and has what comes of it read. */
  readonly ask: (text: string) => Promise<void>
}

/** Opens a connection whose requests a test answers; its times are due at the next step. */
export async function openConnection(
  own: Pick<Http1Service, 'onRequest'> & Partial<Http1Service>,
  by: Carrier = 'tcp',
): Promise<GivenConnection> {
  const options = { allowHalfOpen: true }
  const server = by === 'tls' ? createTlsServer({ ...options, ...pair }) : createServer(options)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const plain = connect({ port, host: '127.0.0.1', ...options })
  const client = by === 'tls' ? connectTls({ socket: plain, ca, servername: 'localhost' }) : plain
  const event = by === 'tls' ? 'secureConnection' : 'connection'
  const [socket] = (await once(server, event)) as [Socket]
  for (const one of [plain, client, socket]) one.on('error', () => undefined)
  closeAfter(async () => {
    for (const one of [plain, client, socket]) one.destroy()
    server.close()
  })
  const connection = new Http1InboundConnection(socket, {
    limits: LIMITS as ServerLimits,
    after: () => 1,
    isDraining: () => false,
    refuse: () => undefined,
    onGone: () => undefined,
    onHandshake: () => undefined,
    ...own,
  })
  const ask = async (text: string): Promise<void> => {
    client.write(text)
    const [bytes] = (await once(socket, 'data')) as [Buffer]
    connection.read(bytes)
  }
  return { client, plain, socket, connection, ask }
}
