import { describe, expect, test } from 'vitest'
import { mergeKinds } from '../../../src/config/normalize/merge-kinds.ts'
import { normalizeCondition } from '../../../src/config/normalize/normalize-condition.ts'
import type { Condition } from '../../../src/config/shapes/config.generated.ts'
import type { NormalConfig } from '../../../src/config/shapes/normal-config.ts'
import { compileText } from '../../support/compile-text.ts'

const configOf = (text: string): NormalConfig => compileText(text).config

const SERVER = `version: 1
server:
  listen: { address: '[::1]:8443', tls: { cert: server.crt, key: server.key } }
  admin: { listen: 127.0.0.1:9000, token: { env: ADMIN } }
  trust: [10.0.0.0/8]
  origins: ['https://App.Example.com']
  hosts: [Keyway.Example.com]
  via: edge
  underscores: keep
  accessLog: true
  log: { level: warn, format: pretty, sample: 50% }
  store: { redis: 'redis://127.0.0.1:6379', away: open }
  limits:
    headers: 8KiB
    headerFields: 50
    headersTimeout: 5s
    body: 1MiB
    bodyIdle: 6s
    keepAlive: 7s
    connections: 90
    connectionsPerAddress: 80
    requestsPerAddress: 70
    message: 2MiB
    keptBodies: 3MiB
    drain: 9s
secrets:
  one: { env: ONE }
  pool: { pool: [{ env: A }, { file: b }], cooldown: 1m }
clients:
  header: [X-Token, query token]
  required: false
  metrics: true
  preflight: open
  tokens: { ci: { file: ci.hash } }
upstreams: { one: { url: https://one.test, accepts: [unknown] } }
routes: [{ name: all, match: { path: /* }, upstream: one }]
limits:
  - { name: rate, match: { route: all }, by: client, requests: 60/m }
  - { name: places, by: address, atOnce: 3 }
`

test('what the file says of the server, in the numbers that it runs by', () => {
  const { server } = configOf(SERVER)
  expect(server).toMatchObject({
    listen: {
      address: { host: '::1', port: 8443 },
      tls: { cert: 'server.crt', key: 'server.key' },
    },
    admin: { host: '127.0.0.1', port: 9000 },
    adminToken: { env: 'ADMIN' },
    trust: ['10.0.0.0/8'],
    origins: ['https://app.example.com'],
    hosts: ['keyway.example.com'],
    via: 'edge',
    underscores: 'keep',
    hasAccessLog: true,
    log: { level: 'warn', format: 'pretty', sample: 0.5 },
    store: { redis: 'redis://127.0.0.1:6379', isOpenWhenAway: true },
    limits: {
      headersBytes: 8_192,
      headerFields: 50,
      headersTimeoutMs: 5_000,
      bodyBytes: 1_048_576,
      bodyIdleMs: 6_000,
      keepAliveMs: 7_000,
      connections: 90,
      connectionsPerAddress: 80,
      requestsPerAddress: 70,
      messageBytes: 2_097_152,
      keptBodiesBytes: 3_145_728,
      drainMs: 9_000,
    },
  })
})

test('of secrets, clients and limits', () => {
  const { secrets, clients, limits } = configOf(SERVER)
  expect(secrets).toEqual([
    { name: 'one', sources: [{ env: 'ONE' }], isPool: false, cooldownMs: 30_000 },
    { name: 'pool', sources: [{ env: 'A' }, { file: 'b' }], isPool: true, cooldownMs: 60_000 },
  ])
  expect(clients).toEqual({
    places: [
      { in: 'header', name: 'x-token' },
      { in: 'query', name: 'token' },
    ],
    isRequired: false,
    isCounted: true,
    preflight: 'open',
    tokens: [{ name: 'ci', file: 'ci.hash' }],
  })
  expect(limits).toEqual([
    {
      name: 'rate',
      routes: ['all'],
      by: 'client',
      requests: { count: 60, windowMs: 60_000 },
      atOnce: null,
    },
    { name: 'places', routes: null, by: 'address', requests: null, atOnce: 3 },
  ])
})

