import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
import { END_HEADERS, END_STREAM, FRAME, frame, request } from '../../floods/http2-frames.ts'
import { connectRaw, exchangeRaw, requestBytes } from '../../support/raw-client.ts'
import { ok, type Script, startTlsUpstream } from '../../support/recording-upstream.ts'
import { closeAfter, startPair } from '../../support/start-pair.ts'
import { oneRoute, startProxy } from '../../support/start-proxy.ts'
import { startFramePair } from '../upstreams/frame-upstream.ts'
import { ca, tlsFile, tlsServer } from '../inbound/start-tls.ts'

/** A record that no key opens. Node tells its socket of an error then, and leaves it open. */
const BROKEN = Buffer.from(`\x17\x03\x03\0\x18${'x'.repeat(24)}`, 'latin1')

const GET = 'GET /up/x HTTP/1.1\r\nHost: a\r\n\r\n'
const CLOSING = requestBytes('POST /up/x')
const HALF = 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'
const UPGRADE =
  'GET /up/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n'
const SWITCHED =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nhalf'

/** Reads the head of a request, and answers it. */
const answering =
  (answer: string): Script =>
  async (connection) => {
    await connection.head()
    if (answer !== '') connection.write(answer)
  }

const moments: readonly { name: string; sent: string; answer: string }[] = [
  { name: 'before the answer', sent: GET, answer: '' },
  { name: 'amid the answer', sent: GET, answer: HALF },
  { name: 'amid a tunnel', sent: UPGRADE, answer: SWITCHED },
  {
    name: 'amid a body',
    sent: GET.replace('GET', 'POST').replace('\r\n\r\n', '\r\nContent-Length: 90000\r\n\r\nhalf'),
    answer: '',
  },
]

test.each(moments)('a client whose TLS breaks has left: $name', async ({ sent, answer }) => {
  const { address, proxy, upstream } = await startPair({
    server: tlsServer(),
    script: answering(answer),
  })
  const plain = connect(address)
  const client = connectTls({ socket: plain, ca, servername: 'localhost' })
  for (const one of [plain, client]) one.on('error', () => undefined)
  client.write(sent)
  const connection = await upstream.connection(0)
  await connection.head()
  if (answer !== '') await new Promise((resolve) => client.once('data', resolve))
  plain.write(BROKEN)
  await connection.closed()
  await new Promise((resolve) => (plain.closed ? resolve(null) : plain.once('close', resolve)))
  await expect
    .poll(() => proxy.stats(), { timeout: 10_000 })
    .toMatchObject({ connections: 0, inFlight: 0 })
})

test('a client of HTTP/2 whose TLS breaks has left', async () => {
  const { address, proxy, upstream } = await startPair({ server: tlsServer() })
  const plain = connect(address)
  const tls = { socket: plain, ca, servername: 'localhost', ALPNProtocols: ['h2'] }
  const client = connectTls(tls)
  for (const one of [plain, client]) one.on('error', () => undefined)
  client.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
  client.write(frame(FRAME.settings, 0, 0, Buffer.alloc(0)))
  client.write(request(1, '/up/x'))
  const connection = await upstream.connection(0)
  await connection.head()
  plain.write(BROKEN)
  await connection.closed()
  await expect
    .poll(() => proxy.stats(), { timeout: 10_000 })
    .toMatchObject({ connections: 0, inFlight: 0 })
})

/** The socket below one of TLS. */
const below = (socket: Socket): Socket => (socket as unknown as { _parent: Socket })._parent

async function startSecure(script: Script) {
  const pair = {
    cert: readFileSync(tlsFile('server.pem')),
    key: readFileSync(tlsFile('server.key')),
  }
  const upstream = await startTlsUpstream(pair, script)
  closeAfter(upstream.close)
  const proxy = await startProxy(
    oneRoute(upstream.url, { upstream: `tls: { ca: ${tlsFile('ca.pem')} }` }),
  )
  closeAfter(proxy.close)
  return { upstream, client: await connectRaw(proxy.address) }
}

test.each([
  { name: 'before the head', sent: GET, answer: '', got: /^HTTP\/1\.1 502 / },
  { name: 'amid the head', sent: GET, answer: HALF.slice(0, 20), got: /^HTTP\/1\.1 502 / },
  { name: 'amid the body', sent: GET, answer: HALF, got: /\r\n\r\nhalf$/ },
  { name: 'amid a tunnel', sent: UPGRADE, answer: SWITCHED, got: /\r\n\r\nhalf$/ },
])('an upstream whose TLS breaks is gone: $name', async ({ sent, answer, got }) => {
  const { upstream, client } = await startSecure(answering(answer))
  client.write(sent)
  const connection = await upstream.connection(0)
  await connection.head()
  if (answer.endsWith('half')) await client.until('half')
  below(connection.socket).write(BROKEN)
  await connection.closed()
  if (answer.endsWith('half')) await client.closed()
  else await client.until('502')
  expect(client.received()).toMatch(got)
})

test('a kept connection whose TLS breaks is not used again', async () => {
  const { upstream, client } = await startSecure(answering(ok('good')))
  client.write(GET)
  await client.until('good')
  const [first] = upstream.connections
  if (first === undefined) throw new Error('none')
  below(first.socket).write(BROKEN)
  await first.closed()
  client.write(GET)
  expect(await (await upstream.connection(1)).head()).toContain('GET /x')
})

test('an upstream of HTTP/2 whose TLS breaks is gone', async () => {
  const { address, opened } = await startFramePair(({ socket, send }, stream, count) => {
    // `:status: 200`, and no body.
    if (count > 0) send(FRAME.headers, END_HEADERS | END_STREAM, stream, Buffer.from([0x88]))
    else below(socket).write(BROKEN)
  })
  const answers = [await exchangeRaw(address, CLOSING), await exchangeRaw(address, CLOSING)]
  expect(answers.map((answer) => answer.slice(0, 12))).toEqual(['HTTP/1.1 502', 'HTTP/1.1 200'])
  expect(opened()).toBe(2)
})
