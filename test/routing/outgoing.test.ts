import { describe, expect, test } from 'vitest'
import { compileText, view } from '../support/compile-text.ts'

const base =
  "version: 1\nsecrets: { a: { env: A } }\nupstreams: { up: 'https://api.example.com/base' }\n"

/** The fields that leave beside those that Keyway always writes; null where it refuses. */
function leaves(route: string, target: string, headers: string[]): string[] | number {
  const { table } = compileText(
    `${base}routes: [{ name: r, match: { path: '/r/:id/*' }, upstream: up, ${route} }]`,
  )
  const decision = table.decide(view(target, headers))
  if (decision.action === 'reject') return decision.status
  const own = /^(x-forwarded-(for|proto|host)|x-request-id)$/i
  return decision.headers.filter((_, i, all) => !own.test(all[i - (i % 2)] as string))
}

/** Holds for a team, and catches its name. */
const TEAM = "{ header: { x-team: { matches: '^team-(?<team>[a-z]+)$' } } }"
const SET_TEAM = "request: { set: { X-A: '${capture.team}' } }"

const rows: { name: string; route: string; sent: string[]; left: string[] | number }[] = [
  {
    name: 'hop-by-hop fields and what Connection names stay',
    route: '',
    sent: [
      'Connection',
      'keep-alive, X-Hop',
      'X-Hop',
      '1',
      'TE',
      'trailers',
      'Keep-Alive',
      '5',
      'Proxy-Authorization',
      'Basic RkFLRQ==',
      'Upgrade',
      'h2c',
      'Trailer',
      'x',
      'Transfer-Encoding',
      'chunked',
      'X-End',
      '2',
    ],
    left: ['X-End', '2'],
  },
  {
    name: 'Connection can not strip what Keyway puts there',
    route: 'rules: [{ use: x-api-key }]',
    sent: ['Connection', 'x-api-key', 'x-api-key', 'k-FAKE'],
    left: ['x-api-key', 'k-FAKE'],
  },
  {
    name: 'Connection can not strip the length',
    route: '',
    sent: ['Connection', 'content-length', 'Content-Length', '3'],
    left: ['Content-Length', '3'],
  },
  {
    name: 'repeated fields keep number and order',
    route: '',
    sent: ['Accept', 'a', 'X', '1', 'accept', 'b'],
    left: ['Accept', 'a', 'X', '1', 'accept', 'b'],
  },
  {
    name: 'a forged forwarding field is overwritten',
    route: '',
    sent: ['X-Forwarded-For', '10.0.0.1', 'X-Real', 'r'],
    left: ['X-Real', 'r'],
  },
  {
    name: 'Forwarded is overwritten where it was sent',
    route: '',
    sent: ['Forwarded', 'for=10.0.0.1'],
    left: ['Forwarded', 'for=192.0.2.7;host="localhost";proto=http'],
  },
  {
    name: 'no rule: the credential as it came, once',
    route: '',
    sent: ['X-Api-Key', 'k-FAKE', 'Authorization', 'Bearer k-FAKE'],
    left: ['authorization', 'Bearer k-FAKE'],
  },
  {
    name: 'a credential header that is no source is cleared',
    route: 'credential: { from: [x-api-key] }',
    sent: ['X-Api-Key', 'k-FAKE', 'Authorization', 'Bearer other-FAKE'],
    left: ['x-api-key', 'k-FAKE'],
  },
  { name: 'use none', route: 'rules: [{ use: none }]', sent: ['X-Api-Key', 'k-FAKE'], left: [] },
  {
    name: 'use with a scheme',
    route: 'rules: [{ use: authorization token }]',
    sent: ['X-Api-Key', 'k-FAKE'],
    left: ['authorization', 'Token k-FAKE'],
  },
  {
    name: 'use an own header, cleared of what was in it',
    route: 'rules: [{ use: { header: X-Key, scheme: Key } }]',
    sent: ['X-Key', 'other-FAKE', 'Authorization', 'Bearer k-FAKE'],
    left: ['x-key', 'Key k-FAKE'],
  },
  {
    name: 'a secret in its place',
    route: "rules: [{ use: { header: x-api-key, value: '${secret.a}' } }]",
    sent: ['Authorization', 'Bearer k-FAKE'],
    left: ['x-api-key', 'secret:a'],
  },
  {
    name: 'a secret where none was sent',
    route: "rules: [{ use: { header: authorization, scheme: Bearer, value: '${secret.a}' } }]",
    sent: [],
    left: ['authorization', 'Bearer secret:a'],
  },
  {
    name: 'a secret in place of a credential that is bound to its scheme',
    route: "rules: [{ use: { header: x-api-key, value: '${secret.a}' } }]",
    sent: ['Authorization', 'Basic RkFLRQ=='],
    left: ['x-api-key', 'secret:a'],
  },
  {
    name: 'a rule that names the scheme moves Basic',
    route: 'rules: [{ if: { credential: { scheme: basic } }, use: x-basic }]',
    sent: ['Authorization', 'Basic RkFLRQ=='],
    left: ['x-basic', 'RkFLRQ=='],
  },
  {
    name: 'header operations in their order',
    route:
      "request: { append: { X-A: '3' }, add: { X-S2: no, X-B: '4' }, set: { X-S: '${request.header.x-s}!' }, rename: { X-Old: X-New }, remove: [X-Gone] }",
    sent: ['X-A', '1', 'X-S2', 'n', 'X-Gone', 'g', 'X-Old', 'o', 'X-S', 's'],
    left: ['X-A', '1', 'X-S2', 'n', 'X-New', 'o', 'X-S', 's!', 'X-B', '4', 'X-A', '3'],
  },
  {
    name: 'rule operations run after the route ones',
    route:
      "request: { set: { X-A: route } }, rules: [{ request: { set: { X-A: '${capture.id} ${client.ip} ${request.id}' } } }]",
    sent: [],
    left: ['X-A', '7 192.0.2.7 id-1'],
  },
  {
    name: 'a capture from a header',
    route:
      "rules: [{ if: { header: { x-team: { matches: '^team-(?<team>[a-z]+)$' } } }, request: { set: { X-Team: '${capture.team}' } } }]",
    sent: ['X-Team-X', '', 'X-Team', 'team-red'],
    left: ['X-Team-X', '', 'X-Team', 'red'],
  },
  ...(
    [
      ['what must not hold, where it does', `{ not: ${TEAM} }`],
      [
        'one of several of which none may hold, where both do',
        `{ not: { all: [${TEAM}, { method: GET }] } }`,
      ],
      ['what stands under two nots within a third', `{ not: { not: { not: ${TEAM} } } }`],
    ] as const
  ).map(([what, condition]) => ({
    name: `a capture of ${what}`,
    route: `rules: [{ if: ${condition}, request: { set: { X-A: then } }, else: { ${SET_TEAM} } }]`,
    sent: ['X-Team', 'team-red'],
    left: ['X-Team', 'team-red', 'X-A', 'red'],
  })),
  {
    name: 'a capture of what must not fail',
    route: `rules: [{ if: { not: { not: ${TEAM} } }, ${SET_TEAM} }]`,
    sent: ['X-Team', 'team-red'],
    left: ['X-Team', 'team-red', 'X-A', 'red'],
  },
  {
    name: 'no capture of a rule that was passed over',
    route:
      "rules: [{ if: { not: { header: { x-id: { matches: '^(?<id>[a-z]+)$' } } }, method: PUT }, use: none }, { request: { set: { X-A: '${capture.id}' } } }]",
    sent: ['X-Id', 'red'],
    left: ['X-Id', 'red', 'X-A', '7'],
  },
  {
    name: 'continue goes on to later rules',
    route:
      'rules: [{ request: { set: { X-1: a } }, continue: true }, { if: { method: GET }, use: x-api-key }]',
    sent: ['Authorization', 'Bearer k-FAKE'],
    left: ['x-api-key', 'k-FAKE', 'X-1', 'a'],
  },
  {
    name: 'a rejection',
    route: 'rules: [{ if: { credential: { present: false } }, reject: 401 }]',
    sent: [],
    left: 401,
  },
]