test.each([
  ['off', null, null],
  ['127.0.0.1:9000', { host: '127.0.0.1', port: 9000 }, null],
  ['{ listen: 127.0.0.1:9000 }', { host: '127.0.0.1', port: 9000 }, null],
])('admin: %s', (admin, address, token) => {
  const { server } = configOf(`version: 1
server: { admin: ${admin} }
upstreams: { one: { url: https://one.test, accepts: [unknown] } }
routes: [{ name: all, match: { path: /* }, upstream: one }]
`)
  expect([server.admin, server.adminToken]).toEqual([address, token])
})

const UPSTREAMS = `version: 1
upstreams:
  full:
    targets: [{ url: https://a.test, weight: 3 }, https://b.test]
    balance: { hash: header X-User }
    health: { path: /up, interval: 1s, timeout: 500ms, healthy: 4, unhealthy: 5, status: [204] }
    eject: { failures: 9, for: 8s, recover: 7s }
    retry:
      { attempts: 3, on: [connect, 502], methods: [POST], budget: 50%, backoff: 1s, maxBackoff: 2s, buffer: 1KiB }
    http2: true
    proxy: http://proxy.test:3128
    forwarded: false
    accepts: [openai]
    errors: openai
    tls: { ca: ca.pem, cert: c.pem, key: k.pem, servername: s.test, insecure: true }
    limits:
      { connect: 1s, responseHeaders: 2s, idle: 3s, total: 4s, connections: 5, queue: 6, keepAlive: 7s, connectionAge: 8s }
  socket: { url: http://local.test, socket: /run/x.sock, accepts: [unknown], balance: least-requests }
  hashed: { targets: [https://a.test, https://b.test], accepts: [unknown], balance: { hash: client }, eject: off }
  provided: { provider: anthropic }
  short: https://short.test
routes:
  - { name: all, match: { path: /* }, upstream: full }
`

test('what the file says of upstreams', () => {
  const [full, socket, hashed, provided, short] = configOf(UPSTREAMS).upstreams
  expect(full).toEqual({
    name: 'full',
    url: 'https://a.test',
    targets: [
      { url: 'https://a.test', weight: 3 },
      { url: 'https://b.test', weight: 1 },
    ],
    balance: { by: 'header', name: 'x-user' },
    health: {
      path: '/up',
      intervalMs: 1_000,
      timeoutMs: 500,
      healthy: 4,
      unhealthy: 5,
      statuses: [204],
    },
    eject: { failures: 9, forMs: 8_000, recoverMs: 7_000 },
    retry: {
      attempts: 3,
      on: ['connect', 502],
      methods: ['POST'],
      budget: 0.5,
      backoffMs: 1_000,
      maxBackoffMs: 2_000,
      bufferBytes: 1_024,
    },
    http2: true,
    socket: null,
    proxy: 'http://proxy.test:3128',
    provider: null,
    forwarded: false,
    brought: null,
    accepts: ['openai'],
    only: [],
    errors: 'openai',
    tls: { ca: 'ca.pem', cert: 'c.pem', key: 'k.pem', servername: 's.test', insecure: true },
    limits: {
      connectMs: 1_000,
      responseHeadersMs: 2_000,
      idleMs: 3_000,
      totalMs: 4_000,
      connections: 5,
      queue: 6,
      keepAliveMs: 7_000,
      connectionAgeMs: 8_000,
    },
  })
  expect(socket).toMatchObject({ socket: '/run/x.sock', balance: { by: 'least-requests' } })
  expect(hashed).toMatchObject({ balance: { by: 'client' }, eject: null })
  expect(provided).toMatchObject({
    url: 'https://api.anthropic.com',
    provider: 'anthropic',
    forwarded: false,
    errors: 'anthropic',
    only: [],
    eject: null,
  })
  expect(short).toMatchObject({ url: 'https://short.test', provider: null, forwarded: true })
})

