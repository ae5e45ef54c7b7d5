import { describe, expect, test } from 'vitest'
import { compileText, view } from '../support/compile-text.ts'

const { table } = compileText(`
version: 1
upstreams: { up: 'https://api.example.com' }
routes:
  - { name: all, match: { path: /* }, upstream: up }
  - { name: exact, match: { path: /a/b }, upstream: up }
  - { name: below-a, match: { path: /a/* }, upstream: up }
  - { name: below-a-b-c, match: { path: /a/b/c/* }, upstream: up }
  - { name: parameter, match: { path: /a/:id }, upstream: up }
  - { name: parameter-then-literal, match: { path: '/:tenant/keys' }, upstream: up }
  - { name: below-parameter, match: { path: '/t/:tenant/x/*' }, upstream: up }
  - { name: below-t, match: { path: /t/* }, upstream: up }
  - { name: host-any, match: { path: /h }, upstream: up }
  - { name: host-wildcard, match: { path: /h, hosts: ['*.example.com'] }, upstream: up }
  - { name: host-longer-wildcard, match: { path: /h, hosts: ['*.eu.example.com'] }, upstream: up }
  - { name: host-exact, match: { path: /h, hosts: [API.example.com] }, upstream: up }
  - { name: any-method, match: { path: /m }, upstream: up }
  - { name: post, match: { path: /m, methods: [POST] }, upstream: up }
  - { name: post-beta, match: { path: /m, methods: [POST], headers: { x-beta: { present: true } } }, upstream: up }
  - { name: only-post, match: { path: /only, methods: [POST] }, upstream: up }
`)

const rows: { name: string; target: string; route: string; headers?: string[]; method?: string }[] =
  [
    { name: 'an exact path wins', target: '/a/b', route: 'exact' },
    { name: 'then a parameter', target: '/a/z', route: 'parameter' },
    { name: 'a parameter takes no empty segment', target: '/a/', route: 'below-a' },
    { name: 'then the longest prefix', target: '/a/b/c/d', route: 'below-a-b-c' },
    { name: 'a prefix matches itself', target: '/a/b/c', route: 'below-a-b-c' },
    { name: 'a shorter prefix where the longer one ends', target: '/a/b/x', route: 'below-a' },
    { name: 'a prefix matches whole segments only', target: '/ab', route: 'all' },
    {
      name: 'a whole parameter path wins over a prefix',
      target: '/t/keys',
      route: 'parameter-then-literal',
    },
    { name: 'a longer prefix through a parameter', target: '/t/1/x/y', route: 'below-parameter' },
    {
      name: 'a shorter prefix where the parameter leads nowhere',
      target: '/t/1/y',
      route: 'below-t',
    },
    { name: 'the query is not the path', target: '/a/b?x=/y', route: 'exact' },
    { name: 'encoded letters are the same letters', target: '/%61/%62', route: 'exact' },
    { name: 'an encoded slash is no slash', target: '/a%2Fb', route: 'all' },
    { name: 'a doubled slash is a segment more', target: '//a/b', route: 'all' },
    { name: 'case counts', target: '/A/b', route: 'all' },
    { name: 'no host named', target: '/h', route: 'host-any', headers: ['Host', 'other.test'] },
    {
      name: 'an exact host',
      target: '/h',
      route: 'host-exact',
      headers: ['Host', 'api.EXAMPLE.com:8080'],
    },
    {
      name: 'a wildcard host',
      target: '/h',
      route: 'host-wildcard',
      headers: ['Host', 'x.y.example.com'],
    },
    {
      name: 'the longest wildcard',
      target: '/h',
      route: 'host-longer-wildcard',
      headers: ['Host', 'x.eu.example.com'],
    },
    {
      name: 'a wildcard takes at least one label',
      target: '/h',
      route: 'host-any',
      headers: ['Host', 'example.com'],
    },
    { name: 'a method', target: '/m', method: 'POST', route: 'post' },
    {
      name: 'a header',
      target: '/m',
      method: 'POST',
      headers: ['X-Beta', '1'],
      route: 'post-beta',
    },
    { name: 'another method', target: '/m', method: 'DELETE', route: 'any-method' },
    { name: 'a less specific path where the method does not fit', target: '/only', route: 'all' },
  ]