describe('what leaves', () => {
  test.each(rows)('$name', ({ route, sent, left }) => {
    expect(leaves(route, '/r/7/x', sent)).toEqual(left)
  })

  test('a value that no field may hold is refused', () => {
    const rule =
      "rules: [{ if: { query: { q: { matches: '(?<q>(?s).*)' } } }, request: { set: { X-Q: '${capture.q}' } } }]"
    expect(leaves(rule, '/r/7/x?q=a%0d%0aX-Evil:%201', [])).toBe(400)
  })

  test.each([
    { name: 'in use', route: "rules: [{ use: { header: x-api-key, value: '${secret.a}' } }]" },
    { name: 'in a header operation', route: "request: { set: { X-A: '${secret.a}' } }" },
  ])('a secret that is not there fails closed: $name', ({ route }) => {
    const text = `${base}routes: [{ name: r, match: { path: /* }, upstream: up, ${route} }]`
    const { table } = compileText(text, { readSecret: () => null })
    expect(table.decide(view('/'))).toMatchObject({ status: 503, code: 'secret_unavailable' })
  })
})

const targets: { name: string; route: string; target: string; left: string }[] = [
  {
    name: 'bytes stay',
    route: '',
    target: '/r/7/a%2Fb//{}?q=%20&&x',
    left: '/base/r/7/a%2Fb//{}?q=%20&&x',
  },
  { name: 'strip', route: 'rewrite: { strip: /r }', target: '/r/7//x', left: '/base/7//x' },
  {
    name: 'strip with an encoded letter',
    route: 'rewrite: { strip: /r }',
    target: '/%72/7/x',
    left: '/base/7/x',
  },
  { name: 'prefix', route: 'rewrite: { prefix: /v1 }', target: '/r/7/x', left: '/base/v1/r/7/x' },
  {
    name: 'prefix, beyond ASCII',
    route: 'rewrite: { prefix: /é }',
    target: '/r/7/x',
    left: '/base/%C3%A9/r/7/x',
  },
  {
    name: 'path, beyond ASCII',
    route: 'rewrite: { path: /ü/* }',
    target: '/r/7/x%c3%bc',
    left: '/base/%C3%BC/x%c3%bc',
  },
  {
    name: 'strip, then prefix',
    route: 'rewrite: { strip: /r, prefix: /v1 }',
    target: '/r/7',
    left: '/base/v1/7',
  },
  {
    name: 'a path from parameters and the rest',
    route: "rewrite: { path: '/t/:id/all/*' }",
    target: '/r/7/a%2Fb/c?x=1',
    left: '/base/t/7/all/a%2Fb/c?x=1',
  },
  {
    name: 'query parameters removed and set',
    route: "rewrite: { query: { remove: [a], set: { b: '1 2' } } }",
    target: '/r/7/x?a=1&b=0&c=%20',
    left: '/base/r/7/x?c=%20&b=1%202',
  },
  {
    name: 'a credential into the query',
    route: 'rules: [{ use: query key }]',
    target: '/r/7/x?alt=sse',
    left: '/base/r/7/x?alt=sse&key=k-FAKE',
  },
  {
    name: 'a credential out of the query',
    route: 'credential: { from: [query key, authorization] }, rules: [{ use: x-goog-api-key }]',
    target: '/r/7/x?key=k-FAKE&alt=sse',
    left: '/base/r/7/x?alt=sse',
  },
  {
    name: 'a credential twice in the query leaves once',
    route: 'credential: { from: [query key] }',
    target: '/r/7/x?key=k-FAKE&alt=sse&%6Bey=k-FAKE',
    left: '/base/r/7/x?alt=sse&key=k-FAKE',
  },
  {
    name: 'a credential in the query as it came',
    route: 'credential: { from: [query key, authorization] }',
    target: '/r/7/x?key=k-FAKE&alt=sse',
    left: '/base/r/7/x?key=k-FAKE&alt=sse',
  },
]

