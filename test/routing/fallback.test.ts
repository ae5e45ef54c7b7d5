import { describe, expect, test } from 'vitest'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import type { Decision, Forward } from '../../src/routing/decide/decision.ts'
import { compileText, view } from '../support/compile-text.ts'

const CONFIG = `
version: 1
secrets:
  openrouter: { env: OPENROUTER }
upstreams:
  anthropic: { provider: anthropic, retry: { attempts: 2, on: [429] } }
  openrouter: { provider: openrouter, retry: { backoff: 1s } }
  local: { url: 'http://127.0.0.1:1/base', accepts: [anthropic-api-key] }
routes:
  - name: claude
    match: { path: /claude/* }
    rewrite: { strip: /claude }
    upstream: anthropic
    request: { set: { x-for-anthropic: 'yes' } }
    response: { set: { x-route: claude } }
    retry: { attempts: 3 }
    fallback:
      - upstream: openrouter
        on: [connect, 529]
        rewrite: { path: '/api/*' }
        rules:
          - use: { header: authorization, scheme: Bearer, value: '\${secret.openrouter}' }
      - upstream: local
        request: { set: { x-for-local: 'yes' } }
`

const { table } = compileText(CONFIG, { env: { OPENROUTER: 'unused' } })

function decide(headers: readonly string[]): Forward {
  return forwarded(table.decide(view('/claude/v1/messages', headers)))
}

function forwarded(decision: Decision | undefined): Forward {
  if (decision?.action !== 'forward') throw new Error(`not forwarded: ${JSON.stringify(decision)}`)
  return decision
}

const KEY = ['x-api-key', 'sk-ant-api03-FAKE']

function fieldsOf({ headers }: Forward): Record<string, string> {
  const names = headers.filter((_, index) => index % 2 === 0)
  return Object.fromEntries(
    names.map((name, index) => [name.toLowerCase(), headers[2 * index + 1] as string]),
  )
}

describe('a fallback', () => {
  test('goes by its own rules and credentials, and nothing of the first decision goes along', () => {
    const first = decide(KEY)
    expect(fieldsOf(first)).toMatchObject({ 'x-api-key': KEY[1], 'x-for-anthropic': 'yes' })
    const second = forwarded(first.fallbacks[0]?.decide())
    expect(second.upstream.config.name).toBe('openrouter')
    expect(second.target).toBe('/api/api/v1/messages')
    const fields = fieldsOf(second)
    expect(fields.authorization).toMatch(/^Bearer /)
    expect(fields).not.toHaveProperty('x-api-key')
    expect(fields).not.toHaveProperty('x-for-anthropic')
    expect(JSON.stringify(second.headers)).not.toContain('sk-ant')
    expect(second.secret?.name).toBe('openrouter')
  })

  test("keeps the route's response operations and errors", () => {
    const second = forwarded(decide(KEY).fallbacks[0]?.decide())
    expect(second.errors).toBe('anthropic')
    expect(second.editResponse?.([])).toEqual(['x-route', 'claude'])
  })

  test('leads on to those after it', () => {
    const first = decide(KEY)
    expect(first.fallbacks.map(({ on }) => on)).toEqual([
      ['connect', 529],
      ['connect', 'timeout', '5xx', 429],
    ])
    const second = forwarded(first.fallbacks[0]?.decide())
    expect(second.fallbacks).toHaveLength(1)
    const third = forwarded(second.fallbacks[0]?.decide())
    expect(third.target).toBe('/base/v1/messages')
    expect(fieldsOf(third)).toMatchObject({ 'x-api-key': KEY[1], 'x-for-local': 'yes' })
    expect(third.fallbacks).toEqual([])
  })

  test('is refused where the upstream does not accept the credential', () => {
    const first = decide(['authorization', 'Bearer sk-ant-oat01-FAKE'])
    const [, local] = first.fallbacks
    expect(local?.decide()).toMatchObject({ action: 'reject', code: 'credential_not_accepted' })
  })

  test('retries as the route says, key by key', () => {
    const first = decide(KEY)
    expect(first.retry).toMatchObject({ attempts: 3, on: [429], backoffMs: 100 })
    const second = forwarded(first.fallbacks[0]?.decide())
    expect(second.retry).toMatchObject({ attempts: 3, on: ['connect'], backoffMs: 1_000 })
  })
})

