import { pick, type Random } from './random.ts'

type Written = Record<string, unknown>

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
    { matches: '(?i)^k$' },
    ['k', 'K'],
    { matches: '(?m)b\\b|^$' },
    { matches: '^[^a-z]*$' },
    { present: true },
    { present: false },
  ])
}

const CREDENTIALS: readonly Written[] = [
  { kind: 'anthropic-oauth' },
  { kind: ['anthropic-api-key', 'openai'] },
  { kind: 'house' },
  { kind: 'unknown' },
  { prefix: 'sk-ant-' },
  { matches: '^sk-' },
  { matches: '^sk-ant-oat' },
  { equals: 'hk-TEST' },
  { in: ['zz-TEST', 'sk-ant-TEST'] },
  { suffix: '-TEST', kind: 'house' },
  { contains: 'ant' },
  { scheme: 'basic' },
  { scheme: ['bearer', 'none'] },
  { scheme: 'token', prefix: 'sk-' },
  { source: 'authorization' },
  { source: ['x-api-key', 'x-own-key'] },
  { scheme: ['none', 'bearer', 'token', 'key', 'apikey', 'api-key'] },
  { kind: 'phrase' },
  { kind: ['phrase', 'unknown'], scheme: ['basic', 'digest'] },
  { present: true },
]

/** Headers in which a credential may stand, looked at as headers. */
const CREDENTIAL_HEADERS: readonly Written[] = [
  { authorization: { prefix: 'Bearer ' } },
  { authorization: { present: false } },
  { cookie: { contains: 'sid=' } },
  { 'x-api-key': { present: true } },
  { 'x-own-key': 'zz-TEST' },
]

const PATHS = [
  '/a/*',
  '/a',
  '/:x',
  '/:x/b',
  '/*',
  '/b/*',
  { suffix: '/b' },
  { prefix: '/%4' },
  { contains: '%2F' },
]

const HOSTS = [
  'x.example.com',
  '*.example.com',
  { prefix: 'a.' },
  'y.example.com',
  'b.other.com',
  { suffix: '.' },
]

function leaf(random: Random): Written {
  return pick<() => Written>(random, [
    () => ({ method: pick(random, ['GET', 'POST', ['GET', 'PUT']]) }),
    () => ({ path: pick(random, PATHS) }),
    () => ({ host: pick(random, HOSTS) }),
    () => ({ header: { team: matcher(random) } }),
    () => ({ header: { team: matcher(random) } }),
    () => ({ query: { [pick(random, ['x', 'x', 'x y', 'key'])]: matcher(random) } }),
    () => ({ header: pick(random, CREDENTIAL_HEADERS) }),
    () => ({
      client: {
        ip: pick(random, [
          '10.0.0.0/8',
          ['10.128.0.0/9', '192.0.2.1'],
          '2001:db8::/32',
          '0.0.0.0/0',
          '::/0',
          ['0.0.0.0/0', '::/0'],
          '::ffff:0:0/96',
        ]),
      },
    }),
    () => ({ client: { name: pick(random, ['ci', 'dev', ['ci', 'dev']]) } }),
    () => ({ credential: pick(random, CREDENTIALS) }),
    () => ({ credential: pick(random, CREDENTIALS) }),
    () => ({ credential: pick(random, CREDENTIALS) }),
  ])()
}

function condition(random: Random, depth: number): Written {
  const roll = random()
  if (depth === 0 || roll < 0.55) return leaf(random)
  const parts = (): object[] => [condition(random, depth - 1), condition(random, depth - 1)]
  if (roll < 0.7) return { all: parts() }
  return roll < 0.85 ? { any: parts() } : { not: condition(random, depth - 1) }
}

const USES = [
  'x-api-key',
  'authorization bearer',
  'none',
  { header: 'x-own-key' },
  { header: 'x-api-key', value: `\${secret.pod}` },
  { header: 'x-api-key', value: `\${request.header.team}` },
  { cookie: 'sid' },
  { query: 'key' },
  { header: 'authorization', scheme: 'Token' },
  { header: 'x-own-key', value: `\${credential}` },
  { basic: { user: 'me', password: `\${secret.pod}` } },
]

const ALSO = [
  [{ header: 'x-also', value: `\${secret.pod}` }],
  [{ cookie: 'sid' }],
  [{ header: 'x-own-key' }],
  [{ query: 'key', value: `\${request.header.team}` }],
]

