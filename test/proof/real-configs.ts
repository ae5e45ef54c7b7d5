import { loadSmall } from './oracle-cases.ts'
import { pick, type Random } from './random.ts'

type Written = Record<string, unknown>

const PROVIDERS = [
  'anthropic',
  'openai',
  'google',
  'groq',
  'mistral',
  'github',
  'internal',
] as const

const CREDENTIALS: readonly Written[] = [
  { kind: 'anthropic-oauth' },
  { kind: 'anthropic-api-key' },
  { kind: ['anthropic-api-key', 'anthropic-oauth'] },
  { kind: 'openai' },
  { kind: 'house' },
  { kind: 'unknown' },
  { matches: '^sk-ant-oat' },
  { matches: '^sk-ant-(?:api|oat)\\d{2}-' },
  { matches: '^sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{4,}$' },
  { matches: '^(?:ghp|gho|ghs)_[A-Za-z0-9]{6,}$' },
  { matches: '(?i)^hk-[0-9a-f]{4}(?:-[0-9a-f]{4})?$' },
  { matches: '^eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*$' },
  { prefix: 'sk-ant-' },
  { suffix: '-TEST' },
  { contains: 'proj' },
  { scheme: ['bearer', 'none'] },
  { scheme: 'basic' },
  { source: 'authorization' },
  { present: true },
]

const HEADERS: readonly Written[] = [
  { 'x-team': ['red', 'blue'] },
  { 'x-team': { matches: '^(?:red|blue|green)-\\d+$' } },
  { 'x-team': { prefix: 'red' } },
  { 'anthropic-version': '2023-06-01' },
  { 'anthropic-beta': { matches: '(?:^|,\\s*)oauth-\\d{4}-\\d{2}-\\d{2}(?:,|$)' } },
  { 'user-agent': { matches: '(?i)\\bclaude-cli/(?:1|2)\\.\\d+' } },
  { 'x-debug': { present: true } },
  { 'x-debug': { present: false } },
]

function tenant(random: Random): string {
  return `t${Math.floor(random() * 400)}`
}

function path(random: Random): string {
  const provider = pick(random, PROVIDERS)
  return pick<() => string>(random, [
    () => `/${tenant(random)}/${provider}/*`,
    () => `/${tenant(random)}/v1/*`,
    () => `/${tenant(random)}/v1/messages`,
    () => `/${tenant(random)}/:service/v1/*`,
    () => `/:tenant/${provider}/v1/*`,
    () => `/${provider}/v1/models/:model`,
    () => `/${provider}/*`,
  ])()
}

function leaf(random: Random): Written {
  return pick<() => Written>(random, [
    () => ({ credential: pick(random, CREDENTIALS) }),
    () => ({ credential: pick(random, CREDENTIALS) }),
    () => ({ credential: pick(random, CREDENTIALS) }),
    () => ({ header: pick(random, HEADERS) }),
    () => ({ method: pick<unknown>(random, ['GET', 'POST', ['GET', 'HEAD'], ['PUT', 'DELETE']]) }),
    () => ({
      path: pick<unknown>(random, [path(random), { matches: '/v\\d+/(?:messages|chat)' }]),
    }),
    () => ({ host: pick<unknown>(random, ['*.example.com', { suffix: '.internal' }]) }),
    () => ({ query: { beta: pick<unknown>(random, ['true', { matches: '^(?i:true|1)$' }]) } }),
    () => ({
      client: {
        ip: pick<unknown>(random, ['10.0.0.0/8', ['10.1.0.0/16', '192.168.0.0/16'], 'fd00::/8']),
      },
    }),
    () => ({ client: { name: pick<unknown>(random, ['ci', ['ci', 'dev']]) } }),
  ])()
}

function condition(random: Random): Written {
  const roll = random()
  if (roll < 0.6) return leaf(random)
  const parts = [leaf(random), leaf(random)]
  if (roll < 0.75) return { all: parts }
  return roll < 0.9 ? { any: parts } : { not: leaf(random) }
}

const USES = [
  'x-api-key',
  'authorization bearer',
  'authorization bearer',
  'none',
  { header: 'x-goog-api-key' },
]

const OPERATIONS = [
  { set: { 'x-via': 'gateway' } },
  { remove: ['x-debug', 'x-internal-*'] },
  { rename: { 'x-team': 'x-organization' } },
  { add: { 'anthropic-version': '2023-06-01' } },
]

