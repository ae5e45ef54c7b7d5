import { describe, expect, test } from 'vitest'
import type { Forward } from '../../src/routing/decide/decision.ts'
import { compileText, view } from '../support/compile-text.ts'
import { outcomeOf } from '../support/outcome.ts'

interface Asked {
  readonly upstream?: string
  readonly route?: string
  readonly server?: string
  readonly headers?: readonly string[]
}

function forwarded({ upstream = '', route = '', server = '', headers = [] }: Asked): Forward {
  const { table } = compileText(`version: 1
server: { listen: 127.0.0.1:8080${server} }
clients: { required: false, tokens: { alice: { file: a } } }
upstreams: { up: { targets: [https://a.example, https://b.example], accepts: [unknown], ${upstream} } }
routes: [{ name: r, match: { path: /* }, upstream: up, ${route} }]
`)
  const decision = table.decide(view('/', headers))
  if (decision.action !== 'forward') throw new Error(decision.message)
  return decision
}

describe('limits of one request', () => {
  test.each([
    ['the server’s', 'bodyBytes', { server: ', limits: { body: 5KiB }' }, 5120],
    [
      'the route’s in its place',
      'bodyBytes',
      { server: ', limits: { body: 5KiB }', route: 'limits: { body: 3KiB }' },
      3072,
    ],
    ...(['responseHeaders', 'idle', 'total'] as const).flatMap((name) => {
      const upstream = `limits: { ${name}: 7s }`
      const key = `${name}Ms` as const
      return [
        ['the upstream’s', key, { upstream }, 7000],
        ['the route’s in its place', key, { upstream, route: `limits: { ${name}: 3s }` }, 3000],
      ] as const
    }),
  ] as const)('%s: %s', (_, key, asked, wanted) => {
    expect(forwarded(asked).limits[key]).toBe(wanted)
  })
})

describe('the shape of Keyway’s own answers', () => {
  test.each([
    ['problem', 'problem', {}],
    ['the upstream’s', 'openai', { upstream: 'errors: openai' }],
    ['the route’s', 'anthropic', { upstream: 'errors: openai', route: 'errors: anthropic' }],
    [
      'of a rule’s upstream',
      'openai',
      { upstream: 'errors: openai', route: 'rules: [{ upstream: up }]' },
    ],
  ])('%s', (_, wanted, asked) => {
    expect(forwarded(asked).errors).toBe(wanted)
  })
})

test('what a route says of retries stands in place of the upstream’s, the rest stays', () => {
  const upstream = 'retry: { attempts: 3, backoff: 7s }'
  const { retry } = forwarded({ upstream, route: 'retry: { attempts: 5 }' })
  expect(retry).toMatchObject({ attempts: 5, backoffMs: 7000 })
})

describe('what a target is chosen by', () => {
  const KEY = ['x-api-key', 'k-FAKE', 'x-team', 'red']
  const TOKEN = ['x-keyway-token', 'client:alice']
  test.each([
    ['turns', '', KEY, null],
    ['load', 'balance: least-requests', KEY, null],
    ['the credential', 'balance: { hash: credential }', KEY, 'k-FAKE'],
    ['no credential', 'balance: { hash: credential }', [], null],
    ['a header', 'balance: { hash: header X-Team }', KEY, 'red'],
    ['no header', 'balance: { hash: header X-Team }', [], null],
    ['the client’s name', 'balance: { hash: client }', TOKEN, 'alice'],
    ['its address, where it showed no token', 'balance: { hash: client }', KEY, '192.0.2.7'],
  ])('%s', (_, upstream, headers, wanted) => {
    expect(forwarded({ upstream, headers }).balanceKey).toBe(wanted)
  })

  test('of one target nothing', () => {
    const { table } = compileText(`version: 1
upstreams: { up: { url: https://a.example, accepts: [unknown], balance: { hash: credential } } }
routes: [{ name: r, match: { path: /* }, upstream: up }]
`)
    expect(table.decide(view('/', KEY))).toMatchObject({ balanceKey: null })
  })
})

