import { expect, test } from 'vitest'
import type { Test } from '../../../src/config/shapes/config.generated.ts'
import type { Decision } from '../../../src/routing/decide/decision.ts'
import type { RequestView } from '../../../src/routing/rules/request-view.ts'
import type { Snapshot } from '../../../src/routing/snapshot.ts'
import { viewOfTest } from '../../../src/testing/request.ts'
import { compileText, view } from '../../support/compile-text.ts'
import { KEYS } from '../schema/keys-of-schema.ts'

/** Built anew for each row, so that what builds it is tested by them. */
const load = (): Snapshot =>
  compileText(
    `version: 1
server: { store: { redis: redis://127.0.0.1 } }
audit: { file: audit.jsonl }
secrets: { one: { pool: [{ env: A }, { env: B }] } }
credentials: { mine: { prefixes: [mine_], provider: openai } }
clients: { tokens: { ci: { file: tokens } } }
upstreams:
  one: https://one.test
  two: { targets: ['https://a.test', { url: 'https://b.test' }], accepts: [openai, mine], health: { path: /healthz } }
  three: { provider: openai }
routes:
  - name: all
    match: { path: /* }
    upstream: one
    fallback: [{ upstream: two }]
    rules:
      - { name: no, if: { method: PUT }, reject: { message: no } }
      - { name: back, if: { method: POST }, response: { remove: [x-a] } }
      - { name: first, if: { path: { prefix: /a } }, request: { set: { x-by: first } } }
      - { name: second, if: { method: GET }, request: { set: { x-by: second } } }
tests:
  - { name: one, request: { path: /a, client: { name: ci } }, expect: { route: all } }
`,
    { env: { A: 'mine_TEST-a', B: 'mine_TEST-b' } },
  )

type Read = (snapshot: Snapshot) => unknown

/** What stands there in the numbers and words that Keyway runs by. */
const at =
  (...way: readonly (string | number)[]): Read =>
  ({ config }) =>
    way.reduce<unknown>((node, key) => (node as Record<string | number, unknown>)[key], config)

/** What is decided of a request of a known client. */
function decide({ table }: Snapshot, method: string, headers: readonly string[] = []): Decision {
  return table.decide(view('/a', ['X-Keyway-Token', 'client:ci', ...headers], { method }))
}

const requestOf = ({ config }: Snapshot): RequestView => viewOfTest(config.tests[0] as Test, config)

