import { expect, test } from 'vitest'
import { DEFAULT_RETRY } from '../../src/config/normalize/normalize-upstream.ts'
import type { NormalConfig } from '../../src/config/shapes/normal-config.ts'
import { describeChanges } from '../../src/reload/diff.ts'
import { needsRestart } from '../../src/reload/server-settings.ts'
import {
  sampleConfig,
  sampleRoute,
  sampleRule,
  sampleServer,
  sampleUpstream,
} from './sample-config.ts'

const secret = (name: string, file: string): NormalConfig['secrets'][number] => ({
  name,
  sources: [{ file }],
  isPool: false,
  cooldownMs: 30_000,
})

const limit = (name: string, count: number): NormalConfig['limits'][number] => ({
  name,
  routes: null,
  by: 'address',
  requests: { count, windowMs: 60_000 },
  atOnce: null,
})

const invariant = (name: string, status: number): NormalConfig['invariants'][number] => ({
  name,
  index: 0,
  for: null,
  never: {
    isForwarded: null,
    status,
    routes: null,
    rules: null,
    upstreams: null,
    hosts: null,
    kinds: null,
    secrets: null,
    placements: null,
    headers: [],
  },
  always: null,
})

const table: readonly {
  name: string
  previous: Partial<NormalConfig>
  next: Partial<NormalConfig>
  changes: string[]
  restart?: string[]
}[] = [
  { name: 'nothing but comments', previous: {}, next: {}, changes: [] },
  {
    name: 'a route added',
    previous: { routes: [sampleRoute('a')] },
    next: { routes: [sampleRoute('b'), sampleRoute('a', { index: 1 })] },
    changes: ['route "b" added'],
  },
  {
    name: 'limits and invariants, one of each added, changed and removed',
    previous: {
      limits: [limit('old', 1), limit('kept', 2)],
      invariants: [invariant('old', 403), invariant('kept', 403)],
    },
    next: {
      limits: [limit('kept', 3), limit('new', 1)],
      invariants: [invariant('kept', 404), invariant('new', 403)],
    },
    changes: [
      'limit "old" removed',
      'limit "kept" changed: requests',
      'limit "new" added',
      'invariant "old" removed',
      'invariant "kept" changed: never',
      'invariant "new" added',
    ],
  },
  {
    name: 'a route removed',
    previous: { routes: [sampleRoute('a'), sampleRoute('b')] },
    next: { routes: [sampleRoute('b')] },
    changes: ['route "a" removed'],
  },
  {
    name: 'parts of a route changed',
    previous: { routes: [sampleRoute('a')] },
    next: {
      routes: [sampleRoute('a', { upstream: 'two', request: { set: { 'x-team': 'blue' } } })],
    },
    changes: ['route "a" changed: upstream, request'],
  },
  {
    name: 'the URL of an upstream',
    previous: { upstreams: [sampleUpstream('up')] },
    next: {
      upstreams: [
        sampleUpstream('up', {
          url: 'http://127.0.0.1:2',
          targets: [{ url: 'http://127.0.0.1:2', weight: 1 }],
        }),
      ],
    },
    changes: ['upstream "up" changed: url'],
  },
  {
    name: 'the targets of an upstream',
    previous: { upstreams: [sampleUpstream('up')] },
    next: {
      upstreams: [
        sampleUpstream('up', {
          url: 'http://127.0.0.1:2',
          targets: [
            { url: 'http://127.0.0.1:2', weight: 1 },
            { url: 'http://127.0.0.1:3', weight: 2 },
          ],
          retry: { ...DEFAULT_RETRY, attempts: 2 },
        }),
      ],
    },
    changes: ['upstream "up" changed: targets, retry'],
  },
  {
    name: 'rules of a route',
    previous: {
      routes: [
        sampleRoute('a', { rules: [sampleRule('x', 'x-api-key'), sampleRule('y', 'api-key')] }),
      ],
    },
    next: {
      routes: [
        sampleRoute('a', { rules: [sampleRule('z', 'x-api-key'), sampleRule('x', 'api-key')] }),
      ],
    },
    changes: ['route "a" changed: rule "y" removed, rule "z" added, rule "x" changed: use'],
  },
  {
    name: 'rules in another order',
    previous: {
      routes: [sampleRoute('a', { rules: [sampleRule('x', 'p', 0), sampleRule('y', 'q', 1)] })],
    },
    next: {
      routes: [sampleRoute('a', { rules: [sampleRule('y', 'q', 0), sampleRule('x', 'p', 1)] })],
    },
    changes: ['route "a" changed: order of rules changed'],
  },
  {
    name: 'routes in another order',
    previous: { routes: [sampleRoute('a'), sampleRoute('b', { index: 1 })] },
    next: { routes: [sampleRoute('b'), sampleRoute('a', { index: 1 })] },
    changes: ['order of routes changed'],
  },
  {
    name: 'upstreams',
    previous: { upstreams: [sampleUpstream('one'), sampleUpstream('two')] },
    next: {
      upstreams: [
        sampleUpstream('one', { url: 'https://one.example', accepts: ['openai'] }),
        sampleUpstream('three'),
      ],
    },
    changes: [
      'upstream "two" removed',
      'upstream "one" changed: url, accepts',
      'upstream "three" added',
    ],
  },
  {
    name: 'secrets, by where they are, never what they are',
    previous: { secrets: [secret('a', '/run/secrets/a'), secret('b', '/run/secrets/b')] },
    next: { secrets: [secret('a', '/run/secrets/a2')] },
    changes: ['secret "b" removed', 'secret "a" changed: sources'],
  },
  {
    name: 'clients',
    previous: {
      clients: {
        places: [{ in: 'header', name: 'x-keyway-token' }],
        isCounted: false,
        preflight: 'closed',
        isRequired: true,
        tokens: [{ name: 'ci', file: '/a' }],
      },
    },
    next: {
      clients: {
        places: [{ in: 'header', name: 'x-proxy-token' }],
        isCounted: false,
        preflight: 'closed',
        isRequired: false,
        tokens: [
          { name: 'ci', file: '/b' },
          { name: 'dev', file: '/c' },
        ],
      },
    },
    changes: [
      'clients.header changed',
      'clients.required changed',
      'client "ci" changed: file',
      'client "dev" added',
    ],
  },
  {
    name: 'kinds and tests',
    previous: { kinds: [{ name: 'mine', prefixes: ['m-'] }] },
    next: {
      kinds: [{ name: 'mine', prefixes: ['n-'] }],
      tests: [{ name: 't', request: { path: '/' }, expect: { route: null } }],
    },
    changes: ['kind "mine" changed: prefixes', 'tests changed'],
  },
  {
    name: 'server settings that apply at once',
    previous: {},
    next: { server: sampleServer({ trust: ['10.0.0.0/8'] }, { bodyBytes: 1 }) },
    changes: ['server.trust changed', 'server.limits.body changed'],
  },
  {
    name: 'server settings that need a restart',
    previous: {},
    next: {
      server: sampleServer(
        {
          listen: { address: { host: '0.0.0.0', port: 8080 }, tls: null },
          admin: { host: '127.0.0.1', port: 9902 },
        },
        { connections: 5, keepAliveMs: 1, headersBytes: 1, headersTimeoutMs: 1 },
      ),
    },
    changes: [
      'server.listen changed',
      'server.admin changed',
      'server.limits.headers changed',
      'server.limits.headersTimeout changed',
      'server.limits.keepAlive changed',
      'server.limits.connections changed',
    ],
    restart: [
      'server.listen',
      'server.admin',
      'server.limits.headers',
      'server.limits.headersTimeout',
      'server.limits.keepAlive',
      'server.limits.connections',
    ],
  },
]

test.each(table)('says what changed: $name', ({ previous, next, changes, restart }) => {
  const [before, after] = [sampleConfig(previous), sampleConfig(next)]
  expect(describeChanges(before, after)).toEqual(changes)
  expect(needsRestart(before, after)).toEqual(restart ?? [])
})