const REWRITES = [
  { strip: '/a' },
  { prefix: '/p' },
  { path: '/q' },
  { query: { set: { x: 'b' } } },
  { query: { remove: ['x'] } },
]

const OPERATIONS = [
  { set: { 'x-out': 'a' } },
  { remove: ['team'] },
  { remove: ['tea*'] },
  { remove: ['x-o*'], set: { team: 'c' } },
  { rename: { team: 'x-out' } },
  { add: { team: 'b' } },
  { append: { 'x-out': `\${client.ip}` } },
  { host: 'preserve' },
]

function action(random: Random): Written {
  const roll = random()
  if (roll < 0.2) return { reject: pick(random, [401, 403]) }
  return {
    ...(roll < 0.85 ? { use: pick<unknown>(random, USES) } : {}),
    ...(random() < 0.2 ? { upstream: 'two' } : {}),
    ...(random() < 0.25 ? { request: pick<unknown>(random, OPERATIONS) } : {}),
    ...(random() < 0.06 ? { also: pick<unknown>(random, ALSO) } : {}),
    ...(random() < 0.1 ? { rewrite: pick<unknown>(random, REWRITES) } : {}),
  }
}

function rule(random: Random): Written {
  const roll = random()
  const own = action(random)
  const then = Object.keys(own).length === 0 ? { use: 'none' } : own
  if (roll < 0.15) return then
  const when = { if: condition(random, 2), ...then }
  if (roll < 0.3 && !('reject' in then)) return { ...when, continue: true }
  return roll < 0.45 ? { ...when, else: { use: 'none', ...action(random) } } : when
}

function elseOf(one: Written): Written {
  const other = one.else as Written | undefined
  if (other?.reject === undefined) return one
  return { ...one, else: { reject: other.reject } }
}

function rules(random: Random, most: number): Written[] {
  return Array.from({ length: Math.floor(random() * most) }, () => elseOf(rule(random)))
}

/** One that looks for credentials where its route does, or elsewhere too. */
function fallback(random: Random): Written {
  const last = {
    use: 'x-api-key',
    ...(random() < 0.2 ? { also: pick<unknown>(random, ALSO) } : {}),
  }
  return {
    upstream: pick(random, ['three', 'three', 'eleven']),
    rules: [...rules(random, 2), last],
  }
}

function route(random: Random, index: number): Written {
  return {
    name: `r${index}`,
    match: {
      path: pick(random, ['/*', '/a/*', '/a/b', '/a/:x', '/:x/b', '/b/*', '/:x/*']),
      ...(random() < 0.25
        ? {
            hosts: pick(random, [
              ['*.other.com', 'x.example.com'],
              ['x.example.com'],
              ['*.example.com'],
              ['*.x.example.com', 'y.example.com'],
            ]),
          }
        : {}),
      ...(random() < 0.25 ? { methods: [pick(random, ['GET', 'POST'])] } : {}),
      ...(random() < 0.15 ? { headers: { team: matcher(random) } } : {}),
    },
    upstream: pick(random, ['one', 'two', 'one', 'two', 'known', 'one', 'two', 'eleven']),
    ...(random() < 0.06 ? { also: pick<unknown>(random, ALSO) } : {}),
    ...(random() < 0.1 ? { rewrite: pick<unknown>(random, REWRITES) } : {}),
    ...(random() < 0.05 ? { response: { set: { 'x-answer': 'a' }, answers: 'all' } } : {}),
    ...(random() < 0.15 ? { credential: { conflict: 'first' } } : {}),
    ...(random() < 0.1
      ? {
          credential: {
            from: ['x-own-key', pick(random, ['authorization', 'cookie sid', 'query key'])],
          },
        }
      : {}),
    ...(random() < 0.1 ? { paths: 'exact' } : {}),
    ...(random() < 0.1 ? { request: pick<unknown>(random, OPERATIONS) } : {}),
    ...(random() < 0.15 ? { fallback: [fallback(random)] } : {}),
    rules: rules(random, 5),
  }
}

const CLIENT_PLACES = [
  'authorization',
  'cookie sid',
  'query key',
  ['x-keyway-token', 'authorization'],
  ['x-api-key'],
]