test('a provider accepts what it issues, and what the file says that it issues, but for administration', () => {
  const { upstreams } = configOf(`version: 1
credentials:
  own: { prefixes: [own-], provider: openai }
  own-admin: { prefixes: [adm-], provider: openai, forward: admin }
  other: { prefixes: [oth-], provider: groq }
  openai: { description: ours }
upstreams:
  shipped: { provider: openai }
  named: { provider: openai, accepts: [openai-admin] }
  limited: { provider: together }
  brought: { provider: groq }
routes: [{ name: all, match: { path: /* }, upstream: shipped }]
`)
  const [shipped, named, limited, brought] = upstreams
  expect(shipped?.accepts).toContain('own')
  expect(shipped?.accepts).toContain('openai')
  expect(shipped?.accepts).not.toContain('own-admin')
  expect(shipped?.accepts).not.toContain('openai-admin')
  expect(shipped?.accepts).not.toContain('other')
  expect(named).toMatchObject({ accepts: ['openai-admin'], only: [] })
  expect(limited?.only).toEqual([{ kind: 'unknown', matches: '^[0-9a-f]{64}$' }])
  expect(brought?.brought).toBe('/openai')
})

const ROUTES = `version: 1
secrets: { pod: { env: POD } }
upstreams:
  one: { url: https://one.test, accepts: [unknown, openai] }
  two: { url: https://two.test, accepts: [unknown] }
  provided: { provider: anthropic }
routes:
  - name: full
    match: { path: /a/*, hosts: [A.Example.com], methods: [GET, POST], headers: { X-A: [a, b], x-b: { prefix: c } } }
    paths: exact
    rewrite: { strip: /a }
    upstream: one
    retry: { attempts: 2 }
    fallback:
      - { upstream: two, on: [429], rules: [use none], rewrite: { prefix: /p }, request: { remove: [x-r] } }
      - { upstream: provided }
    credential: { from: [X-Key, query key], conflict: first }
    also: x-also
    request: { set: { x-s: s } }
    response: { remove: [server] }
    errors: anthropic
    limits: { body: 1KiB, responseHeaders: 1s, idle: 2s, total: 3s }
    rules:
      - { name: n, if: { method: POST }, use: x-api-key, continue: true }
      - { if: { path: /a/x }, reject: 418 }
      - { if: { path: /a/y }, reject: { message: no } }
      - { if: { path: /a/z }, upstream: two, rewrite: { prefix: /q } }
      - if credential kind openai use none else authorization bearer
  - { name: provided, match: { path: /p/* }, upstream: provided }
  - { name: gone, match: { path: /g }, reject: { status: 410, message: gone, headers: { x-g: g } } }
  - name: else
    match: { path: /e }
    upstream: two
    rules: [{ if: { method: POST }, use: none, else: x-else }]
`

/** The rest of an action that only says one thing. */
const REST = {
  use: null,
  also: [],
  request: null,
  response: null,
  rewrite: null,
  upstream: null,
  reject: null,
}
const header = (name: string, scheme: string | null = null) => ({
  place: { in: 'header', name },
  scheme,
  value: null,
  basic: null,
})

