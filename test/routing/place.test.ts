import { describe, expect, test } from 'vitest'
import { compileText, view } from '../support/compile-text.ts'
import { outcomeOf } from '../support/outcome.ts'

const KEY = 'sk-proj-FAKEfakeFAKE1234'
const REFRESH = 'sk-ant-ort01-FAKEfakeFAKE1234'

const fileWith = (route: string, upstream = 'https://up.example'): string => `
secrets: { o: { env: O }, none: { env: N } }
upstreams: { up: ${upstream} }
routes: [{ name: r, match: { path: /* }, upstream: up, ${route} }]`

/** Reads every secret but one. */
const options = { readSecret: (name: string) => (name === 'none' ? null : `secret:${name}`) }

/** What leaves, or the refusal. */
const left = (route: string, headers: readonly string[] = [], target = '/') =>
  outcomeOf(fileWith(route), { headers, target, options })

describe('every place that a rule may write is cleared', () => {
  const route = `rules: [
    { if: { method: PUT }, use: x-then, continue: true },
    { if: { method: GET }, use: authorization bearer, else: { use: x-else } },
  ]`
  test.each(['x-then', 'x-else'])('%s, though another is written', (name) => {
    const headers = [name, 'stays-FAKE', 'x-api-key', KEY]
    expect(left(route, headers)).toEqual(['/', `authorization: Bearer ${KEY}`])
  })

  test('but what an operator puts along is looked for in no request', () => {
    const header = "also: { header: x-gateway, value: '${secret.o}' }"
    expect(left(header, ['x-gateway', REFRESH])).toEqual(['/', 'x-gateway: secret:o'])
    const basic = "also: { basic: { user: u, password: '${secret.o}' }, header: x-gateway }"
    expect(left(basic, ['x-gateway', REFRESH])).toEqual([
      '/',
      `x-gateway: Basic ${btoa('u:secret:o')}`,
    ])
  })
})

describe('a scheme that a rule speaks of is one credential', () => {
  const route = (condition: string, use = 'use: { header: x-key }'): string =>
    `rules: [{ if: ${condition}, ${use} }]`
  test.each([
    ['in any case', '{ credential: { scheme: DPoP } }', 'dpop FAKE', 'x-key: FAKE'],
    [
      'that nobody else knows, in any case',
      '{ credential: { scheme: Acme } }',
      'aCME FAKE',
      'x-key: FAKE',
    ],
    [
      'that nobody else knows, under a not',
      '{ not: { not: { credential: { scheme: Acme } } } }',
      'Acme FAKE',
      'authorization: Acme FAKE',
    ],
    [
      'beside another part',
      '{ all: [{ credential: { scheme: DPoP } }, { method: GET }] }',
      'DPoP FAKE',
      'x-key: FAKE',
    ],
    [
      'as one of several',
      '{ any: [{ credential: { scheme: DPoP } }, { method: PUT }] }',
      'DPoP FAKE',
      'x-key: FAKE',
    ],
    [
      'that is not meant stays in its place',
      '{ not: { credential: { scheme: DPoP } } }',
      'Basic RkFLRTpGQUtF',
      'authorization: Basic RkFLRTpGQUtF',
    ],
    [
      'bound, of which nothing is asked',
      '{ method: GET }',
      'Basic RkFLRTpGQUtF',
      'authorization: Basic RkFLRTpGQUtF',
    ],
  ])('%s', (_, condition, sent, wanted) => {
    expect(left(route(condition), ['authorization', sent])).toEqual(['/', wanted])
  })

  test('by the scheme that is written', () => {
    const use = 'rules: [{ if: { credential: { present: true } }, use: authorization DPoP }]'
    expect(left(use, ['x-api-key', 'FAKE'])).toEqual(['/', 'authorization: DPoP FAKE'])
    expect(left(use, ['authorization', 'dpop FAKE'])).toEqual(['/', 'authorization: dpop FAKE'])
  })

  test('an else speaks of none', () => {
    const rule =
      'rules: [{ if: { credential: { scheme: Basic }, method: PUT }, use: x-key, else: { use: x-other } }]'
    expect(left(rule, ['authorization', 'Basic RkFLRTpGQUtF'])).toEqual([
      '/',
      'authorization: Basic RkFLRTpGQUtF',
    ])
  })
})

