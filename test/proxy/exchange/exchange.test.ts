import { expect, test } from 'vitest'
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

interface Given {
  readonly script?: Script
  readonly admit?: ProxyServerOptions['admit']
  readonly notary?: ProxyServerOptions['notary']
  readonly limits?: string
}

/** A proxy whose exchanges are heard of, before an upstream and a port that nobody listens on. */
async function start({ script = always(ok('fine')), admit, notary, limits = '' }: Given = {}) {
  const upstream = await startUpstream(script)
  const snapshot = compileText(`
version: 1
secrets: { own: { env: OWN } }
upstreams: { up: '${upstream.url}', dead: 'http://127.0.0.1:${await freePort()}' }
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
    listener: () => (record) => {
      records.push(record)
      hear()
    },
    ...(admit && { admit }),
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
  })
  expect(records).toHaveLength(1)
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
