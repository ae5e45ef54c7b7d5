import { expect, test } from 'vitest'
import { compileText } from '../../support/compile-text.ts'

/** Built anew for each test, so that what builds it is tested by them. */
const load = () =>
  compileText(`version: 1
secrets: { one: { pool: [{ env: A }, { env: B }] } }
clients: { tokens: { ci: { file: tokens } } }
upstreams:
  one: https://one.test
  two: { targets: ['https://a.test', 'https://b.test'], accepts: [openai], health: { path: /healthz } }
routes:
  - { name: all, match: { path: /* }, upstream: one, fallback: [{ upstream: two }] }
`).config

test('what the file leaves out of the server, in the numbers that it runs by', () => {
  expect(load().server).toMatchObject({
    listen: { address: { host: '127.0.0.1', port: 8080 }, tls: null },
    admin: { host: '127.0.0.1', port: 9901 },
    trust: [],
    via: null,
    hasAccessLog: false,
    limits: {
      headersBytes: 16_384,
      headerFields: 100,
      headersTimeoutMs: 15_000,
      bodyBytes: 33_554_432,
      bodyIdleMs: 60_000,
      keepAliveMs: 72_000,
      connections: 10_000,
      messageBytes: 16_777_216,
      keptBodiesBytes: 268_435_456,
      drainMs: 30_000,
    },
  })
})

test('of an upstream', () => {
  expect(load().upstreams[0]).toMatchObject({
    targets: [{ url: 'https://one.test', weight: 1 }],
    balance: { by: 'round-robin' },
    health: null,
    eject: null,
    retry: {
      attempts: 1,
      on: ['connect'],
      methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'],
      budget: 0.2,
      backoffMs: 100,
      maxBackoffMs: 5_000,
      bufferBytes: 4_194_304,
    },
    http2: false,
    socket: null,
    proxy: null,
    accepts: null,
    tls: { ca: null, cert: null, key: null, servername: null, insecure: false },
    limits: {
      connectMs: 5_000,
      responseHeadersMs: 600_000,
      idleMs: 300_000,
      totalMs: 0,
      connections: 1_024,
      queue: 1_024,
      keepAliveMs: 4_000,
      connectionAgeMs: 300_000,
    },
  })
})

test('of one with several targets, and of its checks', () => {
  expect(load().upstreams[1]).toMatchObject({
    eject: { failures: 5, forMs: 30_000, recoverMs: 10_000 },
    health: { intervalMs: 10_000, timeoutMs: 2_000, healthy: 2, unhealthy: 3, statuses: [200] },
  })
})

test('of secrets, clients and routes', () => {
  expect(load().secrets).toMatchObject([{ name: 'one', cooldownMs: 30_000 }])
  expect(load().clients).toMatchObject({
    places: [{ in: 'header', name: 'x-keyway-token' }],
    isRequired: true,
  })
  expect(load().routes).toMatchObject([
    {
      conflict: 'reject',
      retry: {},
      limits: {},
      fallback: [{ on: ['connect', 'timeout', '5xx', 429] }],
    },
  ])
})