test('a fallback knows the client as the first did: by address and by name', () => {
  const { table } = compileText(`version: 1
server: { trust: [192.0.2.7] }
clients: { tokens: { ci: { file: tokens } } }
upstreams:
  first: https://first.test
  second: { url: 'https://second.test', accepts: [openai] }
routes:
  - name: all
    match: { path: /* }
    upstream: first
    fallback:
      - upstream: second
        request: { set: { x-client: '\${client.name} at \${client.ip}, \${request.id}' } }
        rules: [{ name: ours, if: { client: { name: ci, ip: 198.51.100.0/24 } }, request: { set: { x-rule: ours } } }]
`)
  const headers = ['X-Keyway-Token', 'client:ci', 'X-Forwarded-For', '198.51.100.9']
  const next = forwarded(forwarded(table.decide(view('/v1', headers))).fallbacks[0]?.decide())
  const fields = fieldsOf(next)
  expect(fields).toMatchObject({ 'x-client': 'ci at 198.51.100.9, id-1', 'x-rule': 'ours' })
  expect(fields['x-forwarded-for']).toBe('198.51.100.9, 192.0.2.7')
  expect(fields).not.toHaveProperty('x-keyway-token')
  expect(next.hidden.list()).toContain('client:ci')
})

test('a fallback knows nothing of the rule that decided first, nor of its secret and captures', () => {
  const { table } = compileText(
    `version: 1
secrets: { ours: { env: OURS } }
upstreams: { first: { url: 'https://first.test', accepts: [openai] }, second: { url: 'https://second.test', accepts: [openai] } }
routes:
  - name: all
    match: { path: '/:tenant/*' }
    upstream: first
    rules:
      - name: ours
        if: { header: { x-tenant: { matches: '^(?<tenant>.*)$' } } }
        use: { header: authorization, value: '\${secret.ours}' }
        request: { set: { x-first: '\${capture.tenant}' } }
    fallback: [{ upstream: second, request: { set: { x-second: '\${capture.tenant}' } } }]
`,
    { env: { OURS: 'unused' } },
  )
  const first = forwarded(table.decide(view('/from-the-path/x', ['x-tenant', 'from-the-rule'])))
  expect(fieldsOf(first)['x-first']).toBe('from-the-rule')
  expect([first.rule, first.branch, first.secret?.name]).toEqual(['ours', 'then', 'ours'])
  const second = forwarded(first.fallbacks[0]?.decide())
  expect(fieldsOf(second)['x-second']).toBe('from-the-path')
  expect([second.rule, second.branch, second.secret, second.secrets]).toEqual([
    null,
    null,
    null,
    [],
  ])
})

const OPEN = `
version: 1
upstreams:
  first: { url: https://first.test, accepts: ACCEPTS }
  second: { url: 'https://second.test', accepts: [openai] }
routes:
  - { name: all, match: { path: /* }, upstream: first, fallback: [{ upstream: second }] }
`
const kinds = loadCatalogue().kinds.filter(({ forward }) => forward !== 'never')
const open = compileText(OPEN.replace('ACCEPTS', `[${kinds.map(({ name }) => name).join()}]`)).table

test.each(kinds)(
  'only a kind that the second upstream accepts follows to it: $name',
  ({ name, prefixes = [] }) => {
    const value = `${prefixes[0] ?? 'opaque-'}FAKE`
    const first = forwarded(open.decide(view('/v1', ['authorization', `Bearer ${value}`])))
    const next = first.fallbacks[0]?.decide()
    expect(next?.action).toBe(name === 'openai' ? 'forward' : 'reject')
  },
)

