import { expect, test, vi } from 'vitest'
import { answerOf } from '../../../src/answers/answers.ts'
import type { ExchangeRecord } from '../../../src/observability/exchange-record.ts'
import {
  createProxyServer,
  type ProxyServerOptions,
} from '../../../src/proxy/listener/proxy-server.ts'
import { createSnapshotStore } from '../../../src/reload/snapshot-store.ts'
import type { Admission } from '../../../src/routing/admission.ts'
import { compileText } from '../../support/compile-text.ts'
import { freePort } from '../../support/free-port.ts'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok, type Script, startUpstream } from '../../support/recording-upstream.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { stopClock } from '../../support/stopped-clock.ts'

interface Given {
  readonly script?: Script
  readonly admit?: ProxyServerOptions['admit']
  readonly notary?: ProxyServerOptions['notary']
  readonly limits?: string
  /** Limits of the upstream that answers. */
  readonly upstreamLimits?: string
  readonly server?: string
  /** Whether nobody hears of exchanges. */
  readonly isUnheard?: boolean
  readonly tracing?: ProxyServerOptions['tracing']
}

/** A proxy whose exchanges are heard of, before an upstream and a port that nobody listens on. */
async function start(given: Given = {}) {
  const { script = always(ok('fine')), admit, notary, tracing, limits = '' } = given
  const upstream = await startUpstream(script)
  const snapshot = compileText(`
version: 1
${given.server ?? ''}
secrets: { own: { env: OWN } }
upstreams:
  up: { url: '${upstream.url}', limits: { ${given.upstreamLimits ?? ''} } }
  dead: 'http://127.0.0.1:${await freePort()}'
routes:
  - { name: up, match: { path: /up/* }, upstream: up }
  - { name: own, match: { path: /own/* }, upstream: up, rules: [use: { header: x-api-key, value: '\${secret.own}' }] }
  - { name: dead, match: { path: /dead/* }, upstream: dead }
  - { name: gone, match: { path: /gone/* }, reject: 410 }
${limits}
`)
  const records: ExchangeRecord[] = []
  let hear = (): void => undefined
  const nothing = (): void => undefined
  const levels = { fatal: nothing, error: nothing, warn: nothing, info: nothing, debug: nothing }
  const proxy = createProxyServer({
    listen: { address: { host: '127.0.0.1', port: 0 }, tls: null },
    limits: snapshot.config.server.limits,
    store: createSnapshotStore(snapshot),
    log: { ...levels, trace: nothing, request: nothing },
    ...(given.isUnheard !== true && {
      listener: () => (record: ExchangeRecord) => {
        records.push(record)
        hear()
      },
    }),
    ...(admit && { admit }),
    ...(tracing && { tracing }),
    ...(notary && { notary }),
  })
  const address = (await proxy.listen()) as { host: string; port: number }
  closeAfter(async () => {
    await proxy.drain(0)
    await upstream.close()
  })
  /** Resolves to the record with this number, from 0. */
  const record = async (index = 0): Promise<ExchangeRecord> => {
    while (records[index] === undefined)
      await new Promise<void>((resolve) => {
        hear = resolve
      })
    return records[index] as ExchangeRecord
  }
  return { address, upstream, records, record, proxy }
}

const HANDSHAKE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]
const SWITCHED = 'HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'
const LIMITS = 'limits: [{ name: few, by: address, requests: 60/m }]'

test.each([
  { name: 'an answer', line: 'POST /up/x', status: 200, code: null, received: 5, sent: 4 },
  {
    name: 'an upstream out of reach',
    line: 'POST /dead/x',
    status: 502,
    code: 'upstream_unreachable',
    received: 5,
    sent: 0,
  },
  {
    name: 'a refusal',
    line: 'POST /gone/x',
    status: 410,
    code: 'rejected',
    received: 0,
    sent: 0,
  },
])('$name is told of once, with the bytes that went by', async (row) => {
  const { address, records, record } = await start()
  await exchangeRaw(address, requestBytes(row.line, ['Content-Length: 5'], 'hello'))
  expect(await record()).toMatchObject({
    status: row.status,
    code: row.code,
    origin: row.code === null ? 'upstream' : 'keyway',
    receivedBytes: row.received,
    sentBytes: row.sent,
    form: 'plain',
  })
  expect(records).toHaveLength(1)
})

