import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import fastify, { type FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { keyway } from '../../../src/fastify.ts'
import type { ExchangeRecord } from '../../../src/observability/exchange-record.ts'
import { createLogger } from '../../../src/observability/logger.ts'
import { createProxyServer } from '../../../src/proxy/listener/proxy-server.ts'
import { createSnapshotStore } from '../../../src/reload/snapshot-store.ts'
import { FRAME, frame, request } from '../../floods/http2-frames.ts'
import { compileText } from '../../support/compile-text.ts'
import { exchangeRaw } from '../../support/raw-client.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { oneRoute } from '../../support/start-proxy.ts'
import { ca, tlsFile, tlsServer } from './start-tls.ts'

type OnRequest = (record: ExchangeRecord) => void

/** A file by which whoever comes from this machine is refused. */
function printConfig(server = ''): string {
  const rule = '{ name: here, if: { client: { ip: 127.0.0.0/8 } }, reject: 403 }'
  return oneRoute('http://127.0.0.1:9', { server, route: `rules: [${rule}]` })
}

/** Starts a proxy; gives each request that is over to `onRequest`. */
async function startListener(onRequest: OnRequest): Promise<number> {
  const snapshot = compileText(printConfig(tlsServer()))
  const { limits, listen } = snapshot.config.server
  const proxy = createProxyServer({
    listen: { ...listen, address: { host: '127.0.0.1', port: 0 } },
    limits,
    store: createSnapshotStore(snapshot),
    log: createLogger({ level: 'silent' }),
    listener: () => onRequest,
  })
  closeAfter(() => proxy.drain(0))
  const address = await proxy.listen()
  return 'port' in address ? address.port : 0
}

/** Starts an application with a proxy in it. */
async function startMounted(
  onRequest: OnRequest,
  app: FastifyInstance = overTls(),
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'keyway-peer-'))
  closeAfter(async () => rmSync(folder, { recursive: true }))
  const config = join(folder, 'routes.yaml')
  writeFileSync(config, printConfig('server: { accessLog: true }'))
  closeAfter(() => app.close())
  const log = { ...createLogger({ level: 'silent' }), request: onRequest }
  // biome-ignore lint/nursery/noMisusedPromises: Fastify takes it, by another of its overloads
  await app.register(keyway, { prefix: '/mount', config, log })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

function overTls(): FastifyInstance {
  const read = (name: string): Buffer => readFileSync(tlsFile(name))
  const https = { cert: read('server.pem'), key: read('server.key') }
  return fastify({ https }) as unknown as FastifyInstance
}

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const SETTINGS = frame(FRAME.settings, 0, 0, Buffer.alloc(0))
const get = (path: string): Buffer => Buffer.from(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`)

const cases: readonly {
  readonly name: string
  readonly start: (onRequest: OnRequest) => Promise<number>
  readonly protocol: string
  readonly bytes: Buffer
}[] = [
  { name: 'HTTP/1.1', start: startListener, protocol: 'http/1.1', bytes: get('/up/x') },
  {
    name: 'HTTP/2',
    start: startListener,
    protocol: 'h2',
    bytes: Buffer.concat([Buffer.from(PREFACE), SETTINGS, request(1, '/up/x')]),
  },
  { name: 'an application', start: startMounted, protocol: 'http/1.1', bytes: get('/mount/up/x') },
]

test.each(cases)(
  'rules about an address hold for who resets as the TLS handshake ends: $name',
  async ({ start, protocol, bytes }) => {
    let onRequest: OnRequest = () => undefined
    const over = new Promise<ExchangeRecord>((resolve) => {
      onRequest = resolve
    })
    const port = await start((record) => onRequest(record))
    const plain = connect(port, '127.0.0.1')
    const tls = { servername: 'localhost', ca, ALPNProtocols: [protocol] }
    const socket = connectTls({ socket: plain, ...tls })
    for (const one of [plain, socket]) one.on('error', () => undefined)
    // Before the proxy reads anything: the end of the handshake then comes with the request and the
    // reset. Not at once: newer Nodes write both only when this event is over.
    socket.once('secureConnect', () => {
      socket.write(bytes)
      setImmediate(() => plain.resetAndDestroy())
    })
    expect(await over).toMatchObject({ route: 'up', rule: 'here' })
  },
)

test('who was gone before an application accepted the connection has no address, and is not served', async () => {
  const app = fastify()
  // What the system says of a peer that has reset.
  app.server.prependListener('connection', (socket) => {
    Object.defineProperty(socket, 'remoteAddress', { value: undefined })
  })
  const served: ExchangeRecord[] = []
  const port = await startMounted((record) => served.push(record), app)
  expect(await exchangeRaw({ host: '127.0.0.1', port }, get('/mount/up/x'))).toBe('')
  expect(served).toEqual([])
})