function rule(random: Random): Written {
  const when = random() < 0.85 ? { if: condition(random) } : {}
  const roll = random()
  if (roll < 0.15) return { ...when, reject: pick(random, [401, 403, 410]) }
  const does = {
    use: pick<unknown>(random, USES),
    ...(random() < 0.2 ? { request: pick<unknown>(random, OPERATIONS) } : {}),
    ...(random() < 0.1 ? { upstream: pick(random, ['openai', 'internal']) } : {}),
  }
  if (!('if' in when) || roll < 0.7) return { ...when, ...does }
  return roll < 0.85
    ? { ...when, ...does, continue: true }
    : { ...when, ...does, else: { use: pick<unknown>(random, USES) } }
}

function route(random: Random, index: number): Written {
  return {
    name: `r${index}`,
    match: {
      path: path(random),
      ...(random() < 0.2 ? { hosts: pick(random, [['*.example.com'], ['api.example.com']]) } : {}),
      ...(random() < 0.15 ? { methods: pick(random, [['GET'], ['POST', 'PUT']]) } : {}),
      ...(random() < 0.05 ? { headers: pick(random, HEADERS) } : {}),
    },
    upstream: pick(random, ['anthropic', 'anthropic', 'openai', 'internal']),
    ...(random() < 0.1 ? { credential: { conflict: 'first' } } : {}),
    ...(random() < 0.1
      ? { fallback: [{ upstream: 'spare', rules: [rule(random), { use: 'x-api-key' }] }] }
      : {}),
    rules: Array.from({ length: Math.floor(random() * 6) }, () => rule(random)),
  }
}

const OUTCOMES: readonly Written[] = [
  { upstream: 'anthropic', kind: 'openai' },
  { upstream: 'spare', kind: ['openai', 'unknown'] },
  { host: 'api.openai.com', kind: 'anthropic-oauth' },
  { kind: 'anthropic-oauth', placement: 'x-api-key' },
  { header: { 'x-debug': 'present' } },
  { header: { 'x-via': 'absent' }, forward: true },
  { forward: true },
  { status: 410 },
]

function invariant(random: Random, index: number): Written {
  const about = { all: [condition(random), { path: path(random) }] }
  const outcome = pick(random, OUTCOMES)
  return { name: `i${index}`, for: about, [random() < 0.8 ? 'never' : 'always']: outcome }
}

function around(routes: readonly Written[], invariants: readonly Written[]): Written {
  return {
    version: 1,
    server: { admin: 'off', hosts: ['*'] },
    credentials: { house: { prefixes: ['hk-'] } },
    clients: {
      required: false,
      tokens: { ci: { file: 'ci.sha256' }, dev: { file: 'dev.sha256' } },
    },
    upstreams: {
      anthropic: {
        url: 'https://api.anthropic.com',
        accepts: ['anthropic-api-key', 'anthropic-oauth', 'house'],
      },
      openai: { url: 'https://api.openai.com', accepts: ['openai', 'unknown', 'house'] },
      internal: 'https://llm.internal',
      spare: { url: 'https://spare.example.com', accepts: ['anthropic-api-key', 'house'] },
    },
    routes,
    invariants,
  }
}

/** A configuration as large as real ones: so many routes with patterns as people write them, and so many invariants. */
export function realConfig(
  random: Random,
  counts: { readonly routes: number; readonly invariants: number },
): object {
  const routes: Written[] = []
  const matches = new Set<string>()
  for (let tries = 0; routes.length < counts.routes && tries < counts.routes * 5; tries++) {
    const one = route(random, routes.length)
    const key = JSON.stringify(one.match).replaceAll(/:[a-z]+/g, ':')
    if (matches.has(key) || !isReadable(one)) continue
    matches.add(key)
    routes.push(one)
  }
  const invariants = Array.from({ length: counts.invariants }, (_, at) => invariant(random, at))
  return around(routes, invariants)
}

/** Whether a route has no other errors than rules that no request gets to. */
function isReadable(one: Written): boolean {
  const { diagnostics } = loadSmall(around([one], []))
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return errors.every(
    ({ code, path }) =>
      ['unreachable-rule', 'never-holds'].includes(code) && !path.includes('fallback'),
  )
}