describe('the route table', () => {
  test.each(rows)('$name: $target', ({ target, route, headers = [], method = 'GET' }) => {
    const hasHost = headers[0] === 'Host'
    const request = view(target, [], {
      method,
      headers: hasHost ? headers : ['Host', 'x', ...headers],
    })
    expect(table.decide(request).route).toBe(route)
  })

  test('no route is 404', () => {
    const { table: small } = compileText(
      "version: 1\nupstreams: { up: 'https://api.example.com' }\nroutes: [{ name: a, match: { path: /a }, upstream: up }]",
    )
    expect(small.decide(view('/b'))).toMatchObject({
      action: 'reject',
      status: 404,
      code: 'no_route',
    })
  })
})

describe('routes in a file', () => {
  /** The route of a request, by a table that is built for it. */
  const routeOf = (routes: string, target: string, ...more: Parameters<typeof view>[1][]) => {
    const { table: own } = compileText(
      `version: 1\nupstreams: { up: 'https://api.example.com' }\nroutes:\n${routes}`,
    )
    return own.decide(view(target, ...more)).route
  }
  const lines = (...routes: string[]): string =>
    routes
      .map((match, index) => `  - { name: '${index}', match: { ${match} }, upstream: up }\n`)
      .join('')
  const on = (host: string): string[] => ['Host', host]

  test.each([
    ['two below one segment', ['path: /a/b', 'path: /a/c'], '/a/b', '0'],
    ['a segment after a parameter', ["path: '/:x/a'", 'path: /*'], '/1/a', '0'],
    ['no parameter of nothing', ["path: '/t/:x/a'", 'path: /*'], '/t//a', '1'],
    ['a prefix below a parameter of nothing', ["path: '/t/:x/*'", 'path: /*'], '/t//a', '1'],
    ['the top', ['path: /', 'path: /*'], '/', '0'],
    ['a prefix with nothing below it', ['path: /a/*', 'path: /*'], '/a', '0'],
    ['a prefix with a slash below it', ['path: /a/*', 'path: /*'], '/a/', '0'],
    [
      'the longer of two prefixes, one through a parameter',
      ["path: '/:x/b/*'", 'path: /a/*'],
      '/a/b/c',
      '0',
    ],
    ['the shorter one where the longer one ends', ["path: '/:x/b/*'", 'path: /a/*'], '/a/c/c', '1'],
    [
      'of two as long the one without a parameter',
      ["path: '/:x/b/*'", 'path: /a/b/*'],
      '/a/b/c',
      '1',
    ],
    [
      'through a parameter where the other one wants another method',
      ["path: '/:x/b'", 'path: /a/b, methods: [POST]'],
      '/a/b',
      '0',
    ],
  ])('%s', (_, matches, target, wanted) => {
    expect(routeOf(lines(...matches), target)).toBe(wanted)
  })

  const equals = lines(
    'path: /*',
    'path: /*, headers: { x-a: { present: true } }',
    'path: /*, headers: { x-a: { present: true }, x-b: { present: true } }',
    'path: /*, methods: [GET]',
    'path: /*, methods: [GET], headers: { x-a: { present: true } }',
    'path: /*, methods: [GET, POST], headers: { x-a: { present: true } }',
  )
  test.each([
    ['methods before headers', [], '3'],
    ['more headers, then the earlier one', ['x-a', '1'], '4'],
    ['more headers do not stand before methods', ['x-a', '1', 'x-b', '1'], '4'],
  ])('of one path: %s', (_, headers, wanted) => {
    expect(routeOf(equals, '/', headers)).toBe(wanted)
  })

  test.each([
    [
      'the earlier of equals',
      [
        'path: /*, hosts: [a.test]',
        'path: /*, hosts: [a.test, b.test], methods: [PUT]',
        'path: /*, hosts: [a.test], headers: { x-none: { present: true } }',
      ],
      'a.test',
      '0',
    ],
    ['a host of a list', ['path: /*, hosts: [a.test, b.test]'], 'b.test', '0'],
    [
      'a longer wildcard',
      ["path: /*, hosts: ['*.test']", "path: /*, hosts: ['*.a.test']"],
      'x.a.test',
      '1',
    ],
    [
      'a shorter wildcard',
      ["path: /*, hosts: ['*.test']", "path: /*, hosts: ['*.a.test']"],
      'a.test',
      '0',
    ],
    ['no wildcard for the name itself', ["path: /*, hosts: ['*.test']"], 'test', null],
    [
      'but for its end with nothing before it, as a proof says too',
      ["path: /*, hosts: ['*.a.test']"],
      '.a.test',
      '0',
    ],
    ['nor for a name that only ends so', ["path: /*, hosts: ['*.a.test']"], 'xa.test', null],
    [
      'an exact host before a wildcard',
      ["path: /*, hosts: ['*.test']", 'path: /*, hosts: [a.test]'],
      'a.test',
      '1',
    ],
    [
      'a wildcard where the exact host wants another method',
      ["path: /*, hosts: ['*.test']", 'path: /*, hosts: [a.test], methods: [PUT]'],
      'a.test',
      '0',
    ],
    [
      'any host where the named one wants another method',
      ['path: /*', "path: /*, hosts: ['*.test'], methods: [PUT]"],
      'a.test',
      '0',
    ],
  ])('by host: %s', (_, matches, host, wanted) => {
    const { table: own } = compileText(
      `version: 1\nupstreams: { up: 'https://api.example.com' }\nroutes:\n${lines(...matches)}`,
    )
    expect(own.decide(view('/', [], { headers: on(host) })).route).toBe(wanted)
  })
})

