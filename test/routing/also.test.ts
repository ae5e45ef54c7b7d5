import { describe, expect, test } from 'vitest'
import { compileText, view } from '../support/compile-text.ts'

const ANT = 'sk-ant-oat01-FAKEfakeFAKE1234'
const OPENAI = 'sk-proj-FAKEfakeFAKE1234'

const OWN = /^(x-forwarded-(for|proto|host)|x-request-id)$/i

/** What leaves beside Keyway's own fields, or the code of a refusal. */
function decide(file: string, target: string, headers: string[]): string | string[] {
  const { table } = compileText(`version: 1\nsecrets: { o: { env: O } }\n${file}`)
  const decision = table.decide(view(target, headers))
  if (decision.action === 'reject') return `${decision.status} ${decision.code}`
  return [
    decision.target,
    ...decision.headers.flatMap((name, i, all) =>
      i % 2 === 0 && !OWN.test(name) ? [`${name}: ${all[i + 1]}`] : [],
    ),
  ]
}

function route(also: string, more = '', upstream = 'https://up.example'): string {
  return `
upstreams: { up: ${upstream} }
routes: [{ name: r, match: { path: /* }, upstream: up, also: ${also}${more} }]`
}

const bearer = ', rules: [{ use: authorization bearer }]'
const both = ['authorization', `Bearer ${ANT}`, 'x-api-key', 'gateway-FAKE']