describe('a value of the file’s', () => {
  const use = (value: string) => `rules: [{ use: ${value} }]`
  const withHeader = ['x-api-key', KEY]
  test.each([
    [
      'of the operator alone, beside any credential',
      use("{ header: x-k, value: 'a-${secret.o}' }"),
      withHeader,
      ['/', 'x-k: a-secret:o'],
    ],
    [
      'made of the client’s, bound to its scheme, which stays',
      use("{ header: x-k, value: 'a-${credential}' }"),
      ['authorization', 'Basic RkFLRTpGQUtF'],
      ['/', 'authorization: Basic RkFLRTpGQUtF'],
    ],
    [
      'made of both, bound to its scheme, which stays',
      use("{ basic: { user: '${secret.o}', password: '${credential}' } }"),
      ['authorization', 'Basic RkFLRTpGQUtF'],
      ['/', 'authorization: Basic RkFLRTpGQUtF'],
    ],
    [
      'Basic of the operator alone',
      use("{ basic: { user: u, password: '${secret.o}' } }"),
      ['authorization', 'Basic RkFLRTpGQUtF'],
      ['/', `authorization: Basic ${btoa('u:secret:o')}`],
    ],
    [
      'that would be empty, where nothing was sent',
      use("{ header: x-k, value: '${credential}' }"),
      [],
      ['/'],
    ],
    [
      'that would be empty, though a credential was sent',
      use("{ header: x-k, value: '${request.header.x-none}' }"),
      withHeader,
      '400 bad_value',
    ],
    [
      'a secret that is not there',
      use("{ header: x-k, value: '${secret.none}' }"),
      [],
      '503 secret_unavailable',
    ],
    [
      'a user that is not there',
      use("{ basic: { user: '${secret.none}', password: p } }"),
      [],
      '503 secret_unavailable',
    ],
    [
      'a password that is not there',
      use("{ basic: { user: u, password: '${secret.none}' } }"),
      [],
      '503 secret_unavailable',
    ],
    [
      'Basic without a user',
      use("{ basic: { user: '', password: '${secret.o}' } }"),
      [],
      ['/', `authorization: Basic ${btoa(':secret:o')}`],
    ],
    [
      'Basic beyond latin-1',
      use("{ basic: { user: 'ü€', password: p } }"),
      [],
      ['/', 'authorization: Basic w7zigqw6cA=='],
    ],
    ['what no field may hold', use("{ header: x-k, value: '${secret.o}€' }"), [], '400 bad_value'],
  ])('%s', (_, route, headers, wanted) => {
    expect(left(route, headers)).toEqual(wanted)
  })

  test.each([
    ['a user and a password', btoa('u:p'), ['/', `authorization: Basic ${btoa('u:p')}`]],
    ['no password', btoa('user'), '400 bad_value'],
    ['not base64 alone', `${btoa('u:p')}!`, '400 bad_value'],
    ['as they are', 'u:p', '400 bad_value'],
  ])('in base64 behind Basic: %s', (_, secret, wanted) => {
    const route = use("{ header: authorization, scheme: Basic, value: '${secret.o}' }")
    const found = outcomeOf(fileWith(route), { options: { readSecret: () => secret } })
    expect(found).toEqual(wanted)
  })
})

describe('a secret as it is told of', () => {
  const used = (route: string) => {
    const found: unknown[] = []
    outcomeOf(fileWith(route), {
      options: {
        readSecret: (name) => {
          found.push(name)
          return `secret:${name}`
        },
      },
    })
    return found
  }
  test('is read once for each place that it is written in', () => {
    expect(used("rules: [{ use: { header: x-k, value: '${secret.o}' } }]")).toEqual(['o'])
    expect(used('rules: [{ use: x-k }]')).toEqual([])
  })
})