test('of an answer that goes on all bytes are told of, once', async () => {
  const { address, upstream, record } = await start({
    script: async (connection) => {
      await connection.until('hello')
      connection.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none')
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', ['Content-Length: 5'], 'hello'))
  await client.until('one')
  const connection = await upstream.connection(0)
  connection.write('two')
  await client.until('two')
  expect(await record()).toMatchObject({ receivedBytes: 5, sentBytes: 6 })
})

test('a WebSocket is under way until it closes: it is told of then, and its place given back', async () => {
  const held: string[] = []
  const { address, upstream, records, record } = await start({
    limits: LIMITS,
    admit: async () => {
      held.push('taken')
      return { isAdmitted: true, release: () => void held.push('released') }
    },
    script: async (connection) => {
      await connection.head()
      connection.write(SWITCHED)
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x', HANDSHAKE))
  await client.until('101')
  const connection = await upstream.connection(0)
  client.write('four')
  await connection.until('four')
  connection.write('answer')
  await client.until('answer')
  expect([held, records]).toEqual([['taken'], []])
  connection.socket.destroy()
  await client.closed()
  expect(await record()).toMatchObject({ status: 101, form: 'websocket' })
  expect(held).toEqual(['taken', 'released'])
})

test('a request over a limit is answered as that says, and asks no upstream', async () => {
  const answer = { ...answerOf('rate_limited'), retryAfterSeconds: 7 }
  const asked: unknown[] = []
  const { address, upstream, record } = await start({
    limits: LIMITS,
    admit: async (charges) => {
      asked.push(charges.length)
      return { isAdmitted: false, answer }
    },
  })
  const { status, fields } = parseResponse(await exchangeRaw(address, requestBytes('GET /up/x')))
  expect(status).toBe(429)
  expect(fields).toContain('retry-after: 7')
  expect(asked).toEqual([1])
  expect(upstream.connections).toEqual([])
  expect(await record()).toMatchObject({ status: 429, code: 'rate_limited', upstream: 'up' })
})

test('a client that leaves while its limits are asked gives its place back, and is told of', async () => {
  let answer = (_: Admission): void => undefined
  let isAsked = (): void => undefined
  const asked = new Promise<void>((resolve) => {
    isAsked = resolve
  })
  const { address, upstream, record } = await start({
    limits: LIMITS,
    admit: () =>
      new Promise((resolve) => {
        answer = resolve
        isAsked()
      }),
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  await asked
  client.socket.destroy()
  expect(await record()).toMatchObject({ status: 499, code: 'client_left' })
  await new Promise<void>((release) => answer({ isAdmitted: true, release }))
  expect(upstream.connections).toEqual([])
})

test.each([
  { name: 'that can be noted leaves', noted: true, status: 200 },
  { name: 'that can be noted in time leaves', noted: Promise.resolve(true), status: 200 },
  { name: 'that can not be noted stays', noted: Promise.resolve(false), status: 503 },
] as const)('a secret $name', async ({ noted, status }) => {
  const events: unknown[] = []
  const { address, upstream } = await start({
    isUnheard: true,
    notary: () => (some) => {
      for (const { secret, outcome } of some) events.push([secret, outcome])
      return noted
    },
  })
  const answer = parseResponse(await exchangeRaw(address, requestBytes('GET /own/x')))
  expect(answer.status).toBe(status)
  expect(upstream.connections).toHaveLength(status === 200 ? 1 : 0)
  expect(events[0]).toEqual(['own', 'used'])
})

test.each([
  { name: 'an upstream out of reach', line: 'GET /dead/x', fields: [], body: '' },
  {
    name: 'an upstream out of reach, for a body',
    line: 'POST /dead/x',
    fields: ['Content-Length: 5'],
    body: 'hello',
  },
  { name: 'a refusal', line: 'GET /gone/x', fields: [], body: '' },
  { name: 'a method that would show its credential', line: 'TRACE /up/x', fields: [], body: '' },
  {
    name: 'a refusal, whose body is not wanted',
    line: 'POST /gone/x',
    fields: ['Content-Length: 5'],
    body: 'hello',
  },
])('a connection goes on after $name', async ({ line, fields, body }) => {
  const { address } = await start()
  const client = await connectRaw(address)
  client.write(requestBytes(line, ['Connection: keep-alive', ...fields], body))
  await client.until('x-keyway-error')
  client.write(requestBytes('GET /up/x'))
  expect(await client.closed()).toContain('fine')
})

test('not after an answer for a body that was still to be asked for', async () => {
  const { address } = await start()
  const client = await connectRaw(address)
  const expecting = ['Connection: keep-alive', 'Expect: 100-continue', 'Content-Length: 70000000']
  client.write(requestBytes('POST /up/x', expecting))
  const answer = parseResponse(await client.closed())
  expect(answer.status).toBe(413)
  expect(answer.fields).toContain('Connection: close')
})

test('time is told apart: what the client took, the upstream, and Keyway', async () => {
  const { address, upstream, record } = await start({ script: () => undefined })
  const { pass } = stopClock()
  await pass(10)
  const client = await connectRaw(address)
  const length = 'Content-Length: 10'
  client.write(requestBytes('POST /up/x', ['Expect: 100-continue', length], 'first'))
  await client.until('100 Continue')
  await pass(300)
  client.write('secon')
  const connection = await upstream.connection(0)
  await connection.until('firstsecon')
  await pass(500)
  connection.write(ok('fine'))
  await client.closed()
  expect(await record()).toMatchObject({
    durationMs: 800,
    firstByteMs: 800,
    upstreamMs: 500,
    addedMs: 0,
  })
})

test('a request that is over has no time of its own any more; one that is not ends with it', async () => {
  const { address, upstream, record } = await start({
    upstreamLimits: 'total: 5s',
    script: async (connection) => {
      await connection.head(1)
      connection.write(ok('fine'))
    },
  })
  const { pass } = stopClock()
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x', ['Connection: keep-alive']))
  await client.until('fine')
  await record()
  expect(vi.getTimerCount()).toBeLessThanOrEqual(1)
  client.write(requestBytes('GET /up/y'))
  await (await upstream.connection(0)).head(2)
  await pass(4_999)
  expect(client.received()).not.toContain('504')
  await pass(1)
  expect(await client.closed()).toContain('x-keyway-error: request_timeout')
  expect(await record(1)).toMatchObject({ status: 504, code: 'request_timeout' })
})

test('an upload whose client leaves amid it is not waited for', async () => {
  const { address, upstream, record } = await start({
    script: async ({ head }) => void (await head()),
  })
  stopClock()
  const client = await connectRaw(address)
  client.write('POST /up/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')
  const connection = await upstream.connection(0)
  await connection.head()
  const before = vi.getTimerCount()
  client.socket.destroy()
  expect(await record()).toMatchObject({ status: 499, code: 'client_left' })
  expect(vi.getTimerCount()).toBeLessThan(before)
})

test('a body that nobody knows the length of leaves as it comes', async () => {
  const { address, upstream } = await start({
    script: async (connection) => {
      await connection.until('first')
      connection.write('HTTP/1.1 200 O\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbeg\r\n')
      await connection.until('last')
      connection.write('3\r\nend\r\n0\r\n\r\n')
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', ['Transfer-Encoding: chunked'], '5\r\nfirst\r\n'))
  await client.until('beg')
  client.write('4\r\nlast\r\n0\r\n\r\n')
  expect(await client.closed()).toContain('end')
  expect(upstream.connections).toHaveLength(1)
})

test.each([
  { name: 'a length up to the limit', limit: '5B', status: 200 },
  { name: 'a length over it', limit: '4B', status: 413 },
  { name: 'any where there is none', limit: '0B', status: 200 },
])('a body may have $name', async ({ limit, status }) => {
  const { address } = await start({ server: `server: { limits: { body: ${limit} } }` })
  const sent = requestBytes('POST /up/x', ['Content-Length: 5'], 'hello')
  expect(parseResponse(await exchangeRaw(address, sent)).status).toBe(status)
})

test('a request that an upstream has no place for is answered, and gives back its own', async () => {
  const held: string[] = []
  const { address, upstream, record } = await start({
    limits: LIMITS,
    upstreamLimits: 'connections: 1, queue: 0',
    script: () => undefined,
    admit: async () => {
      held.push('taken')
      return { isAdmitted: true, release: () => void held.push('released') }
    },
  })
  const first = await connectRaw(address)
  first.write(requestBytes('GET /up/x'))
  const connection = await upstream.connection(0)
  await connection.head()
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/y', ['Connection: keep-alive']))
  expect(await client.until('upstream_overloaded')).toContain('HTTP/1.1 503 ')
  expect(held).toEqual(['taken', 'taken', 'released'])
  expect(await record()).toMatchObject({ status: 503, code: 'upstream_overloaded', upstream: 'up' })
  connection.write(ok('fine'))
  await first.closed()
  expect(held).toEqual(['taken', 'taken', 'released', 'released'])
})

test('a request is recorded as a span, though nobody else hears of it', async () => {
  const told: unknown[] = []
  const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), flags: 1 }
  const attempt = { context, onStatus: (status: number) => void told.push(status) }
  const { address } = await start({
    isUnheard: true,
    tracing: {
      begin: () => ({
        context,
        attempt: ({ method, upstream, path }) => {
          told.push([method, upstream, path])
          return { ...attempt, onError: () => undefined, end: () => void told.push('end') }
        },
        end: ({ record, pattern }) => void told.push([record.status, pattern]),
      }),
    } as NonNullable<ProxyServerOptions['tracing']>,
  })
  await exchangeRaw(address, requestBytes('GET /up/x?key=FAKE'))
  expect(told).toEqual([['GET', 'up', '/up/x'], 200, 'end', [200, '/up/*']])
})