describe('a path or a query that is written anew', () => {
  const goes = (
    route: string,
    target: string,
    headers: string[] = [],
    match = "'/r/:id/*'",
    url = 'https://api.example.com/base',
  ) => {
    const { table } = compileText(
      `version: 1
secrets: { a: { env: A }, none: { env: N } }
upstreams: { up: '${url}' }
routes: [{ name: r, match: { path: ${match} }, upstream: up, ${route} }]`,
      { readSecret: (name) => (name === 'none' ? null : 'a /b'), env: { SEG: 'x/y' } },
    )
    const decision = table.decide(view(target, headers))
    return decision.action === 'reject' ? `${decision.status} ${decision.code}` : decision.target
  }
  const path = (written: string) => `rewrite: { path: '${written}' }`
  const query = (written: string) => `rewrite: { query: { set: { q: '${written}' } } }`

  test.each([
    ['the rest, slashes and all', path('/v2/*'), '/r/7/a//b%2Fc', '/base/v2/a//b%2Fc'],
    ['no rest', path('/v2/*'), '/r/7', '/base/v2/'],
    ['the rest below nothing', path('/*'), '/r/7/x', '/base/x'],
    ['a parameter', path('/t/:id/x'), '/r/a%2fb/x', '/base/t/a%2fb/x'],
    ['a parameter, written as it came', path('/t/:id'), '/r/%7Ea/x', '/base/t/%7Ea'],
    ['a parameter within a segment', path('/t/a-${capture.id}-b'), '/r/7/x', '/base/t/a-7-b'],
    [
      'a header as one segment',
      path('/t/${request.header.x-t}/d'),
      '/r/7/x',
      '/base/t/a%2Fb%20c/d',
    ],
    [
      'a header that is not there',
      path('/t/${request.header.x-none}/d'),
      '/r/7/x',
      '400 bad_value',
    ],
    [
      'a header that is not there, at the end',
      path('/t/${request.header.x-none}'),
      '/r/7/x',
      '400 bad_value',
    ],
    [
      'a header that is not there, within a segment',
      path('/t/a${request.header.x-none}/d'),
      '/r/7/x',
      '/base/t/a/d',
    ],
    [
      'a header that is not there before more of its segment',
      path('/t/${request.header.x-none}a'),
      '/r/7/x',
      '/base/t/a',
    ],
    ['the environment, as it stands', path('/t/${env.SEG}/d'), '/r/7/x', '/base/t/x/y/d'],
    ['the environment’s nothing', path('/t/${env.NONE:-}/d'), '/r/7/x', '/base/t//d'],
    ['a secret as one segment', path('/t/${secret.a}/d'), '/r/7/x', '/base/t/a%20%2Fb/d'],
    [
      'a secret that can not be had',
      path('/t/${secret.none}/d'),
      '/r/7/x',
      '503 secret_unavailable',
    ],
    [
      'a dot segment of the client’s',
      path('/t/${request.header.x-dots}/d'),
      '/r/7/x',
      '400 unsafe_path',
    ],
    ['a prefix, its last slash left out', 'rewrite: { prefix: /v1/ }', '/r/7/x', '/base/v1/r/7/x'],
    ['strip of a longer word', 'rewrite: { strip: /r }', '/r/7/x', '/base/7/x'],
    ['strip all', 'rewrite: { strip: /r/ }', '/r/7', '/base/7'],
    [
      'a parameter set',
      query('a b&c=${request.header.x-t}'),
      '/r/7/x',
      '/base/r/7/x?q=a%20b%26c%3Da%2Fb%20c',
    ],
    ['a parameter set anew', query('1'), '/r/7/x?q=0&a=&q', '/base/r/7/x?a=&q=1'],
    ['a parameter of the path', query('${capture.id}'), '/r/a%2Fb/x', '/base/r/a%2Fb/x?q=a%2Fb'],
    ['a secret as a parameter', query('${secret.a}'), '/r/7/x', '/base/r/7/x?q=a%20%2Fb'],
    [
      'a secret as a parameter that can not be had',
      query('${secret.none}'),
      '/r/7/x',
      '503 secret_unavailable',
    ],
    [
      'all parameters taken out',
      'rewrite: { query: { remove: [a] } }',
      '/r/7/x?a=1',
      '/base/r/7/x',
    ],
  ])('%s', (_, route, target, wanted) => {
    expect(goes(route, target, ['X-T', 'a/b c', 'X-Dots', '..'])).toBe(wanted)
  })

  test('strip leaves a slash where nothing else is left', () => {
    expect(goes('rewrite: { strip: /r }', '/r', [], '/r/*')).toBe('/base/')
    expect(goes('rewrite: { strip: /r }', '/r?a', [], '/r/*')).toBe('/base/?a')
    const two = 'rules: [{ if: { path: { prefix: /r/s } }, rewrite: { strip: /r/s } }]'
    expect(goes(two, '/r/s/', [], '/r/*')).toBe('/base/')
    expect(goes(two, '/r/s', [], '/r/*')).toBe('/base/')
    expect(goes(two, '/r/sx', [], '/r/*')).toBe('/base/r/sx')
    expect(goes(two, '/r', [], '/r/*')).toBe('/base/r')
  })

  test('a rule rewrites what its route has rewritten', () => {
    const route = 'rewrite: { strip: /r }, rules: [{ rewrite: { prefix: /v1 } }]'
    expect(goes(route, '/r/7/x')).toBe('/base/v1/7/x')
  })

  test('a capture of a pattern is one segment, whatever it holds', () => {
    const route = (source: string) =>
      `rules: [{ if: ${source}, rewrite: { path: '/t/\${capture.c}/d' } }]`
    const headers = ['X-C', 'a/b%20é']
    expect(goes(route("{ header: { x-c: { matches: '^(?<c>.*)$' } } }"), '/r/7/x', headers)).toBe(
      '/base/t/a%2Fb%2520%E9/d',
    )
    expect(goes(route("{ query: { c: { matches: '^(?<c>.*)$' } } }"), '/r/7/x?c=%C3%A9/')).toBe(
      '/base/t/%C3%A9%2F/d?c=%C3%A9/',
    )
    expect(goes(route("{ path: { matches: '^/r/7/(?<c>.*)$' } }"), '/r/7/a%2Fb/c')).toBe(
      '/base/t/a%2Fb%2Fc/d',
    )
    expect(goes(route("{ path: ['/r/:n/:c'] }"), '/r/7/a%20b')).toBe('/base/t/a%20b/d')
  })
})

