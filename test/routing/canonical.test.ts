import { describe, expect, test } from 'vitest'
import { compileText, view } from '../support/compile-text.ts'

function statusOf(condition: string, request: ReturnType<typeof view>, server = '{}'): number {
  const { table } = compileText(`version: 1
server: ${server}
upstreams: { up: https://up.test }
routes:
  - name: all
    match: { path: /* }
    upstream: up
    rules: [{ name: stops, if: ${condition}, reject: 418 }]
`)
  const decision = table.decide(request)
  return decision.action === 'reject' ? decision.status : 200
}

const host = (name: string) => view('/', [], { headers: ['Host', name] })
const peer = (peerIp: string, ...headers: string[]) => view('/', headers, { peerIp })

const rows = [
  { name: 'a path', if: '{ path: { prefix: /admin } }', request: view('/admin/x'), is: 418 },
  {
    name: 'a path, one letter encoded',
    if: '{ path: { prefix: /admin } }',
    request: view('/%61dmin/x'),
    is: 418,
  },
  {
    name: 'a path, every letter encoded, in either case',
    if: '{ path: { equals: /admin/_-.~ } }',
    request: view('/%61%64%6D%69%6e/%5f%2D%2e%7E'),
    is: 418,
  },
  ...['/%C3%A9/%FCx', '/%c3%a9/%fcx', '/\xc3\xa9/\xfcx'].flatMap((path) => [
    { name: `${path} by a pattern`, if: '{ path: /é/* }', request: view(path), is: 418 },
    { name: `${path} by a prefix`, if: '{ path: { prefix: /é } }', request: view(path), is: 418 },
    { name: `${path} by bytes`, if: '{ path: { contains: "%fC" } }', request: view(path), is: 418 },
    {
      name: `${path} by a list`,
      if: '{ path: { in: [/é/x, "/%c3%a9/%fcx"] } }',
      request: view(path),
      is: 418,
    },
    {
      name: `${path} by an expression`,
      if: '{ path: { matches: "^/é/%fc[x]$" } }',
      request: view(path),
      is: 418,
    },
  ]),
  {
    name: 'a pattern with an encoded letter',
    if: '{ path: /%61dmin/* }',
    request: view('/admin/x'),
    is: 418,
  },
  ...['%C3%BC', '%c3%bc', '\xc3\xbc'].map((value) => ({
    name: `a parameter, written ${value}`,
    if: '{ query: { q: ü } }',
    request: view(`/?q=${value}`),
    is: 418,
  })),
  {
    name: 'a path in a list of patterns',
    if: '{ path: [/admin/*] }',
    request: view('/%61dmin/x'),
    is: 418,
  },
  { name: 'another path', if: '{ path: { prefix: /admin } }', request: view('/Admin'), is: 200 },
  { name: 'a host', if: '{ host: api.test }', request: host('api.test'), is: 418 },
  {
    name: 'a host beyond ASCII',
    if: '{ host: bücher.test }',
    request: host('xn--BCHER-kva.test'),
    is: 418,
  },
  {
    name: 'a host below one',
    if: '{ host: "*.Bücher.test" }',
    request: host('a.xn--bcher-kva.test'),
    is: 418,
  },
  {
    name: 'a host in a list',
    if: '{ host: [a.test, bücher.test] }',
    request: host('xn--bcher-kva.test'),
    is: 418,
  },
  { name: 'a host in capitals', if: '{ host: api.test }', request: host('API.Test'), is: 418 },
  { name: 'a host with a port', if: '{ host: api.test }', request: host('api.test:8080'), is: 418 },
  { name: 'a host with a last dot', if: '{ host: api.test }', request: host('api.test.'), is: 418 },
  {
    name: 'a host with a last dot and a port',
    if: '{ host: api.test }',
    request: host('api.test.:443'),
    is: 418,
  },
  { name: 'another host', if: '{ host: api.test }', request: host('api.test.other'), is: 200 },
  {
    name: 'an address of IPv6',
    if: '{ host: { equals: "[::1]" } }',
    request: host('[::1]:8080'),
    is: 418,
  },
  {
    name: 'a client',
    if: '{ client: { ip: 10.0.0.0/8 } }',
    request: peer('10.255.0.1'),
    is: 418,
  },
  {
    name: 'a client of IPv4 on a socket of IPv6',
    if: '{ client: { ip: 10.0.0.0/8 } }',
    request: peer('::ffff:10.1.2.3'),
    is: 418,
  },
  {
    name: 'another client of IPv4 on a socket of IPv6',
    if: '{ client: { ip: 10.0.0.0/8 } }',
    request: peer('::ffff:11.1.2.3'),
    is: 200,
  },
  {
    name: 'one address alone',
    if: '{ client: { ip: 10.0.0.1 } }',
    request: peer('10.0.0.2'),
    is: 200,
  },
  {
    name: 'a client of IPv6, written otherwise',
    if: '{ client: { ip: "2001:db8::/32" } }',
    request: peer('2001:0DB8:0:0::1'),
    is: 418,
  },
  {
    name: 'no client of IPv4 by a network of IPv6',
    if: '{ client: { ip: "::/0" } }',
    request: peer('10.0.0.1'),
    is: 200,
  },
]

describe('a rule sees one form of what can be written in several', () => {
  test.each(rows)('$name', (row) => {
    expect(statusOf(row.if, row.request)).toBe(row.is)
  })

  test('of a proxy that is trusted, too', () => {
    const client = '{ client: { ip: 192.0.2.9 } }'
    const forwarded = ['X-Forwarded-For', '192.0.2.9']
    const trust = '{ trust: [10.0.0.1] }'
    expect(statusOf(client, peer('::ffff:10.0.0.1', ...forwarded), trust)).toBe(418)
    expect(statusOf(client, peer('10.0.0.2', ...forwarded), trust)).toBe(200)
  })
})

describe('so does the choice of a route', () => {
  const { table } = compileText(`version: 1
upstreams: { up: https://up.test }
routes:
  - { name: rest, match: { path: /* }, upstream: up }
  - { name: admin, match: { path: /admin/* }, upstream: up }
  - { name: host, match: { path: /*, hosts: [Api.Test] }, upstream: up }
`)

  test.each([
    { target: '/%61dmin/x', host: 'other.test', route: 'admin' },
    { target: '/%61dmin', host: 'other.test', route: 'admin' },
    { target: '/administrator', host: 'other.test', route: 'rest' },
    { target: '/', host: 'API.test', route: 'host' },
    { target: '/', host: 'api.test.', route: 'host' },
    { target: '/', host: 'api.test:81', route: 'host' },
    { target: '/', host: 'api.test.org', route: 'rest' },
  ])('$host$target', ({ target, host, route }) => {
    expect(table.decide(view(target, [], { headers: ['Host', host] })).route).toBe(route)
  })
})