describe('what the file says of routes', () => {
  test('all of one', () => {
    const [full] = configOf(ROUTES).routes
    expect(full).toMatchObject({
      name: 'full',
      index: 0,
      match: {
        path: '/a/*',
        hosts: ['a.example.com'],
        methods: ['GET', 'POST'],
        headers: [
          { name: 'x-a', matcher: { in: ['a', 'b'] } },
          { name: 'x-b', matcher: { prefix: 'c' } },
        ],
      },
      paths: 'exact',
      rewrite: { strip: '/a' },
      upstream: 'one',
      retry: { attempts: 2 },
      from: [
        { in: 'header', name: 'x-key' },
        { in: 'query', name: 'key' },
      ],
      conflict: 'first',
      also: [header('x-also')],
      request: { set: { 'x-s': 's' } },
      response: { answers: 'upstream', remove: ['server'] },
      errors: 'anthropic',
      limits: { bodyBytes: 1_024, responseHeadersMs: 1_000, idleMs: 2_000, totalMs: 3_000 },
      reject: null,
    })
  })

  test('its fallbacks, with the rules of their own providers', () => {
    const [full] = configOf(ROUTES).routes
    expect(full?.fallback).toMatchObject([
      {
        upstream: 'two',
        on: [429],
        rules: [{ then: { ...REST, use: { place: 'none' } } }],
        rewrite: { prefix: '/p' },
        request: { remove: ['x-r'] },
      },
      {
        upstream: 'provided',
        on: ['connect', 'timeout', '5xx', 429],
        rewrite: null,
        request: null,
      },
    ])
    expect(full?.fallback[1]?.rules.length).toBeGreaterThan(0)
  })

  test('its rules', () => {
    const [full] = configOf(ROUTES).routes
    const base = { if: { type: 'path-pattern' }, else: null, continue: false }
    expect(full?.rules).toMatchObject([
      {
        name: 'n',
        index: 0,
        if: { type: 'method', matcher: { equals: 'POST' } },
        then: { ...REST, use: header('x-api-key') },
        else: null,
        continue: true,
      },
      { ...base, then: { ...REST, reject: { status: 418, message: null, headers: {} } } },
      { ...base, then: { ...REST, reject: { status: 403, message: 'no', headers: {} } } },
      {
        ...base,
        then: { ...REST, upstream: 'two', rewrite: { prefix: '/q' } },
      },
      {
        name: 'rules[4]',
        index: 4,
        if: { type: 'kind', in: ['openai'] },
        then: { ...REST, use: { place: 'none' } },
        else: { ...REST, use: header('authorization', 'Bearer') },
        continue: false,
      },
    ])
  })

  test('one that says little', () => {
    const [, provided, gone, bare] = configOf(ROUTES).routes
    expect(provided).toMatchObject({
      paths: 'both',
      match: { hosts: null, methods: null, headers: [] },
      rewrite: null,
      from: null,
      conflict: 'reject',
      request: null,
      response: null,
      errors: null,
      limits: {},
      fallback: [],
      retry: {},
    })
    expect(provided?.rules.map(({ name }) => name)).toContain('oauth')
    expect(gone).toMatchObject({
      upstream: null,
      rules: [],
      reject: { status: 410, message: 'gone', headers: { 'x-g': 'g' } },
    })
    expect(bare?.rules[0]?.else).toEqual({ ...REST, use: header('x-else') })
  })
})

const condition = (written: Condition, normal: unknown): readonly [string, Condition, unknown] => [
  JSON.stringify(written),
  written,
  normal,
]