describe('targets', () => {
  const text = (balance: string): string => `
version: 1
upstreams:
  api: { targets: ['https://a.test/v1/', { url: 'https://b.test', weight: 3 }], balance: ${balance}, proxy: env }
routes:
  - { name: api, match: { path: /* }, upstream: api }
`

  test('are compiled with what dispatching needs', () => {
    const snapshot = compileText(text('round-robin'), {
      env: { HTTPS_PROXY: 'http://proxy.test:3128', NO_PROXY: 'b.test' },
    })
    const [upstream] = snapshot.table.upstreams
    expect(upstream).toMatchObject({ origin: 'https://a.test', basePath: '/v1' })
    expect(upstream?.targets).toMatchObject([
      { origin: 'https://a.test', basePath: '/v1', weight: 1, proxy: 'http://proxy.test:3128' },
      { origin: 'https://b.test', basePath: '', weight: 3, proxy: null },
    ])
    expect(forwarded(snapshot.table.decide(view('/models'))).target).toBe('/v1/models')
  })

  test.each([
    { name: 'round-robin', balance: 'round-robin', key: null },
    { name: 'credential', balance: '{ hash: credential }', key: 'sk-ant-api03-FAKE' },
    { name: 'client', balance: '{ hash: client }', key: '192.0.2.7' },
    { name: 'header', balance: '{ hash: header X-User }', key: 'blue' },
    { name: 'a header that is not there', balance: '{ hash: header x-none }', key: null },
  ])('are chosen by $name', ({ balance, key }) => {
    const decision = compileText(text(balance)).table.decide(
      view('/models', [...KEY, 'X-User', 'blue']),
    )
    expect(forwarded(decision).balanceKey).toBe(key)
  })
})

describe('a missing secret', () => {
  const text = `
version: 1
secrets: { own: { env: OWN }, spare: { env: SPARE } }
upstreams:
  one: { url: https://one.example.com, accepts: [unknown] }
  two: { url: https://two.example.com, accepts: [unknown] }
  three: { url: https://three.example.com, accepts: [unknown] }
  four: { url: https://four.example.com, accepts: [unknown] }
routes:
  - name: a
    match: { path: /a/* }
    upstream: one
    rules: [{ use: { header: x-api-key, value: '${'${secret.own}'}' } }]
    fallback:
      - { upstream: two, on: [connect], rules: [{ use: { header: x-api-key, value: '${'${secret.spare}'}' } }] }
      - { upstream: four, rules: [{ use: { header: x-api-key, value: '${'${secret.own}'}' } }] }
      - { upstream: three, rules: [{ use: { header: x-api-key, value: '${'${secret.spare}'}' } }] }
`

  function decideWith(secrets: Readonly<Record<string, string>>, file = text): Decision {
    const readSecret = (name: string): string | null => secrets[name] ?? null
    return compileText(file, { readSecret }).table.decide(view('/a/x', []))
  }

  test('lets the first fallback for 503 take over that has what it needs', () => {
    const decision = forwarded(decideWith({ spare: 'FAKE-SPARE' }))
    expect(decision.upstream.config.name).toBe('three')
    expect(fieldsOf(decision)['x-api-key']).toBe('FAKE-SPARE')
    // Nor is it its own fallback.
    expect(decision.fallbacks).toEqual([])
  })

  test('leaves those behind it for what it can not do', () => {
    const file = text.replace(/(upstream: four.*)secret\.own/, '$1secret.spare')
    const decision = forwarded(decideWith({ spare: 'FAKE-SPARE' }, file))
    expect(decision.upstream.config.name).toBe('four')
    expect(decision.fallbacks.map(({ upstream }) => upstream)).toEqual(['three'])
  })

  test('refuses the request where no fallback has', () => {
    expect(decideWith({})).toMatchObject({
      action: 'reject',
      status: 503,
      code: 'secret_unavailable',
      retryAfterMs: null,
    })
  })

  test('changes nothing where the secret is there', () => {
    const decision = forwarded(decideWith({ own: 'FAKE-OWN', spare: 'FAKE-SPARE' }))
    expect(decision.upstream.config.name).toBe('one')
    expect(decision.fallbacks.map(({ upstream }) => upstream)).toEqual(['two', 'four', 'three'])
  })
})
