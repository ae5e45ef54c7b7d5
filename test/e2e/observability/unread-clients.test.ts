import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw } from '../../support/raw-client.ts'
import { closeAfter, startPair } from '../../support/start-pair.ts'
import { ca, tlsServer } from '../inbound/start-tls.ts'

const GET = 'GET /none HTTP/1.1\r\nHost: a\r\n\r\n'

/** A line about this client. */
const line = (message: string, fields: Readonly<Record<string, string>>): object => ({
  level: 'info',
  fields: { address: '127.0.0.1', ...fields },
  message,
})

const unread = [
  {
    name: 'a TLS handshake',
    bytes: '\x16\x03\x01',
    code: 'tls_unexpected',
    reason: 'This port speaks no TLS: the URL begins with http:// here, and not with https://.',
  },
  {
    name: 'garbage',
    bytes: '\x17\x03\x01',
    code: 'bad_message',
    reason: 'The message is malformed or ambiguous.',
  },
  {
    name: 'a long head behind a request',
    bytes: `${GET}GET /${'a'.repeat(20_000)}`,
    code: 'headers_too_large',
    reason: 'The header fields are too long.',
  },
  {
    name: 'CONNECT',
    bytes: 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
    code: 'connect_refused',
    reason: 'CONNECT is not served.',
  },
  {
    name: 'a head that does not end',
    bytes: 'GET /x HTTP/1.1\r\n',
    code: 'headers_timeout',
    reason: 'The header fields did not come in time.',
  },
]

test.each(unread)(
  'the log tells whose bytes are no request, and why: $name',
  async ({ bytes, code, reason }) => {
    const { address, logged } = await startPair({
      server: 'server: { accessLog: true, limits: { headersTimeout: 100ms } }',
    })
    await exchangeRaw(address, bytes)
    expect(logged.filter(({ message }) => message === 'no request')).toEqual([
      line('no request', { code, reason }),
    ])
  },
)

test('who connects and says nothing is not worth a line', async () => {
  const { address, logged } = await startPair({
    server: 'server: { limits: { headersTimeout: 100ms } }',
  })
  const client = await connectRaw(address)
  expect(await client.closed()).toBe('')
  expect(logged).toEqual([])
})

/** Connects without TLS to a listener that wants it, and waits until that has closed. */
async function knock(port: number, act: (socket: Socket) => void): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  socket.resume()
  await once(socket, 'connect')
  act(socket)
  await once(socket, 'close')
}

const knocks: readonly {
  readonly name: string
  readonly act: (socket: Socket) => void
  readonly code: string
}[] = [
  {
    name: 'HTTP without it',
    act: (socket) => void socket.write(GET),
    code: 'ERR_SSL_HTTP_REQUEST',
  },
  {
    name: 'half a hello, and its end',
    act: (socket) => void socket.end(Buffer.from('16030100', 'hex')),
    code: 'ECONNRESET',
  },
  {
    name: 'half a hello, and nothing more',
    act: (socket) => void socket.write(Buffer.from('16030100', 'hex')),
    code: 'ERR_TLS_HANDSHAKE_TIMEOUT',
  },
]

test.each(knocks)(
  'the log tells whose TLS did not come about, and why: $name',
  async ({ act, code }) => {
    const { address, logged } = await startPair({
      server: tlsServer(', limits: { headersTimeout: 200ms }'),
    })
    await knock(address.port, act)
    await expect.poll(() => logged).toEqual([line('no TLS handshake', { code })])
  },
)

test('a connection on which no TLS handshake begins is closed in its time, without a word', async () => {
  const { address, logged, proxy } = await startPair({
    server: tlsServer(', limits: { headersTimeout: 100ms }'),
  })
  await knock(address.port, () => undefined)
  expect(logged).toEqual([])
  await expect.poll(() => proxy.stats().connections).toBe(0)
})

test('the log tells whose frames are no HTTP/2', async () => {
  const { address, logged } = await startPair({ server: tlsServer() })
  const socket = connectTls({
    port: address.port,
    host: '127.0.0.1',
    ca,
    servername: 'localhost',
    ALPNProtocols: ['h2'],
  })
  closeAfter(async () => void socket.destroy())
  socket.on('error', () => undefined)
  socket.resume()
  await once(socket, 'secureConnect')
  socket.write('no preface of HTTP/2, not at all')
  await expect.poll(() => logged).toEqual([line('no HTTP/2', { code: 'ERR_HTTP2_ERROR' })])
})

test('HTTP at a listener with TLS is answered in HTTP, that a person sees why', async () => {
  const { address } = await startPair({ server: tlsServer() })
  const answer = await exchangeRaw(address, GET)
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  expect(answer).toContain('x-keyway-error: tls_missing')
  expect(answer).toContain('This port speaks TLS: the URL begins with https:// here')
})