test.each([
  condition({}, { type: 'all', of: [] }),
  condition({ method: 'POST' }, { type: 'method', matcher: { equals: 'POST' } }),
  condition({ method: ['A', 'B'] }, { type: 'method', matcher: { in: ['A', 'B'] } }),
  condition({ method: { prefix: 'P' } }, { type: 'method', matcher: { prefix: 'P' } }),
  condition({ path: '/a/*' }, { type: 'path-pattern', pattern: '/a/*' }),
  condition({ path: ['/a'] }, { type: 'path-pattern', pattern: '/a' }),
  condition(
    { path: ['/a', '/b'] },
    {
      type: 'any',
      of: [
        { type: 'path-pattern', pattern: '/a' },
        { type: 'path-pattern', pattern: '/b' },
      ],
    },
  ),
  condition({ path: { suffix: '/x' } }, { type: 'path', matcher: { suffix: '/x' } }),
  condition({ host: 'A.Test' }, { type: 'host', matcher: { equals: 'a.test' } }),
  condition({ host: '*.A.Test' }, { type: 'host', matcher: { suffix: '.a.test' } }),
  condition(
    { host: ['A.Test', 'B.Test'] },
    { type: 'host', matcher: { in: ['a.test', 'b.test'] } },
  ),
  condition(
    { host: { matches: '^A', prefix: 'B', present: true } },
    { type: 'host', matcher: { matches: '^A', prefix: 'b', present: true } },
  ),
  condition({ header: { 'X-A': 'V' } }, { type: 'header', name: 'x-a', matcher: { equals: 'V' } }),
  condition({ query: { Key: 'V' } }, { type: 'query', name: 'Key', matcher: { equals: 'V' } }),
  condition({ client: { ip: '10.0.0.0/8' } }, { type: 'client-ip', in: ['10.0.0.0/8'] }),
  condition({ client: { name: 'ci' } }, { type: 'client-name', matcher: { equals: 'ci' } }),
  condition({ credential: { kind: 'openai' } }, { type: 'kind', in: ['openai'] }),
  condition(
    { credential: { scheme: ['Basic', 'DIGEST'] } },
    { type: 'scheme', in: ['basic', 'digest'] },
  ),
  condition({ credential: { source: 'X-Api-Key' } }, { type: 'source', in: ['x-api-key'] }),
  condition({ credential: { source: 'query   Key' } }, { type: 'source', in: ['query Key'] }),
  condition({ credential: { source: 'X-Query Key' } }, { type: 'source', in: ['x-query key'] }),
  condition({ credential: { source: 'query Key X' } }, { type: 'source', in: ['query key x'] }),
  condition(
    { credential: { prefix: 'a', present: true } },
    { type: 'credential', matcher: { prefix: 'a', present: true } },
  ),
  condition(
    { not: { method: 'A' } },
    { type: 'not', of: { type: 'method', matcher: { equals: 'A' } } },
  ),
  condition({ any: [{ method: 'A' }] }, { type: 'method', matcher: { equals: 'A' } }),
  condition(
    { any: [{ method: 'A' }, { method: 'B', host: 'h' }] },
    {
      type: 'any',
      of: [
        { type: 'method', matcher: { equals: 'A' } },
        {
          type: 'all',
          of: [
            { type: 'method', matcher: { equals: 'B' } },
            { type: 'host', matcher: { equals: 'h' } },
          ],
        },
      ],
    },
  ),
  condition(
    { all: [{ method: 'A' }, { host: 'h' }] },
    {
      type: 'all',
      of: [
        { type: 'method', matcher: { equals: 'A' } },
        { type: 'host', matcher: { equals: 'h' } },
      ],
    },
  ),
])('the condition %s', (_, written, normal) => {
  expect(normalizeCondition(written)).toEqual(normal)
})

test('an invariant, with each name as a list', () => {
  const { invariants } = configOf(`version: 1
upstreams: { one: { url: https://one.test, accepts: [unknown] } }
routes: [{ name: all, match: { path: /* }, upstream: one, rules: [use none] }]
invariants:
  - name: full
    for: { method: DELETE }
    never: { upstream: one, host: One.Other, kind: [openai], placement: x-api-key, header: { X-A: present, x-b: absent } }
  - { name: short, always: { route: all } }
`)
  const none = {
    isForwarded: null,
    status: null,
    routes: null,
    rules: null,
    upstreams: null,
    hosts: null,
    kinds: null,
    secrets: null,
    placements: null,
    headers: [],
  }
  expect(invariants).toEqual([
    {
      name: 'full',
      index: 0,
      for: { type: 'method', matcher: { equals: 'DELETE' } },
      never: {
        ...none,
        upstreams: ['one'],
        hosts: ['one.other'],
        kinds: ['openai'],
        placements: [header('x-api-key')],
        headers: [
          { name: 'x-a', isPresent: true },
          { name: 'x-b', isPresent: false },
        ],
      },
      always: null,
    },
    { name: 'short', index: 1, for: null, never: null, always: { ...none, routes: ['all'] } },
  ])
})

test('kinds of the file come before the catalogue’s, and overlay those of the same name', () => {
  const shipped = [
    { name: 'a', prefixes: ['a-'], description: 'an A' },
    { name: 'b', prefixes: ['b-'] },
  ]
  const own = [
    { name: 'c', prefixes: ['c-'] },
    { name: 'a', prefixes: ['aa-'] },
  ]
  expect(mergeKinds(shipped, [])).toBe(shipped)
  expect(mergeKinds(shipped, own)).toEqual([
    { name: 'c', prefixes: ['c-'] },
    { name: 'a', prefixes: ['aa-'], description: 'an A' },
    { name: 'b', prefixes: ['b-'] },
  ])
})