describe('an upstream whose path some clients bring themselves', () => {
  const goes = (url: string, target: string) => {
    const { table } = compileText(`version: 1
upstreams: { up: { provider: groq, url: '${url}' } }
routes: [{ name: r, match: { path: /* }, upstream: up }]`)
    const decision = table.decide(view(target))
    return decision.action === 'reject' ? decision.code : decision.target
  }
  test.each([
    ['https://a.example/openai', '/v1/models', '/openai/v1/models'],
    ['https://a.example/openai', '/openai/v1/models', '/openai/v1/models'],
    ['https://a.example/openai', '/openai', '/openai'],
    ['https://a.example/openai', '/openaiv1/models', '/openai/openaiv1/models'],
    ['https://a.example/gateway/openai', '/openai/v1/models', '/gateway/openai/v1/models'],
    ['https://a.example/gateway', '/openai/v1/models', '/gateway/openai/v1/models'],
  ])('%s: %s', (url, target, wanted) => {
    expect(goes(url, target)).toBe(wanted)
  })
})

describe('where it goes', () => {
  test.each(targets)('$name', ({ route, target, left }) => {
    const { table } = compileText(
      `${base}routes: [{ name: r, match: { path: '/r/:id/*' }, upstream: up, ${route} }]`,
    )
    expect(table.decide(view(target, ['Authorization', 'Bearer k-FAKE']))).toMatchObject({
      target: left,
    })
  })
})