describe('of a kind that a provider takes in one shape alone', () => {
  const file = (upstream: string): string => `
upstreams: { up: ${upstream} }
routes: [{ name: r, match: { path: /* }, upstream: up, rules: [{ use: x-goog-api-key }] }]`
  const express = `AQ.${'Ab8FAKE'.repeat(6)}`
  const other = `AIzaSyFAKE${'a'.repeat(29)}`
  test.each([
    ['that shape', '{ provider: vertex, url: https://a.example }', express, true],
    ['another', '{ provider: vertex, url: https://a.example }', other, false],
    ['another, of a provider that takes all', '{ provider: gemini }', other, true],
  ])('%s', (_, upstream, key, isTaken) => {
    const found = outcomeOf(file(upstream), { headers: ['x-goog-api-key', key] })
    expect(found).toEqual(isTaken ? ['/', `x-goog-api-key: ${key}`] : '403 credential_not_accepted')
  })
})

describe('the key under which an upstream’s health is known', () => {
  const keyOf = (upstream: string): string =>
    compileText(`version: 1
upstreams: { up: { ${upstream} } }
routes: [{ name: r, match: { path: /* }, upstream: up }]
`).table.upstreams[0]?.key ?? ''
  const two = "targets: ['https://a.example/v1', 'https://b.example']"
  test('is the same for the same targets, chosen alike', () => {
    expect(keyOf(`${two}, accepts: [unknown]`)).toBe(keyOf(two))
  })
  test.each([
    ['another target', "targets: ['https://a.example/v1', 'https://c.example']"],
    ['another base path', "targets: ['https://a.example/v2', 'https://b.example']"],
    ['another weight', "targets: [{ url: https://a.example/v1, weight: 2 }, 'https://b.example']"],
    ['another order of choice', `${two}, balance: least-requests`],
    ['another check', `${two}, health: { path: /health }`],
    ['another ejection', `${two}, eject: { failures: 9 }`],
  ])('and another for %s', (_, upstream) => {
    expect(keyOf(upstream)).not.toBe(keyOf(two))
  })
})

test('an upstream’s origin, host and path, of which the first target’s are its own', () => {
  const { table } = compileText(`version: 1
upstreams: { up: { targets: ['https://a.example:8443/v1/', 'https://b.example'] }, echo: builtin:echo }
routes: [{ name: r, match: { path: /* }, upstream: up }, { name: e, match: { path: /e }, upstream: echo }]
`)
  const [up, echo] = table.upstreams
  expect(up).toMatchObject({
    builtin: null,
    origin: 'https://a.example:8443',
    host: 'a.example:8443',
    basePath: '/v1',
  })
  expect(
    up?.targets.map(({ origin, host, basePath, weight }) => [origin, host, basePath, weight]),
  ).toEqual([
    ['https://a.example:8443', 'a.example:8443', '/v1', 1],
    ['https://b.example', 'b.example', '', 1],
  ])
  expect(echo).toMatchObject({
    key: 'builtin:echo',
    builtin: 'echo',
    origin: '',
    host: 'echo',
    basePath: '',
    targets: [],
    comesBackWith: null,
  })
})

describe('an outbound proxy', () => {
  const proxyOf = (upstream: string): string | null | undefined =>
    compileText(
      `version: 1
upstreams: { up: { ${upstream} } }
routes: [{ name: r, match: { path: /* }, upstream: up }]
`,
      { env: { HTTPS_PROXY: 'http://proxy.example:3128', NO_PROXY: 'near.example' } },
    ).table.upstreams[0]?.targets[0]?.proxy
  test.each([
    ['none', 'url: https://a.example', null],
    ['by name', 'url: https://a.example, proxy: http://own.example:1', 'http://own.example:1'],
    ['of the environment', 'url: https://a.example, proxy: env', 'http://proxy.example:3128'],
    ['of the environment, not for this', 'url: https://near.example, proxy: env', null],
  ])('%s', (_, upstream, wanted) => {
    expect(proxyOf(upstream)).toBe(wanted)
  })
})