describe('paths that could escape', () => {
  const escapes = [
    '/a/../b',
    '/a/%2e%2e/b',
    '/a/.%2E/b',
    '/a/%252e%252e/b',
    '/a/..%2fb',
    '/a\\..\\b',
    '/a/..%5cb',
    '/a/%c0%ae%c0%ae/b',
    '/a/..;x/b',
    '/a/..',
    '/a#b',
    '/a/b?x=1#y',
    'a/b',
  ]
  test.each(escapes)('%s is refused', (target) => {
    expect(table.decide(view(target))).toMatchObject({
      action: 'reject',
      status: 400,
      code: 'unsafe_path',
    })
  })
  const harmless = [
    '/a/..b',
    '/a/b..',
    '/a/...',
    '/a/.hidden',
    '/a/%2e%2eb',
    '/a/x%252e',
    '/a/b?x=../y',
  ]
  test.each(harmless)('%s passes', (target) => {
    expect(table.decide(view(target))).toMatchObject({ action: 'forward', target })
  })
})

describe('where no parameter stands beside a segment', () => {
  const literal = `
version: 1
upstreams: { up: 'https://api.example.com' }
routes:
  - { name: all, match: { path: /* }, upstream: up }
  - { name: root, match: { path: / }, upstream: up }
  - { name: below-a, match: { path: /a/* }, upstream: up }
  - { name: exact, match: { path: /a/b }, upstream: up }
  - { name: post-below, match: { path: /a/b/*, methods: [POST] }, upstream: up }
  - { name: below-deep, match: { path: /a/b/c/d/* }, upstream: up }
  - { name: only-post, match: { path: /only, methods: [POST] }, upstream: up }
`
  const tables = [
    { way: 'in one walk', text: literal },
    {
      way: 'in two',
      text: `${literal}  - { name: p, match: { path: '/:p/q/r/s' }, upstream: up }\n`,
    },
  ]
  const paths = [
    { target: '/', route: 'root' },
    { target: '/x', route: 'all' },
    { target: '//', route: 'all' },
    { target: '/a', route: 'below-a' },
    { target: '/a/', route: 'below-a' },
    { target: '/a/b', route: 'exact' },
    { target: '/a/b/', route: 'below-a' },
    { target: '/a/b/', method: 'POST', route: 'post-below' },
    { target: '/a/b/c', route: 'below-a' },
    { target: '/a/b/c', method: 'POST', route: 'post-below' },
    { target: '/a/b/c/d', route: 'below-deep' },
    { target: '/a/b/c/d/e/f', route: 'below-deep' },
    { target: '/a/b/c/e', route: 'below-a' },
    { target: '/only', route: 'all' },
    { target: '/only', method: 'POST', route: 'only-post' },
    { target: '/only/', method: 'POST', route: 'all' },
  ]
  describe.each(tables)('$way', ({ text }) => {
    const { table: told } = compileText(text)
    test.each(paths)('$target $method is $route', ({ target, route, method = 'GET' }) => {
      expect(told.decide(view(target, [], { method })).route).toBe(route)
    })
  })
})