/** Every default of the format, as it shows in what Keyway runs by. */
const rows: Readonly<Record<string, readonly [Read, unknown]>> = {
  'server.listen': [
    at('server', 'listen'),
    { address: { host: '127.0.0.1', port: 8080 }, tls: null },
  ],
  'server.admin': [at('server', 'admin'), { host: '127.0.0.1', port: 9901 }],
  'server.underscores': [at('server', 'underscores'), 'drop'],
  'server.accessLog': [at('server', 'hasAccessLog'), false],
  'server.trace': [at('server', 'trace'), 'pass'],
  'server.log.sample': [at('server', 'log', 'sample'), 1],
  'server.limits.headers': [at('server', 'limits', 'headersBytes'), 16_384],
  'server.limits.headerFields': [at('server', 'limits', 'headerFields'), 100],
  'server.limits.headersTimeout': [at('server', 'limits', 'headersTimeoutMs'), 15_000],
  'server.limits.body': [at('server', 'limits', 'bodyBytes'), 33_554_432],
  'server.limits.bodyIdle': [at('server', 'limits', 'bodyIdleMs'), 60_000],
  'server.limits.keepAlive': [at('server', 'limits', 'keepAliveMs'), 72_000],
  'server.limits.connections': [at('server', 'limits', 'connections'), 10_000],
  'server.limits.message': [at('server', 'limits', 'messageBytes'), 16_777_216],
  'server.limits.keptBodies': [at('server', 'limits', 'keptBodiesBytes'), 268_435_456],
  'server.limits.drain': [at('server', 'limits', 'drainMs'), 30_000],
  'server.store.away': [at('server', 'store', 'isOpenWhenAway'), false],
  'audit.away': [at('audit', 'isOpenWhenAway'), false],
  'secrets.one.cooldown': [at('secrets', 0, 'cooldownMs'), 30_000],
  'credentials.one.forward': [({ config }) => config.upstreams[2]?.accepts?.includes('mine'), true],
  'credentials.one.pool': [
    ({ secrets }) => secrets.describe().map(({ keys }) => keys.map(({ reason }) => reason)),
    [[null, null]],
  ],
  'clients.header': [at('clients', 'places'), [{ in: 'header', name: 'x-keyway-token' }]],
  'clients.metrics': [at('clients', 'isCounted'), false],
  'clients.required': [at('clients', 'isRequired'), true],
  'clients.preflight': [at('clients', 'preflight'), 'closed'],
  'upstreams.one.balance': [at('upstreams', 1, 'balance'), { by: 'round-robin' }],
  'upstreams.one.http2': [at('upstreams', 0, 'http2'), false],
  'upstreams.one.targets.0.weight': [
    at('upstreams', 1, 'targets'),
    [
      { url: 'https://a.test', weight: 1 },
      { url: 'https://b.test', weight: 1 },
    ],
  ],
  'upstreams.one.health.interval': [at('upstreams', 1, 'health', 'intervalMs'), 10_000],
  'upstreams.one.health.timeout': [at('upstreams', 1, 'health', 'timeoutMs'), 2_000],
  'upstreams.one.health.healthy': [at('upstreams', 1, 'health', 'healthy'), 2],
  'upstreams.one.health.unhealthy': [at('upstreams', 1, 'health', 'unhealthy'), 3],
  'upstreams.one.health.status': [at('upstreams', 1, 'health', 'statuses'), [200]],
  'upstreams.one.eject.failures': [at('upstreams', 1, 'eject', 'failures'), 5],
  'upstreams.one.eject.for': [at('upstreams', 1, 'eject', 'forMs'), 30_000],
  'upstreams.one.eject.recover': [at('upstreams', 1, 'eject', 'recoverMs'), 10_000],
  'upstreams.one.retry.attempts': [at('upstreams', 0, 'retry', 'attempts'), 1],
  'upstreams.one.retry.on': [at('upstreams', 0, 'retry', 'on'), ['connect']],
  'upstreams.one.retry.methods': [
    at('upstreams', 0, 'retry', 'methods'),
    ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'],
  ],
  'upstreams.one.retry.budget': [at('upstreams', 0, 'retry', 'budget'), 0.2],
  'upstreams.one.retry.backoff': [at('upstreams', 0, 'retry', 'backoffMs'), 100],
  'upstreams.one.retry.maxBackoff': [at('upstreams', 0, 'retry', 'maxBackoffMs'), 5_000],
  'upstreams.one.retry.buffer': [at('upstreams', 0, 'retry', 'bufferBytes'), 4_194_304],
  'upstreams.one.limits.connect': [at('upstreams', 0, 'limits', 'connectMs'), 5_000],
  'upstreams.one.limits.responseHeaders': [
    at('upstreams', 0, 'limits', 'responseHeadersMs'),
    600_000,
  ],
  'upstreams.one.limits.idle': [at('upstreams', 0, 'limits', 'idleMs'), 300_000],
  'upstreams.one.limits.connections': [at('upstreams', 0, 'limits', 'connections'), 1_024],
  'upstreams.one.limits.queue': [at('upstreams', 0, 'limits', 'queue'), 1_024],
  'upstreams.one.limits.keepAlive': [at('upstreams', 0, 'limits', 'keepAliveMs'), 4_000],
  'upstreams.one.limits.connectionAge': [at('upstreams', 0, 'limits', 'connectionAgeMs'), 300_000],
  'routes.0.paths': [at('routes', 0, 'paths'), 'both'],
  'routes.0.fallback.0.on': [
    at('routes', 0, 'fallback', 0, 'on'),
    ['connect', 'timeout', '5xx', 429],
  ],
  'routes.0.fallback.0.rules.0.continue': [(snapshot) => decide(snapshot, 'GET').rule, 'first'],
  'routes.0.fallback.0.rules.0.response.answers': [
    (snapshot) => decide(snapshot, 'POST'),
    expect.objectContaining({ rule: 'back', editOwn: null }),
  ],
  'routes.0.fallback.0.rules.0.reject.status': [
    (snapshot) => decide(snapshot, 'PUT'),
    expect.objectContaining({ rule: 'no', status: 403 }),
  ],
  'routes.0.credential.from': [
    (snapshot) =>
      ['Authorization', 'X-Api-Key', 'Api-Key', 'X-Goog-Api-Key', 'X-Other'].map(
        (name) => decide(snapshot, 'GET', [name, 'k-FAKE']).credentialPlace?.name,
      ),
    ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', undefined],
  ],
  'routes.0.credential.conflict': [
    (snapshot) => decide(snapshot, 'GET', ['X-Api-Key', 'a-FAKE', 'Api-Key', 'b-FAKE']),
    expect.objectContaining({ action: 'reject', status: 400, code: 'credential_conflict' }),
  ],
  'tests.0.request.method': [(snapshot) => requestOf(snapshot).method, 'GET'],
  'tests.0.request.client.ip': [(snapshot) => requestOf(snapshot).peerIp, '127.0.0.1'],
}

test('every default of the format has a row here', () => {
  const withDefault = KEYS.filter(({ schema }) => schema.default !== undefined)
  expect(Object.keys(rows).sort()).toEqual(withDefault.map(({ way }) => way.join('.')).sort())
})

test.each(Object.entries(rows).map(([key, [read, value]]) => ({ key, read, value })))(
  'a file without $key runs by its default',
  ({ read, value }) => {
    expect(read(load())).toEqual(value)
  },
)

test('what has no default is off', () => {
  const { server, upstreams } = load().config
  expect(server).toMatchObject({ trust: [], via: null, adminToken: null })
  expect(upstreams[0]).toMatchObject({
    health: null,
    eject: null,
    socket: null,
    proxy: null,
    accepts: null,
    tls: { ca: null, cert: null, key: null, servername: null, insecure: false },
    limits: { totalMs: 0 },
  })
  expect(load().config.routes).toMatchObject([{ retry: {}, limits: {} }])
})
