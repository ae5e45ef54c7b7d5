import { describe, expect, test } from 'vitest'
import { compileText, view } from '../support/compile-text.ts'

/** Built anew for each test, so that what builds it is tested by them. */
const tableOf = () =>
  compileText(`
version: 1
upstreams: { up: 'https://api.example.com' }
routes:
  - { name: models, match: { path: /v1/models }, upstream: up }
  - { name: post-only, match: { path: /v1/messages, methods: [POST] }, upstream: up }
  - { name: far, match: { path: /somewhere/else/entirely/* }, upstream: up }
  - name: ruled
    match: { path: /ruled/* }
    upstream: up
    rules:
      - { name: oauth, if: { credential: { kind: anthropic-oauth } }, use: authorization bearer }
      - name: both
        if: { all: [{ method: POST }, { header: { x-team: red } }] }
        use: x-api-key
        else: { use: none }
`).table

describe('explain', () => {
  test('says why no route was taken, the nearest first', () => {
    const { route, otherRoutes } = tableOf().explain(view('/v1/messages'))
    expect(route).toBe(null)
    expect(otherRoutes[0]).toMatchObject({
      name: 'post-only',
      misses: ['method is GET, wanted POST'],
    })
    expect(otherRoutes.map(({ name }) => name)).toEqual(['post-only', 'models', 'ruled', 'far'])
  })

  test('gives each rule its verdict and each part of a condition its truth', () => {
    const { rules } = tableOf().explain(
      view('/ruled/x', ['x-api-key', 'sk-ant-api03-FAKE', 'x-team', 'blue'], { method: 'POST' }),
    )
    expect(rules).toEqual([
      {
        name: 'oauth',
        verdict: 'passed over',
        condition: {
          description: 'credential kind anthropic-oauth',
          holds: false,
          observed: 'credential kind is anthropic-api-key',
          parts: [],
        },
      },
      {
        name: 'both',
        verdict: 'else',
        condition: {
          description: 'method is POST and header x-team is red',
          holds: false,
          observed: null,
          parts: [
            { description: 'method is POST', holds: true, observed: null, parts: [] },
            {
              description: 'header x-team is red',
              holds: false,
              observed: 'there is another x-team',
              parts: [],
            },
          ],
        },
      },
    ])
  })

  test('says which rules were not reached', () => {
    const { rules } = tableOf().explain(view('/ruled/x', ['x-api-key', 'sk-ant-oat01-FAKE']))
    expect(rules.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['oauth', 'held'],
      ['both', 'not reached'],
    ])
  })

  test('names a route that matches but is outranked', () => {
    const { table: two } = compileText(`
version: 1
upstreams: { up: 'https://api.example.com' }
routes:
  - { name: wide, match: { path: /* }, upstream: up }
  - { name: narrow, match: { path: /a }, upstream: up }
`)
    expect(two.explain(view('/a'))).toMatchObject({
      route: 'narrow',
      otherRoutes: [{ name: 'wide', isOutranked: true, misses: [] }],
    })
  })
})

test('shows a request as conditions see it: without its token, from where a trusted peer says', () => {
  const { table } = compileText(
    `
version: 1
server: { trust: [10.9.0.0/16] }
clients: { header: authorization, tokens: { ci: { file: ci.sha256 } } }
upstreams: { up: 'https://api.example.com' }
routes: [{ name: a, match: { path: /a }, upstream: up }]
`,
    { identifyClient: (token) => (token === 'TEST-TOKEN' ? 'ci' : null) },
  )
  const headers = ['authorization', 'Bearer TEST-TOKEN', 'X-Forwarded-For', '192.0.2.7']
  const { seen } = table.explain({ ...view('/a', headers), peerIp: '10.9.0.1' })
  expect([seen.headers, seen.peerIp]).toEqual([
    ['Host', 'localhost', 'X-Forwarded-For', '192.0.2.7'],
    '192.0.2.7',
  ])
})