describe("a route's own path is stripped", () => {
  const { table } = compileText(`${base}routes:
  - { name: one, match: { path: /one/* }, upstream: up, rewrite: { strip: /one } }
  - { name: other, match: { path: /other/* }, upstream: up, rewrite: { strip: /other } }
  - { name: two, match: { path: /a.b/c-d/* }, upstream: up, rewrite: { strip: /a.b/c-d, prefix: /p } }
  - { name: part, match: { path: /part/x/* }, upstream: up, rewrite: { strip: /part } }
  - { name: far, match: { path: /é/b/* }, upstream: up, rewrite: { strip: /%c3%a9 } }
  - { name: open, match: { path: /open/* }, upstream: up, rewrite: { strip: /open/ } }
`)
  test.each([
    { target: '/one', left: '/base/' },
    { target: '/one?a=1', left: '/base/?a=1' },
    { target: '/one/', left: '/base/' },
    { target: '/one/x%2Fy', left: '/base/x%2Fy' },
    { target: '/%6Fne/x', left: '/base/x' },
    { target: '/other/one/x', left: '/base/one/x' },
    { target: '/a.b/c-d', left: '/base/p/' },
    { target: '/a%2Eb/c-d/e', left: '/base/p/e' },
    { target: '/part/x/y', left: '/base/x/y' },
    { target: '/%C3%a9/b', left: '/base/b' },
    { target: '/open/x', left: '/base/x' },
  ])('$target', ({ target, left }) => {
    expect(table.decide(view(target))).toMatchObject({ target: left })
  })
})