describe('also', () => {
  test.each([
    [
      "the client's own of a place",
      route('x-api-key', bearer),
      '/',
      both,
      ['/', `authorization: Bearer ${ANT}`, 'x-api-key: gateway-FAKE'],
    ],
    [
      'as a list',
      route('[x-api-key]', bearer),
      '/',
      both,
      ['/', `authorization: Bearer ${ANT}`, 'x-api-key: gateway-FAKE'],
    ],
    [
      'of a header that nobody else looks in',
      route('cf-aig-authorization', bearer),
      '/',
      ['authorization', `Bearer ${ANT}`, 'CF-AIG-Authorization', 'Bearer FAKE'],
      ['/', `authorization: Bearer ${ANT}`, 'cf-aig-authorization: Bearer FAKE'],
    ],
    [
      'under a scheme',
      route('x-gateway bearer', bearer),
      '/',
      ['authorization', `Bearer ${ANT}`, 'x-gateway', 'FAKE'],
      ['/', `authorization: Bearer ${ANT}`, 'x-gateway: Bearer FAKE'],
    ],
    [
      'under a scheme, where it is bound to another',
      route('authorization bearer', ', rules: [{ use: x-api-key }]'),
      '/',
      ['x-api-key', 'gateway-FAKE', 'authorization', `Basic ${btoa('u:FAKE')}`],
      ['/', 'x-api-key: gateway-FAKE', `authorization: Basic ${btoa('u:FAKE')}`],
    ],
    [
      'that is not sent',
      route('x-api-key', bearer),
      '/',
      ['authorization', `Bearer ${ANT}`],
      ['/', `authorization: Bearer ${ANT}`],
    ],
    [
      'alone',
      route('x-api-key', bearer),
      '/',
      ['x-api-key', 'gateway-FAKE'],
      ['/', 'x-api-key: gateway-FAKE'],
    ],
    [
      'without rules',
      route('x-api-key'),
      '/',
      both,
      ['/', `authorization: Bearer ${ANT}`, 'x-api-key: gateway-FAKE'],
    ],
    [
      'a secret',
      route("{ header: x-api-key, value: '${secret.o}' }", bearer),
      '/',
      ['authorization', `Bearer ${ANT}`],
      ['/', `authorization: Bearer ${ANT}`, 'x-api-key: secret:o'],
    ],
    [
      'two secrets',
      route(
        "[{ header: a-key, value: '${secret.o}' }, { basic: { user: u, password: '${secret.o}' } }]",
        ', rules: [{ use: x-api-key }]',
      ),
      '/',
      ['x-api-key', 'FAKE'],
      ['/', 'x-api-key: FAKE', 'a-key: secret:o', `authorization: Basic ${btoa('u:secret:o')}`],
    ],
    [
      'a parameter',
      route('query key', bearer),
      '/?a=1&key=FAKE',
      ['authorization', `Bearer ${ANT}`],
      ['/?a=1&key=FAKE', `authorization: Bearer ${ANT}`],
    ],
    [
      'beside none',
      route("{ query: key, value: '${secret.o}' }", ', rules: [{ use: none }]'),
      '/',
      ['authorization', `Bearer ${ANT}`],
      ['/?key=secret%3Ao'],
    ],
    [
      'beside a secret',
      route(
        'x-api-key',
        ", rules: [{ use: { header: authorization, scheme: Bearer, value: '${secret.o}' } }]",
      ),
      '/',
      ['x-api-key', 'gateway-FAKE'],
      ['/', 'authorization: Bearer secret:o', 'x-api-key: gateway-FAKE'],
    ],
  ])('%s', (_, file, target, headers, expected) => {
    expect(decide(file, target, headers)).toEqual(expected)
  })

  describe('is bound by what the upstream accepts', () => {
    const only = '{ url: https://up.example, accepts: [anthropic-oauth] }'
    test.each([
      [
        "the client's own",
        route('x-api-key', bearer, only),
        ['authorization', `Bearer ${ANT}`, 'x-api-key', OPENAI],
      ],
      ["the client's own of no known kind", route('x-api-key', bearer, only), both],
      [
        'in a header that nobody else looks in',
        route('x-gateway', bearer, only),
        ['authorization', `Bearer ${ANT}`, 'x-gateway', OPENAI],
      ],
    ])('%s', (_, file, headers) => {
      expect(decide(file, '/', headers)).toBe('403 credential_not_accepted')
    })

    test('one that never travels', () => {
      const headers = ['authorization', `Bearer ${ANT}`, 'x-api-key', 'sk-ant-ort01-FAKEfake']
      expect(decide(route('x-api-key', bearer), '/', headers)).toBe('403 credential_refused')
    })
  })

  describe('on a rule', () => {
    const file = `
upstreams: { up: https://up.example }
routes:
  - name: r
    match: { path: /* }
    upstream: up
    rules:
      - { if: { method: GET, header: { x-both: { present: true } } }, use: authorization bearer, also: x-api-key }
      - use: x-api-key`
    test.each([
      [
        'that holds',
        ['x-both', '1', ...both],
        ['/', 'x-both: 1', `authorization: Bearer ${ANT}`, 'x-api-key: gateway-FAKE'],
      ],
      ['that does not hold', both, '400 credential_conflict'],
      ['that does not hold, and one is sent', ['x-api-key', 'FAKE'], ['/', 'x-api-key: FAKE']],
    ])('%s', (_, headers, expected) => {
      expect(decide(file, '/', headers)).toEqual(expected)
    })
  })

  describe('on a rule that does not hold, beside a credential', () => {
    const file = (credential: string, also: string): string => `
upstreams: { up: https://up.example }
routes:
  - name: r
    match: { path: /* }
    upstream: up
    credential: ${credential}
    rules:
      - { if: { method: POST }, use: authorization bearer, also: ${also} }
      - use: authorization bearer`
    test.each([
      ['where one is looked for', '{}', 'x-api-key', '400 credential_conflict'],
      ['where none is', '{}', 'x-gateway', ['/', `authorization: Bearer ${ANT}`]],
      [
        'where one is looked for, and the first is taken',
        '{ conflict: first }',
        'x-api-key',
        ['/', `authorization: Bearer ${ANT}`],
      ],
    ])('%s', (_, credential, place, expected) => {
      const headers = ['authorization', `Bearer ${ANT}`, place, 'gateway-FAKE']
      expect(decide(file(credential, place), '/', headers)).toEqual(expected)
    })
  })

  test('a missing secret is told as such', () => {
    const { table } = compileText(
      `version: 1\nsecrets: { o: { env: O } }\n${route("{ header: x-api-key, value: '${secret.o}' }", bearer)}`,
      { readSecret: () => null },
    )
    expect(table.decide(view('/'))).toMatchObject({ code: 'secret_unavailable' })
  })
})

test('explain tells what stays behind', () => {
  const { table } = compileText(`
version: 1
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up, credential: { from: [authorization] } }]`)
  const { dropped, leaving } = table.explain(view('/', both))
  expect(leaving.map(({ text }) => text)).toEqual([`Bearer ${ANT}`])
  expect(dropped).toEqual([{ kind: 'unknown', source: 'x-api-key', value: 'gateway-FAKE' }])
})
