import { once } from 'node:events'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, requestBytes } from '../../support/raw-client.ts'
import { startPair } from '../../support/start-pair.ts'
import { ca, tlsServer } from './start-tls.ts'

/** Longer than a test may take: what ends before was not cut. */
const AN_HOUR_MS = 3_600_000

const POST = 'POST /up/x HTTP/1.1\r\nHost: a\r\n'
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`
const GET = 'GET /up/x HTTP/1.1\r\nHost: a\r\n\r\n'
const UPGRADE =
  'GET /up/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n'
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone'

/**
 * Moments of a connection when Keyway goes down: what was sent and answered until then, the rest of
 * both, and what the client got in the end.
 */
const moments: readonly {
  readonly name: string
  readonly sent: string
  /** What has reached the upstream; not there: nothing need. */
  readonly reaches?: string
  readonly begun?: string
  readonly rest?: string
  readonly answer?: string
  readonly got: RegExp
}[] = [
  { name: 'before a byte', sent: '', got: /^$/ },
  {
    name: 'amid a head',
    sent: 'GET /up/x HTTP/1.1\r\nHost: ',
    rest: 'a\r\n\r\n',
    answer: OK,
    got: /^HTTP\/1\.1 200 OK\r\n[\s\S]*Connection: close\r\n[\s\S]*done$/,
  },
  {
    name: 'amid a short body',
    sent: `${POST}Content-Length: 4\r\n\r\nfo`,
    rest: 'ur',
    answer: OK,
    got: /Connection: close\r\n[\s\S]*done$/,
  },
  {
    name: 'amid chunks',
    sent: `${CHUNKED}4\r\nfour\r\n`,
    reaches: 'four',
    rest: '0\r\n\r\n',
    answer: OK,
    got: /Connection: close\r\n[\s\S]*done$/,
  },
  {
    name: 'waiting for 100',
    sent: `${POST}Expect: 100-continue\r\nContent-Length: 40000\r\n\r\n`,
    reaches: '\r\n\r\n',
    rest: 'b'.repeat(40_000),
    answer: OK,
    got: /^HTTP\/1\.1 100 Continue\r\n\r\n[\s\S]*Connection: close\r\n[\s\S]*done$/,
  },
  {
    name: 'before the answer',
    sent: GET,
    reaches: '\r\n\r\n',
    answer: OK,
    got: /Connection: close\r\n[\s\S]*done$/,
  },
  {
    name: 'amid the answer',
    sent: GET,
    reaches: '\r\n\r\n',
    begun: OK.slice(0, -2),
    answer: 'ne',
    got: /Connection: keep-alive\r\n[\s\S]*done$/,
  },
  {
    name: 'behind an early answer, amid the body',
    sent: `${POST}Content-Length: 90000\r\n\r\nfour`,
    reaches: 'four',
    begun: OK,
    rest: 'b'.repeat(89_996),
    got: /Connection: keep-alive\r\n[\s\S]*done$/,
  },
  {
    name: 'before an upgrade is answered',
    sent: UPGRADE,
    reaches: '\r\n\r\n',
    answer:
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\ndone',
    got: /^HTTP\/1\.1 101 [\s\S]*done$/,
  },
]

test.each(moments)('what was begun is ended, and the connection with it: $name', async (moment) => {
  const { sent, reaches, begun = '', rest = '', answer = '', got } = moment
  const { address, proxy, upstream } = await startPair()
  const client = await connectRaw(address)
  client.write(sent)
  const early = reaches === undefined ? null : await upstream.connection(0)
  await early?.until(reaches as string)
  if (begun !== '') {
    early?.write(begun)
    await client.until('do')
  }
  // What was sent has been read by the time that another is answered.
  else if (early === null) await exchangeRaw(address, requestBytes('GET /none'))
  const drained = proxy.drain(AN_HOUR_MS)
  client.write(rest)
  const connection = got.test('') ? null : await upstream.connection(0)
  await connection?.until(reaches ?? '\r\n\r\n')
  connection?.write(answer)
  // A tunnel ends with its sides.
  if (sent === UPGRADE) {
    await client.until('done')
    connection?.socket.end()
  }
  expect(await client.closed()).toMatch(got)
  expect(client.ending()).toBe('end')
  await drained
})

test('a client whose TLS handshake ends only then is served yet', async () => {
  const { address, proxy, upstream } = await startPair({ server: tlsServer() })
  const plain = connect(address)
  await once(plain, 'connect')
  await expect.poll(() => proxy.stats().connections).toBe(1)
  const drained = proxy.drain(AN_HOUR_MS)
  const socket = connectTls({ socket: plain, ca, servername: 'localhost' })
  let received = ''
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
  })
  socket.on('end', () => socket.end())
  socket.write(GET)
  const connection = await upstream.connection(0)
  await connection.head()
  connection.write(OK)
  await once(socket, 'close')
  expect(received).toMatch(/Connection: close\r\n[\s\S]*done$/)
  await drained
})