describe('accepts', () => {
  const made = (value: string): string => `
version: 1
secrets: { a: { env: A } }
upstreams: { up: { url: 'https://api.example.com', accepts: [anthropic-api-key] } }
routes: [{ name: r, match: { path: /* }, upstream: up, rules: [{ use: { header: x-api-key, value: '${value}' } }] }]
`
  test.each([
    {
      name: "a secret of no known kind is the operator's choice",
      value: '${secret.a}',
      status: null,
    },
    {
      name: "the client's own, written as a value, is still the client's",
      value: '${credential}',
      status: 403,
    },
    {
      name: 'so is what a client puts in another header',
      value: '${request.header.x-other}',
      status: 403,
    },
  ])('$name', ({ value, status }) => {
    const { table } = compileText(made(value))
    const decision = table.decide(view('/', ['x-api-key', 'opaque-FAKE', 'x-other', 'other-FAKE']))
    expect(decision.action === 'reject' ? decision.status : null).toBe(status)
  })

  const { table } = compileText(`
version: 1
upstreams: { up: { url: 'https://api.example.com', accepts: [anthropic-api-key] }, any: 'https://any.example.com' }
routes:
  - { name: bound, match: { path: /bound/* }, upstream: up }
  - { name: any, match: { path: /any/* }, upstream: any }
`)
  test.each([
    { name: 'its own kind', path: '/bound/', value: 'sk-ant-api03-FAKE', status: null },
    { name: 'another kind', path: '/bound/', value: 'sk-proj-FAKE', status: 403 },
    { name: 'no known kind', path: '/bound/', value: 'opaque-FAKE', status: 403 },
    { name: 'no credential', path: '/bound/', value: '', status: null },
    {
      name: 'an admin key where nothing accepts it',
      path: '/any/',
      value: 'sk-ant-admin01-FAKE',
      status: 403,
    },
    {
      name: 'any other kind where nothing is bound',
      path: '/any/',
      value: 'opaque-FAKE',
      status: null,
    },
  ])('$name', ({ path, value, status }) => {
    const decision = table.decide(view(path, ['x-api-key', value]))
    expect(decision.action === 'reject' ? decision.status : null).toBe(status)
    expect(JSON.stringify(decision.action === 'reject' ? decision : '')).not.toContain('FAKE')
  })
})
