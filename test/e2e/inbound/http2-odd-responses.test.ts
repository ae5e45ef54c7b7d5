import { expect, test } from 'vitest'
import { exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'
import { exchange, startHttp2 } from './start-tls.ts'

/** What servers send though no response should have it, and what a client of either version is left with. */
const responses: readonly {
  readonly name: string
  readonly sent: string
  readonly status: number
  readonly http2Status?: number
  readonly body?: string
  readonly http2Body?: string
  /** Fields that neither client may see. */
  readonly without?: readonly string[]
}[] = [
  {
    name: 'HTTP2-Settings',
    sent: 'HTTP/1.1 200 OK\r\nHTTP2-Settings: AAAA\r\nContent-Length: 2\r\n\r\nok',
    status: 200,
    body: 'ok',
    without: ['http2-settings'],
  },
  {
    name: 'all that belongs to a connection',
    sent: 'HTTP/1.1 200 OK\r\nConnection: x-own\r\nX-Own: 1\r\nProxy-Connection: close\r\nTE: gzip\r\nTrailer: x\r\nUpgrade: h2c\r\nContent-Length: 2\r\n\r\nok',
    status: 200,
    body: 'ok',
    without: ['x-own', 'proxy-connection', 'te', 'trailer', 'upgrade'],
  },
  {
    name: 'a length on 204',
    sent: 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\nX-A: 1\r\n\r\n',
    status: 204,
    without: ['content-length'],
  },
  {
    name: 'a length of nothing on 204',
    sent: 'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n',
    status: 204,
    without: ['content-length'],
  },
  {
    name: 'a body on 205',
    sent: 'HTTP/1.1 205 Reset Content\r\nContent-Length: 5\r\n\r\nhello',
    status: 205,
    body: 'hello',
    http2Body: '',
  },
  {
    name: 'a length of nothing on 205',
    sent: 'HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n',
    status: 205,
  },
  {
    name: 'a length on 103',
    sent: 'HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nX-Length: 2\r\nContent-Length: 2\r\n\r\nok',
    status: 200,
    body: 'ok',
  },
  {
    name: 'a status of 600',
    sent: 'HTTP/1.1 600 Odd\r\nContent-Length: 2\r\n\r\nok',
    status: 600,
    http2Status: 500,
    body: 'ok',
  },
  {
    name: 'a status of 999',
    sent: 'HTTP/1.1 999 Denied\r\nContent-Length: 2\r\n\r\nok',
    status: 999,
    http2Status: 500,
    body: 'ok',
  },
  {
    name: 'one field a thousand times',
    sent: `HTTP/1.1 200 OK\r\n${'Age: 1\r\n'.repeat(1_000)}Content-Length: 2\r\n\r\nok`,
    status: 200,
    body: 'ok',
  },
  {
    name: 'a head as long as it may be',
    sent: `HTTP/1.1 200 OK\r\n${`X-A: ${'b'.repeat(644)}\r\n`.repeat(100)}Content-Length: 2\r\n\r\nok`,
    status: 200,
    body: 'ok',
  },
]

test.each(responses)('$name: an answer by HTTP/2', async (one) => {
  const { session } = await startHttp2({ script: always(one.sent) })
  const answer = await exchange(session, { ':path': '/up/x' })
  expect(answer).toMatchObject({
    status: one.http2Status ?? one.status,
    body: one.http2Body ?? one.body ?? '',
    ending: 'end',
  })
  for (const name of one.without ?? []) expect(answer.headers).not.toHaveProperty(name)
})

test.each(responses)('$name: an answer by HTTP/1.1', async (one) => {
  const { address } = await startPair({ script: always(one.sent) })
  const bytes = await exchangeRaw(address, requestBytes('GET /up/x'))
  const answer = parseResponse(bytes.replace(/^HTTP\/1\.1 103 [\s\S]*?\r\n\r\n/, ''))
  expect([answer.status, answer.body]).toEqual([one.status, one.body ?? ''])
  const names = answer.fields.map((field) => field.toLowerCase().split(':')[0])
  for (const name of one.without ?? []) expect(names).not.toContain(name)
  expect(bytes).not.toMatch(/^HTTP\/1\.1 103 [\s\S]*?content-length[\s\S]*?\r\n\r\n.*200/i)
})

const UPGRADE =
  'HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\nno'

test('a 426 says by HTTP/1.1 what to upgrade to, and by HTTP/2 that it is one', async () => {
  const { address } = await startPair({ script: always(UPGRADE) })
  const closing = parseResponse(await exchangeRaw(address, requestBytes('GET /up/x')))
  expect([closing.status, closing.body]).toEqual([426, 'no'])
  expect(closing.fields).toContain('Upgrade: websocket')
  expect(closing.fields).toContain('Connection: Upgrade, close')
  const { session } = await startHttp2({ script: always(UPGRADE) })
  const answer = await exchange(session, { ':path': '/up/x' })
  expect(answer).toMatchObject({ status: 426, body: 'no', ending: 'end' })
  expect(answer.headers).not.toHaveProperty('upgrade')
})

test('a 426 ends no connection that stays', async () => {
  const { address } = await startPair({ script: always(UPGRADE) })
  const both = ['Connection: keep-alive', 'Connection: close'].map((field) =>
    requestBytes('GET /up/x', [field]),
  )
  const bytes = await exchangeRaw(address, both.join(''))
  expect(bytes.match(/^Connection: .*$/gm)).toEqual([
    'Connection: Upgrade, keep-alive',
    'Connection: Upgrade, close',
  ])
})