describe('what stays behind', () => {
  const dropped = (route: string, target: string, headers: string[]) => {
    const { table } = compileText(`version: 1
upstreams: { up: { provider: gemini, accepts: [google-api-key, openai, unknown] } }
routes: [{ name: r, match: { path: /r/* }, upstream: up, ${route} }]
`)
    return table
      .explain(view(target, headers))
      .dropped.map(({ kind, source, value }) => `${kind} ${source} ${value}`)
  }
  const GOOGLE = `AIzaSyFAKE${'a'.repeat(29)}`
  const none = 'rules: [{ use: none }]'
  test.each([
    [
      'all of it, where none leaves',
      none,
      '/r',
      ['x-api-key', 'a-FAKE'],
      ['unknown x-api-key a-FAKE'],
    ],
    [
      'nothing that leaves',
      'rules: [{ use: x-api-key }]',
      '/r',
      ['authorization', 'Bearer a-FAKE'],
      [],
    ],
    [
      'nothing that leaves as it came',
      'rules: [{ if: { method: PUT }, use: none }]',
      '/r',
      ['authorization', 'Bearer a-FAKE'],
      [],
    ],
    [
      'the one that is not the first',
      `credential: { conflict: first }, ${none}`,
      '/r',
      ['x-api-key', 'a-FAKE', 'api-key', 'b-FAKE'],
      ['unknown x-api-key a-FAKE', 'unknown api-key b-FAKE'],
    ],
    [
      'a parameter of a known kind',
      none,
      `/r?key=${GOOGLE}`,
      [],
      [`google-api-key query key ${GOOGLE}`],
    ],
    ['no parameter of none: it may be anything', none, '/r?key=a', [], []],
    [
      'nothing of what is refused',
      none,
      '/r',
      ['x-api-key', 'a-FAKE, b-FAKE', 'api-key', 'c-FAKE'],
      [],
    ],
    ['nothing where no route is', none, '/other', ['x-api-key', 'a-FAKE'], []],
  ])('%s', (_, route, target, headers, wanted) => {
    expect(dropped(route, target, headers)).toEqual(wanted)
  })
})

describe('explain of a request', () => {
  test('that no route takes names no rule and no credential', () => {
    expect(tableOf().explain(view('/none', ['x-api-key', 'a-FAKE']))).toMatchObject({
      route: null,
      rules: [],
      credential: null,
      leaving: [],
    })
  })

  test('names what each other route wants', () => {
    const { table } = compileText(`
version: 1
upstreams: { up: 'https://api.example.com' }
routes:
  - { name: a, match: { path: /a, hosts: [a.test, '*.b.test'], methods: [POST, PUT], headers: { x-a: red, x-b: { present: true } } }, upstream: up }
  - { name: b, match: { path: /b }, upstream: up }
`)
    const missesOf = (headers: string[], target = '/a') =>
      table.explain(view(target, [], { headers })).otherRoutes.find(({ name }) => name === 'a')
    expect(missesOf(['Host', 'x'], '/c')).toEqual({
      name: 'a',
      path: '/a',
      misses: [
        'path is /c, wanted /a',
        'host is x, wanted a.test or *.b.test',
        'method is GET, wanted POST or PUT',
        'headers differ, wanted x-a, x-b',
      ],
      isOutranked: false,
    })
    expect(missesOf([])?.misses[0]).toBe('host is absent, wanted a.test or *.b.test')
    const fits = ['x-a', 'red', 'x-b', '1']
    for (const [host, misses] of [
      ['a.test', 1],
      ['x.b.test', 1],
      ['b.test', 2],
      ['xb.test', 2],
      ['other', 2],
    ] as const)
      expect(missesOf(['Host', host, ...fits])?.misses.length, host).toBe(misses)
  })

  test('gives what was caught to the rules alone, not to what explains them', () => {
    const { table } = compileText(`
version: 1
upstreams: { up: 'https://api.example.com' }
routes:
  - name: r
    match: { path: /* }
    upstream: up
    rules:
      - { if: { all: [{ header: { x-a: { matches: '^(?<a>.*)$' } } }, { method: PUT }] }, use: none, continue: true }
      - { if: { header: { x-a: { matches: '^(?<a>r)' } } }, request: { set: { x-got: '${'${capture.a}'}' } } }
`)
    const { decision } = table.explain(view('/', ['x-a', 'red']))
    expect(decision).toMatchObject({ headers: expect.arrayContaining(['x-got', 'r']) })
  })
})
