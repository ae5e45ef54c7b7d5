import type { RequestView } from '../../src/routing/rules/request-view.ts'

/** A source of chance that is the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export type Random = () => number

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item
}

const METHODS = ['GET', 'POST', 'PUT']
const PATHS = ['/', '/a', '/a/b', '/a/c', '/b', '/b/b', '/a/b/c']
const HOSTS = ['localhost', 'x.example.com', 'y.example.com', 'a.x.example.com']
const TEAMS = [undefined, '', 'a', 'b', 'ab', 'ba', 'A', 'c', 'abc']
const ADDRESSES = ['10.0.0.1', '10.128.0.1', '192.0.2.1', '2001:db8::1']
const CREDENTIALS = [
  undefined,
  'sk-ant-oat-TEST',
  'sk-ant-TEST',
  'sk-proj-TEST',
  'zz-TEST',
  'hk-TEST',
]

/** Every request over the small alphabets that small configurations tell apart. */
export const allRequests: readonly RequestView[] = METHODS.flatMap((method) =>
  PATHS.flatMap((target) =>
    HOSTS.flatMap((host) =>
      TEAMS.flatMap((team) =>
        ADDRESSES.flatMap((peerIp) =>
          CREDENTIALS.map(
            (credential): RequestView => ({
              method,
              target,
              headers: [
                'Host',
                host,
                ...(team === undefined ? [] : ['team', team]),
                ...(credential === undefined ? [] : ['authorization', `Bearer ${credential}`]),
              ],
              peerIp,
              protocol: 'http',
              id: 'oracle',
            }),
          ),
        ),
      ),
    ),
  ),
)

function matcher(random: Random): unknown {
  return pick(random, [
    'a',
    ['a', 'b'],
    ['ab', 'c'],
    { prefix: 'a' },
    { suffix: 'b' },
    { contains: 'b' },
    { matches: '^[ab]+$' },
    { matches: '^a|c$' },
    { matches: '(?i)^a$' },
    { matches: '^(?:ab)*$' },
    { present: true },
    { present: false },
  ])
}

function leaf(random: Random): object {
  const credential = [
    { kind: 'anthropic-oauth' },
    { kind: ['anthropic-api-key', 'openai'] },
    { kind: 'house' },
    { kind: 'unknown' },
    { prefix: 'sk-ant-' },
    { matches: '^sk-' },
    { matches: '^sk-ant-oat' },
    { present: true },
  ]
  return pick(random, [
    () => ({ method: pick(random, ['GET', 'POST', ['GET', 'PUT']]) }),
    () => ({ path: pick(random, ['/a/*', '/a', '/:x', '/:x/b', '/*', '/b/*', { suffix: '/b' }]) }),
    () => ({ host: pick(random, ['x.example.com', '*.example.com', { prefix: 'a.' }]) }),
    () => ({ header: { team: matcher(random) } }),
    () => ({ header: { team: matcher(random) } }),
    () => ({
      client: { ip: pick(random, ['10.0.0.0/8', '10.128.0.0/9', '2001:db8::/32', '0.0.0.0/0']) },
    }),
    () => ({ credential: pick(random, credential) }),
    () => ({ credential: pick(random, credential) }),
  ])()
}

function condition(random: Random, depth: number): object {
  const roll = random()
  if (depth === 0 || roll < 0.55) return leaf(random)
  const parts = (): object[] => [condition(random, depth - 1), condition(random, depth - 1)]
  if (roll < 0.7) return { all: parts() }
  return roll < 0.85 ? { any: parts() } : { not: condition(random, depth - 1) }
}

function rule(random: Random): object {
  const when = random() < 0.85 ? { if: condition(random, 2) } : {}
  if (random() < 0.2) return { ...when, reject: pick(random, [401, 403]) }
  const more = pick(random, [
    {},
    {},
    { continue: true },
    { upstream: 'two' },
    'if' in when ? { else: { use: 'none' } } : {},
  ])
  return { ...when, use: pick(random, ['x-api-key', 'authorization bearer', 'none']), ...more }
}

function route(random: Random, index: number): object {
  return {
    name: `r${index}`,
    match: {
      path: pick(random, ['/*', '/a/*', '/a/b', '/a/:x', '/:x/b', '/b/*', '/:x/*']),
      ...(random() < 0.25
        ? { hosts: [pick(random, ['x.example.com', '*.example.com', '*.x.example.com'])] }
        : {}),
      ...(random() < 0.25 ? { methods: [pick(random, ['GET', 'POST'])] } : {}),
      ...(random() < 0.15 ? { headers: { team: matcher(random) } } : {}),
    },
    upstream: pick(random, ['one', 'two']),
    rules: Array.from({ length: Math.floor(random() * 4) }, () => rule(random)),
  }
}

/** A configuration over the small alphabets. */
export function smallConfig(random: Random): Record<string, unknown> {
  const count = 1 + Math.floor(random() * 3)
  return {
    version: 1,
    server: { admin: 'off', hosts: ['*'] },
    credentials: { house: { prefixes: ['hk-'] } },
    upstreams: {
      one: {
        url: 'https://one.example.com',
        accepts: ['anthropic-api-key', 'anthropic-oauth', 'house'],
      },
      two: 'https://two.example.com',
    },
    routes: Array.from({ length: count }, (_, index) => route(random, index)),
  }
}

/** An invariant over the small alphabets. */
export function smallInvariant(random: Random): Record<string, unknown> {
  const outcome = pick(random, [
    { forward: true },
    { forward: false },
    { upstream: 'two' },
    { route: 'r0' },
    { status: 403 },
    { kind: 'anthropic-oauth' },
    { upstream: 'two', kind: ['openai', 'unknown'] },
    { placement: 'x-api-key' },
    { header: { 'x-api-key': 'present' } },
    { header: { team: 'present' }, upstream: 'one' },
  ])
  const when = random() < 0.8 ? { for: condition(random, 1) } : {}
  return { name: 'it', ...when, [pick(random, ['never', 'always'])]: outcome }
}

/** The same configuration with one edit, as a person makes it. */
export function editConfig(
  config: Record<string, unknown>,
  random: Random,
): Record<string, unknown> {
  const text = JSON.stringify(config)
  const edits: readonly (readonly [string, string])[] = [
    ['"GET"', '"POST"'],
    ['"/a/*"', '/a"'],
    ['"two"', '"one"'],
    ['"x-api-key"', '"authorization bearer"'],
    ['^sk-ant-oat', '^sk-ant-oa'],
    ['"all"', '"any"'],
    ['"a"', '"b"'],
    ['401', '403'],
    ['10.128.0.0/9', '10.0.0.0/8'],
    ['one.example.com', 'three.example.com'],
  ]
  for (let tries = 0; tries < 10; tries++) {
    const [from, to] = pick(random, edits)
    const changed = text.replace(from, to === '/a"' ? '"/a"' : to)
    if (changed !== text) return JSON.parse(changed) as Record<string, unknown>
  }
  return { ...config, routes: [...(config.routes as unknown[])].reverse() }
}