describe('two credentials', () => {
  const two = ['authorization', 'Bearer a-FAKE', 'x-api-key', 'b-FAKE']
  const rule = 'rules: [{ use: authorization bearer }]'
  test.each([
    ['are a conflict', rule, two, '400 credential_conflict'],
    [
      'the first, where the file says so',
      `credential: { conflict: first }, ${rule}`,
      two,
      ['/', 'authorization: Bearer a-FAKE'],
    ],
    [
      'of which one goes along elsewhere, too',
      `also: x-gateway, ${rule}`,
      [...two, 'x-gateway', 'c-FAKE'],
      '400 credential_conflict',
    ],
    [
      'of the same value',
      `also: x-gateway, ${rule}`,
      ['authorization', 'Bearer a-FAKE', 'x-gateway', 'a-FAKE'],
      ['/', 'authorization: Bearer a-FAKE', 'x-gateway: a-FAKE'],
    ],
    [
      'the one that goes along alone, in the place that a rule lets it',
      'rules: [{ if: { method: GET }, use: authorization bearer, also: x-api-key }]',
      ['x-api-key', 'b-FAKE'],
      ['/', 'x-api-key: b-FAKE'],
    ],
    [
      'one in a place of the same name, of another sort',
      'also: query x-api-key, rules: [{ use: authorization bearer }]',
      ['x-api-key', 'b-FAKE'],
      ['/', 'authorization: Bearer b-FAKE'],
    ],
    [
      'that goes along where a rule of another request lets it',
      'credential: { conflict: first }, rules: [{ if: { method: GET }, use: authorization bearer }, { use: authorization bearer, also: x-gateway }]',
      ['authorization', 'Bearer a-FAKE', 'x-gateway', 'c-FAKE'],
      ['/', 'authorization: Bearer a-FAKE'],
    ],
  ])('%s', (_, route, headers, wanted) => {
    expect(left(route, headers)).toEqual(wanted)
  })
})

describe('what must not be shown of a request', () => {
  const file = `version: 1
secrets: { o: { env: O } }
clients: { required: false, tokens: { ci: { file: ci } } }
upstreams: { up: https://up.example }
routes:
  - { name: r, match: { path: /r }, upstream: up, also: x-gateway, rules: [{ use: authorization bearer }] }
  - { name: basic, match: { path: /basic }, upstream: up, rules: [{ use: { basic: { user: u, password: '\${secret.o}' } } }] }
  - { name: plain, match: { path: /plain }, upstream: up, rules: [{ use: { header: x-api-key, value: '\${secret.o}' } }] }
`
  const decided = (target: string, headers: readonly string[]) => {
    const { table } = compileText(file)
    const decision = table.decide(view(target, headers))
    if (decision.action !== 'forward') throw new Error(decision.message)
    return decision
  }
  test.each([
    ['nothing', [], []],
    ['the credential', ['x-api-key', 'a-FAKE'], ['a-FAKE']],
    ['what goes along', ['x-api-key', 'a-FAKE', 'x-gateway', 'b-FAKE'], ['b-FAKE', 'a-FAKE']],
    ['the client’s token', ['x-keyway-token', 'client:ci'], ['client:ci']],
  ])('%s', (_, headers, hidden) => {
    expect(decided('/r', headers).hidden.list()).toEqual(hidden)
  })

  test('a secret as it is, and as it is written with other text', () => {
    expect(decided('/plain', []).secrets).toEqual([{ name: 'o', value: 'secret:o' }])
    expect(decided('/basic', []).secrets).toEqual([
      { name: 'o', value: 'secret:o' },
      { name: 'o', value: btoa('u:secret:o') },
    ])
    expect(decided('/r', []).secrets).toEqual([])
  })
})

test('the client’s address is the peer’s, or the one that a trusted peer names', () => {
  const { table } = compileText(`version: 1
server: { trust: [192.0.2.7] }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up }]
`)
  const forwarded = ['X-Forwarded-For', '10.0.0.1']
  expect(table.clientIp(view('/', forwarded))).toBe('10.0.0.1')
  expect(table.clientIp(view('/', forwarded, { peerIp: '192.0.2.8' }))).toBe('192.0.2.8')
})
