import { expect, test } from 'vitest'
import { writeCurl } from '../../src/config/diagnostics/write-curl.ts'
import { loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { withThoroughProof } from '../../src/loading/with-proof.ts'
import { measureCoverage } from '../../src/proof/coverage.ts'
import { proveInvariants } from '../../src/proof/invariants/prove-invariants.ts'
import { createWorld } from '../../src/proof/world.ts'

const sources = { catalogue: loadCatalogue(), env: { POD: 'x' } }

const UPSTREAMS = { one: { url: 'https://one.example.com' }, two: 'https://two.example.com' }

/** A file with one route. */
function fileWith(route: object, more: object = {}): object {
  const routes = [{ name: 'a', match: { path: '/*' }, upstream: 'one', ...route }]
  return { version: 1, upstreams: UPSTREAMS, routes, ...more }
}

const CLIENTS = { required: true, tokens: { ci: { file: 'ci.sha256' } } }

const claims: {
  readonly name: string
  readonly file: object
  readonly invariant: object
  readonly verdict: string
}[] = [
  {
    name: 'what a pattern of names removes is gone',
    file: fileWith({
      request: { set: { 'x-debug-a': '1' } },
      rules: [{ request: { remove: ['x-debug-*'] } }],
    }),
    invariant: { never: { forward: true, header: { 'x-debug-a': 'absent' } } },
    verdict: 'curl http://127.0.0.1:8080/',
  },
  {
    name: 'what a pattern of names removes is not renamed',
    file: fileWith({ request: { remove: ['x-debug-*'], rename: { 'x-debug-a': 'x-was' } } }),
    invariant: {
      for: { header: { 'x-was': { present: false } } },
      never: { header: { 'x-was': 'present' } },
    },
    verdict: 'holds',
  },
  {
    name: 'a credential that is put into a cookie makes one',
    file: fileWith({ rules: [{ use: { cookie: 'sid' } }] }),
    invariant: {
      for: { header: { cookie: { present: false } } },
      never: { header: { cookie: 'present' } },
    },
    verdict: "curl -H 'authorization: Bearer x' http://127.0.0.1:8080/",
  },
  {
    name: 'every request that leaves has a host',
    file: fileWith({}),
    invariant: { never: { header: { host: 'present' } } },
    verdict: 'curl http://127.0.0.1:8080/',
  },
  ...['traceparent', 'tracestate', 'content-length', 'cdn-loop'].map((header) => ({
    name: `Keyway may write ${header} by itself`,
    file: fileWith({ request: { remove: ['x-other'] } }),
    invariant: {
      for: { header: { [header]: { present: false } } },
      never: { header: { [header]: 'present' } },
    },
    verdict: "can't tell",
  })),
  {
    name: 'preflights that need no token come from nobody',
    file: fileWith({}, { clients: { ...CLIENTS, preflight: 'open' } }),
    invariant: { for: { not: { client: { name: 'ci' } } }, never: { forward: true } },
    verdict:
      "curl -X OPTIONS -H 'access-control-request-method: x' -H 'origin: http://localhost' http://127.0.0.1:8080/",
  },
  {
    name: 'all others need one',
    file: fileWith({}, { clients: { ...CLIENTS, preflight: 'open' } }),
    invariant: {
      for: { not: { any: [{ client: { name: 'ci' } }, { method: 'OPTIONS' }] } },
      never: { forward: true },
    },
    verdict: 'holds',
  },
  {
    name: 'Basic hides passwords with spaces',
    file: fileWith({}, { credentials: { phrase: { matches: '^[a-z]+ [a-z]+$' } } }),
    invariant: { never: { kind: 'phrase' } },
    verdict: "curl -H 'authorization: Basic OnggeA==' http://127.0.0.1:8080/",
  },
  {
    name: 'a credential made of a header',
    file: fileWith({
      rules: [{ use: { header: 'x-api-key', value: '${request.header.x-own}' } }],
    }),
    invariant: {
      for: { credential: { present: false } },
      never: { placement: 'x-api-key' },
    },
    verdict: "curl -H 'x-own: x' http://127.0.0.1:8080/",
  },
  {
    name: 'what is made of a header may be refused by its upstream',
    file: {
      ...fileWith({ rules: [{ use: { header: 'x-api-key', value: '${request.header.x-own}' } }] }),
      upstreams: { one: { url: 'https://one.example.com', accepts: ['anthropic-api-key'] } },
    },
    invariant: {
      for: { credential: { present: false }, header: { 'x-own': { present: true } } },
      always: { forward: true },
    },
    verdict: "curl -H 'x-own: x' http://127.0.0.1:8080/",
  },
  {
    name: 'the same where it is accepted',
    file: {
      ...fileWith({ rules: [{ use: { header: 'x-api-key', value: '${request.header.x-own}' } }] }),
      upstreams: { one: { url: 'https://one.example.com', accepts: ['anthropic-api-key'] } },
    },
    invariant: {
      for: { credential: { present: false } },
      never: { header: { 'x-api-key': 'present' } },
    },
    verdict: "curl -H 'x-own: sk-ant-apix' http://127.0.0.1:8080/",
  },
  {
    name: 'what is made of nothing is nothing',
    file: fileWith({ rules: [{ use: { header: 'x-api-key', value: '${request.header.x-own}' } }] }),
    invariant: { for: { credential: { present: false } }, never: { placement: 'none' } },
    verdict: 'curl http://127.0.0.1:8080/',
  },
  {
    name: 'a credential in a cookie is shown',
    file: fileWith({ credential: { from: ['cookie sid'] }, rules: ['use x-api-key'] }),
    invariant: { never: { placement: 'x-api-key' } },
    verdict: "curl -H 'cookie: sid=x' http://127.0.0.1:8080/",
  },
  {
    name: 'what the route rejects does not go on to its fallback',
    file: {
      ...fileWith({
        rules: [{ if: { path: '/secret/*' }, reject: 403 }],
        fallback: [{ upstream: 'two', rules: ['use x-api-key'] }],
      }),
      upstreams: {
        one: { url: 'https://one.example.com', accepts: ['anthropic-api-key'] },
        two: { url: 'https://two.example.com', accepts: ['anthropic-api-key'] },
      },
    },
    invariant: { for: { path: '/secret/*' }, never: { forward: true } },
    verdict: 'holds',
  },
  {
    name: 'a path that others may read otherwise shows nothing where a plain one does',
    file: fileWith({
      rules: [{ if: { any: [{ path: { contains: '%2F' } }, { method: 'PUT' }] }, reject: 418 }],
    }),
    invariant: { never: { status: 418 } },
    verdict: 'curl -X PUT http://127.0.0.1:8080/',
  },
  {
    name: 'a client without an address, on a Unix socket',
    file: fileWith({}),
    invariant: {
      for: { not: { client: { ip: ['0.0.0.0/0', '::/0'] } } },
      never: { forward: true },
    },
    verdict: 'curl http://127.0.0.1:8080/',
  },
  {
    name: 'a query parameter with a space in its name',
    file: fileWith({ rules: [{ if: { query: { 'x y': 'a' } }, reject: 418 }] }),
    invariant: { never: { status: 418 } },
    verdict: "curl 'http://127.0.0.1:8080/?x%20y=a'",
  },
  ...[
    ['https://one.example.com:8443', 'one.example.com'],
    ['https://one.example.com:8443', 'One.Example.com:8443'],
    ['https://one.example.com', 'one.example.com:443'],
    ['https://one.example.com./', 'one.example.com'],
    ['https://a.one.example.com', '*.one.example.com'],
    ['https://bücher.example', 'bücher.example'],
    ['https://a.bücher.example', '*.xn--bcher-kva.example'],
    ['http://[2001:db8::1]:81', '2001:db8::1'],
    ['http://[2001:db8::1]:81', '[2001:DB8:0::1]'],
    ['http://[2001:db8::1]:81', '[2001:db8::1]:81'],
  ].map(([url = '', host = '']) => ({
    name: `${url} is the host ${host}`,
    file: { ...fileWith({}), upstreams: { one: url } },
    invariant: { never: { host } },
    verdict: 'curl http://127.0.0.1:8080/',
  })),
  ...[
    ['https://one.example.com:8443', 'one.example.com:443'],
    ['https://one.example.com', '*.one.example.com'],
    ['https://one.example.com', 'ne.example.com'],
    ['builtin:echo', '*'],
  ].map(([url = '', host = '']) => ({
    name: `${url} is not the host ${host}`,
    file: { ...fileWith({}), upstreams: { one: url } },
    invariant: { never: { host } },
    verdict: 'holds',
  })),
]

test.each(claims)('$name', ({ file, invariant, verdict }) => {
  const text = JSON.stringify({ ...file, invariants: [{ name: 'it', ...invariant }] })
  const { config, diagnostics } = loadConfig({ file: 'a.yaml', text }, sources)
  expect(config, JSON.stringify(diagnostics)).not.toBeNull()
  if (config === null) return
  const [proved] = proveInvariants(config.invariants, createWorld(config, sources))
  const { proof } = proved ?? {}
  expect(proof?.verdict === 'broken' ? writeCurl(proof.by.request) : proof?.verdict).toBe(verdict)
})

const hosted = (name: string, host: string): object => ({
  name,
  match: { path: `/${name}/*`, hosts: ['*.example.com'] },
  upstream: 'one',
  rules: [{ if: { host }, use: 'x-api-key' }, { use: 'none' }],
})

const OPAQUE = ['none', 'bearer', 'token', 'key', 'apikey', 'api-key']

/** Files, and the rules that no request gets to. */
const reaches: { readonly name: string; readonly file: object; readonly found: string[] }[] = [
  {
    name: 'a host below a wildcard, and one that is not',
    file: { ...fileWith({}), routes: [hosted('a', 'a.other.com'), hosted('b', 'a.example.com')] },
    found: ['routes[0].rules[0]'],
  },
  {
    name: 'the same in another order',
    file: { ...fileWith({}), routes: [hosted('a', 'a.example.com'), hosted('b', 'a.other.com')] },
    found: ['routes[1].rules[0]'],
  },
  {
    name: 'IPv4 written as IPv6 is looked at as IPv4',
    file: fileWith({ rules: [{ if: { client: { ip: '::ffff:0:0/96' } }, use: 'none' }] }),
    found: ['routes[0].rules[0].if'],
  },
  {
    name: 'a network around it has other addresses',
    file: fileWith({ rules: [{ if: { client: { ip: '::ffff:0:0/95' } }, use: 'none' }] }),
    found: [],
  },
  {
    name: 'schemes that are bound are left where all others are taken',
    file: fileWith({
      rules: [
        { if: { credential: { scheme: OPAQUE } }, use: 'x-api-key' },
        { if: { credential: { present: true } }, use: 'none' },
      ],
    }),
    found: [],
  },
  {
    name: 'only Basic hides a password with a space',
    file: fileWith(
      { rules: [{ if: { credential: { kind: 'phrase', scheme: 'basic' } }, use: 'none' }] },
      { credentials: { phrase: { matches: '^[a-z]+ [a-z]+$' } } },
    ),
    found: [],
  },
  {
    name: 'no token has a space, of whatever sort',
    file: fileWith({
      rules: [{ if: { credential: { matches: '^a[\\x{a0}\\x{2003}\\v]b$' } }, use: 'none' }],
    }),
    found: ['routes[0].rules[0].if'],
  },
  {
    name: 'what is encoded twice in one',
    file: fileWith({ paths: 'exact', rules: [{ if: { path: { equals: '/%41' } }, use: 'none' }] }),
    found: [],
  },
  {
    name: 'the same where a path that may be read in two ways is refused',
    file: fileWith({ rules: [{ if: { path: { equals: '/%41' } }, use: 'none' }] }),
    found: ['routes[0].rules[0].if'],
  },
  ...['path', 'host'].map((subject) => ({
    name: `no ${subject} holds more than bytes`,
    file: fileWith({ rules: [{ if: { [subject]: { matches: '[日本]' } }, use: 'none' }] }),
    found: ['routes[0].rules[0].if'],
  })),
  {
    name: 'no path is compared with bytes beyond ASCII',
    file: fileWith({ rules: [{ if: { path: { matches: '[äé]' } }, use: 'none' }] }),
    found: ['routes[0].rules[0].if'],
  },
  {
    name: 'a letter beyond ASCII is its bytes, encoded',
    file: fileWith({ rules: [{ if: { path: { matches: '^/日$' } }, use: 'none' }] }),
    found: [],
  },
  {
    name: 'a letter in every case that it has',
    file: fileWith({
      rules: [
        { if: { query: { x: ['k', 'K'] } }, use: 'none' },
        { if: { query: { x: { matches: '(?i)^k$' } } }, use: 'x-api-key' },
      ],
    }),
    found: [],
  },
  {
    name: 'a field holds no sign of Kelvin',
    file: fileWith({
      rules: [
        { if: { header: { x: ['k', 'K'] } }, use: 'none' },
        { if: { header: { x: { matches: '(?i)^k$' } } }, use: 'x-api-key' },
      ],
    }),
    found: ['routes[0].rules[1]'],
  },
]

test.each(reaches)('what no request gets to: $name', ({ file, found }) => {
  const options = withThoroughProof(sources)
  const { diagnostics } = loadConfig({ file: 'a.yaml', text: JSON.stringify(file) }, options)
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  expect(errors.map(({ path }) => path)).toEqual(found)
  const codes = ['never-holds', 'unreachable-rule']
  expect(errors.filter(({ code }) => !codes.includes(code))).toEqual([])
})

test('a rule whose value can not be had is got to all the same', () => {
  const value = '${request.header.x-own}'
  const file = fileWith({
    rules: [
      {
        name: 'own',
        if: { header: { 'x-own': { present: false } } },
        use: { header: 'x-api-key', value },
      },
      { name: 'rest', use: 'none' },
    ],
  })
  const { config } = loadConfig({ file: 'a.yaml', text: JSON.stringify(file) }, sources)
  if (config === null) throw new Error('the file has errors')
  const { unreached } = measureCoverage([], createWorld(config, sources))
  expect(unreached.map(({ rule, request }) => [rule, request && writeCurl(request)])).toEqual([
    [null, 'curl http://127.0.0.1:8080/'],
    ['own', 'curl http://127.0.0.1:8080/'],
    ['rest', "curl -H 'x-own: x' http://127.0.0.1:8080/"],
  ])
})