/** A configuration over the small alphabets. */
export function smallConfig(random: Random): Written {
  const count = 1 + Math.floor(random() * 3)
  const isKnown = random() < 0.3
  return {
    version: 1,
    server: { admin: 'off', hosts: ['*'] },
    secrets: { pod: { env: 'POD' } },
    credentials: { house: { prefixes: ['hk-'] }, phrase: { matches: '^[a-z]+ [a-z]+$' } },
    clients: {
      required: isKnown,
      ...(random() < 0.3 ? { header: pick<unknown>(random, CLIENT_PLACES) } : {}),
      ...(random() < 0.5 ? { preflight: 'open' } : {}),
      tokens: { ci: { file: 'ci.sha256' }, dev: { file: 'dev.sha256' } },
    },
    upstreams: {
      one: {
        url: 'https://one.example.com',
        accepts: ['anthropic-api-key', 'anthropic-oauth', 'house'],
      },
      two: 'https://two.example.com',
      known: { provider: 'anthropic' },
      eleven: { provider: 'elevenlabs' },
      three: { url: 'https://three.example.com', accepts: ['anthropic-api-key', 'unknown'] },
    },
    routes: Array.from({ length: count }, (_, index) => route(random, index)),
  }
}

/** An invariant over the small alphabets. */
export function smallInvariant(random: Random): Written {
  const outcome = pick<Written>(random, [
    { forward: true },
    { forward: false },
    { upstream: 'two' },
    { upstream: ['one', 'three'], kind: 'unknown' },
    { host: 'three.example.com' },
    { route: 'r0' },
    { status: 403 },
    { secret: 'pod' },
    { kind: 'anthropic-oauth' },
    { upstream: 'two', kind: ['openai', 'unknown'] },
    { placement: 'x-api-key' },
    { placement: 'none' },
    { header: { 'x-api-key': 'present' } },
    { header: { team: 'present' }, upstream: 'one' },
    { header: { cookie: 'present' } },
    { header: { host: 'absent' }, forward: true },
    { header: { team: 'absent' }, forward: true },
    { host: 'Two.Example.com:443' },
    { host: '*.example.com' },
    { kind: 'phrase' },
    { header: { 'x-out': 'absent' }, forward: true },
  ])
  const when = random() < 0.8 ? { for: condition(random, 1) } : {}
  return { name: 'it', ...when, [pick(random, ['never', 'always'])]: outcome }
}

const EDITS: readonly (readonly [string, string])[] = [
  ['"GET"', '"POST"'],
  ['"/a/*"', '"/a"'],
  ['"two"', '"one"'],
  ['"x-api-key"', '"authorization bearer"'],
  ['^sk-ant-oat', '^sk-ant-oa'],
  ['"all"', '"any"'],
  ['"a"', '"b"'],
  ['401', '403'],
  ['10.128.0.0/9', '10.0.0.0/8'],
  ['one.example.com', 'four.example.com'],
  ['"ci"', '"dev"'],
  ['"unknown"', '"house"'],
  ['"first"', '"reject"'],
  ['"three"', '"two"'],
  ['"remove":["team"]', '"set":{"team":"c"}'],
  ['"hk-"', '"zz-"'],
  ['"required":true', '"required":false'],
  ['"ci":{"file":"ci.sha256"},', ''],
  ['"dev":{"file":"dev.sha256"}', '"dev":{"file":"dev.sha256"},"eve":{"file":"eve.sha256"}'],
  ['"known"', '"two"'],
  ['"x-also"', '"x-more"'],
  ['"provider":"anthropic"', '"provider":"openai"'],
  ['"x-own-key"', '"x-api-key"'],
  ['"cookie sid"', '"query key"'],
  ['"/p"', '"/a"'],
  ['"from":[', '"from":["x-api-key",'],
  ['"fallback":[', '"fallback":[{"upstream":"two","rules":[{"use":"none"}]},'],
]

/** The same configuration with one edit, as a person makes it. */
export function editConfig(config: Written, random: Random): Written {
  const text = JSON.stringify(config)
  const roll = random()
  const routes = config.routes as Written[]
  if (roll < 0.1) return { ...config, routes: routes.toReversed() }
  if (roll < 0.2) return { ...config, routes: routes.map(withoutFallback) }
  for (let tries = 0; tries < 10; tries++) {
    const [from, to] = pick(random, EDITS)
    const places = text.split(from).length - 1
    const at = Math.floor(random() * places)
    let seen = -1
    const changed = text.replaceAll(from, (found) => {
      seen++
      return seen === at ? to : found
    })
    if (changed !== text) return JSON.parse(changed) as Written
  }
  return { ...config, routes: routes.toReversed() }
}

function withoutFallback({ fallback: _, ...rest }: Written): Written {
  return rest
}
