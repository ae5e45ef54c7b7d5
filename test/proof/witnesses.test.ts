import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { NormalConfig } from '../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { withThoroughProof } from '../../src/loading/with-proof.ts'
import { measureCoverage } from '../../src/proof/coverage.ts'
import { createWorld, type World } from '../../src/proof/world.ts'
import { loadSmall, SOURCES } from './oracle-cases.ts'

interface Row {
  readonly name: string
  readonly routes: readonly object[]
  readonly code: string
  readonly witness: string | undefined
}

const route = (name: string, ...rules: readonly (string | object)[]): object => ({
  name,
  match: { path: `/${name}/*` },
  upstream: 'one',
  rules,
})

const rows: readonly Row[] = [
  {
    name: 'a rule whose requests are taken before',
    routes: [
      route(
        'a',
        'if credential matches ^sk-ant- use x-api-key',
        'if credential matches ^sk-ant-oat use authorization bearer',
      ),
    ],
    code: 'unreachable-rule',
    witness: "curl -H 'authorization: Bearer sk-ant-oat' http://127.0.0.1:8080/a",
  },
  {
    name: 'a rule for requests of another route',
    routes: [route('a', 'if path /b/* use x-api-key')],
    code: 'unreachable-rule',
    witness: 'curl http://127.0.0.1:8080/b',
  },
  {
    name: 'a condition that always holds behind another one',
    routes: [route('a', 'if method GET use none', 'if not method GET use x-api-key')],
    code: 'always-holds',
    witness: 'curl -X POST http://127.0.0.1:8080/a',
  },
  {
    name: 'a route that another one leaves nothing',
    routes: [
      { name: 'a', match: { path: '/a', hosts: ['a.example.com'] }, upstream: 'one' },
      { name: 'b', match: { path: '/a', hosts: ['b.example.com'] }, upstream: 'one' },
      {
        name: 'c',
        match: { path: '/a', hosts: ['a.example.com', 'b.example.com'] },
        upstream: 'one',
      },
    ],
    code: 'shadowed-route',
    witness: "curl -H 'host: a.example.com' http://127.0.0.1:8080/a",
  },
  {
    name: 'a credential that its upstream refuses',
    routes: [route('a', { if: { credential: { kind: 'openai' } }, use: 'x-api-key' })],
    code: 'refused-by-accepts',
    witness: "curl -H 'authorization: Bearer sk-proj-' http://127.0.0.1:8080/a",
  },
  {
    name: 'a fallback that refuses what the route sends',
    routes: [
      {
        ...route(
          'a',
          { if: { credential: { kind: 'anthropic-oauth' } }, use: 'x-api-key' },
          { reject: 403 },
        ),
        fallback: [{ upstream: 'spare', rules: ['use x-api-key'] }],
      },
    ],
    code: 'idle-fallback',
    witness: "curl -H 'authorization: Bearer sk-ant-oat' http://127.0.0.1:8080/a",
  },
  {
    name: 'a prefix that catches other kinds',
    routes: [route('a', 'if credential matches ^sk-ant- use x-api-key')],
    code: 'catches-other-kind',
    witness: "curl -H 'authorization: Bearer sk-ant-oat' http://127.0.0.1:8080/a",
  },
  {
    name: 'a condition that nothing is',
    routes: [route('a', { if: { method: 'GET', all: [{ method: 'PUT' }] }, use: 'none' })],
    code: 'never-holds',
    witness: undefined,
  },
]

test.each(rows)('a finding shows a request: $name', ({ routes, code, witness }) => {
  const upstreams = {
    one: { url: 'https://one.example.com', accepts: ['anthropic-api-key', 'anthropic-oauth'] },
    spare: { url: 'https://spare.example.com', accepts: ['anthropic-api-key'] },
  }
  const text = JSON.stringify({ version: 1, upstreams, routes })
  const options = withThoroughProof({ catalogue: loadCatalogue(), env: {} })
  const { diagnostics } = loadConfig({ file: 'a.yaml', text }, options)
  const found = diagnostics.find((one) => one.code === code)
  expect(found, JSON.stringify(diagnostics)).toBeDefined()
  expect(found?.witness).toBe(witness)
})

test('a finding shows Basic where alone it can stand, and not beside a field that says Bearer', () => {
  const { diagnostics } = loadSmall({
    version: 1,
    upstreams: { one: 'https://one.example.com' },
    routes: [
      route('a', 'if not credential scheme basic use none', {
        if: {
          any: [
            { header: { authorization: { prefix: 'Bearer ' } } },
            { any: [{ header: { team: 'a' } }, { credential: { present: true } }] },
          ],
        },
        use: 'x-api-key',
      }),
    ],
  })
  const found = diagnostics.find(({ code }) => code === 'always-holds')
  expect(found?.witness).toBe("curl -H 'authorization: Basic Ong=' http://127.0.0.1:8080/a")
})

test('a header that a condition asks for may hold a credential: the request that gets there does', () => {
  const { config } = loadSmall({
    version: 1,
    upstreams: { one: 'https://one.example.com' },
    routes: [
      route(
        'a',
        'if not header authorization is present use none',
        'if credential kind unknown use none',
        { name: 'last', if: { header: { team: 'a' } }, reject: 401 },
      ),
    ],
  })
  const world = config && createWorld(config, SOURCES)
  const { unreached } = measureCoverage([], world as World)
  expect(unreached.map(({ rule, request }) => [rule, request !== null])).toEqual([
    [null, true],
    ['rules[0]', true],
    ['rules[1]', true],
    ['last', true],
  ])
})

const TOKENS = ['none', 'bearer', 'token', 'key', 'apikey', 'api-key']

const beside: readonly { readonly name: string; readonly rules: readonly (string | object)[] }[] = [
  {
    name: 'a cookie that may go along, beside the credential that is asked for',
    rules: [
      { if: { not: { credential: { scheme: TOKENS } } }, use: 'none' },
      { name: 'it', if: { header: { cookie: { contains: 'sid=' } } }, reject: 401 },
      { use: 'x-api-key', also: [{ cookie: 'sid' }] },
    ],
  },
  {
    name: 'a kind that only Basic would hide, where the field says Bearer, or a prefix',
    rules: [
      {
        name: 'it',
        if: {
          all: [
            { any: [{ credential: { kind: 'openai' } }, { credential: { prefix: 'sk-ant-' } }] },
            { header: { authorization: { prefix: 'Bearer ' } } },
            { credential: { matches: '^sk-ant-oat' } },
          ],
        },
        reject: 401,
      },
    ],
  },
  {
    name: 'Basic, where a field that says Bearer would do too',
    rules: [
      'if not credential scheme basic use none',
      {
        name: 'it',
        if: {
          any: [
            { header: { authorization: { prefix: 'Bearer ' } } },
            { any: [{ header: { team: 'a' } }, { credential: { present: true } }] },
          ],
        },
        reject: 401,
      },
    ],
  },
  {
    name: 'what is not Basic, where a branch before asks for it',
    rules: [
      'if not credential scheme basic use none',
      {
        name: 'it',
        if: {
          all: [
            { not: { header: { authorization: { prefix: 'Bearer ' } } } },
            { credential: { prefix: 'sk-ant-' } },
          ],
        },
        use: 'none',
        else: { reject: 401 },
      },
    ],
  },
]

test.each(beside)('a request is found that shows $name', ({ rules }) => {
  const { config } = loadSmall({
    version: 1,
    upstreams: { one: 'https://one.example.com' },
    routes: [route('a', ...rules)],
  })
  const world = config && createWorld(config, SOURCES)
  const { unreached } = measureCoverage([], world as World)
  const own = unreached.filter(({ rule }) => rule === 'it')
  expect(own.length).toBeGreaterThan(0)
  expect(own.filter(({ request }) => request === null)).toEqual([])
})

const asked: readonly {
  readonly name: string
  readonly from?: readonly string[]
  readonly if: object
  readonly headers: readonly string[]
}[] = [
  {
    name: 'the whole text of a header that holds it',
    from: ['x-own-key', 'cookie sid'],
    if: { header: { 'x-own-key': 'zz-TEST' }, credential: { present: true } },
    headers: ['x-own-key', 'zz-TEST'],
  },
  {
    name: 'that the header that holds it does not start with a scheme',
    if: {
      all: [
        { credential: { kind: 'anthropic-oauth', source: 'authorization' } },
        { not: { header: { authorization: { prefix: 'Bearer ' } } } },
      ],
    },
    headers: ['authorization', 'bearer sk-ant-oat'],
  },
  {
    name: 'more than a space behind a word, as white space at its end is no part of a field',
    if: { header: { 'x-note': { prefix: 'Bearer ' } }, credential: { present: false } },
    headers: ['x-note', 'Bearer x'],
  },
  {
    name: 'a scheme in small letters',
    if: { header: { authorization: { prefix: 'bearer ' } }, credential: { prefix: 'hk-' } },
    headers: ['authorization', 'bearer hk-'],
  },
  {
    name: 'how the field of a Basic credential ends',
    if: { header: { authorization: { suffix: 'Q==' } }, credential: { scheme: 'basic' } },
    headers: ['authorization', 'Basic Q=='],
  },
  {
    name: 'that another header is not there',
    from: ['x-own-key', 'authorization'],
    if: { header: { authorization: { present: false } }, credential: { present: true } },
    headers: ['x-own-key', 'x'],
  },
  {
    name: 'the text of the header of cookies',
    from: ['cookie sid'],
    if: { header: { cookie: { prefix: 'sid=hk-' } }, credential: { present: true } },
    headers: ['cookie', 'sid=hk-'],
  },
]

test.each(asked)('a request shows a credential and, beside it, $name', (row) => {
  const { config } = loadSmall({
    version: 1,
    upstreams: { one: 'https://one.example.com' },
    routes: [
      {
        ...route('a', { name: 'it', if: row.if, use: 'none' }),
        ...(row.from === undefined ? {} : { credential: { from: row.from } }),
      },
    ],
  })
  const world = config && createWorld(config, SOURCES)
  const { unreached } = measureCoverage([], world as World)
  const found = unreached.find(({ rule }) => rule === 'it')
  expect(found?.request?.headers.slice(2)).toEqual(row.headers)
})

test('a credential is in no header that is not there', () => {
  const { diagnostics } = loadSmall({
    version: 1,
    upstreams: { one: 'https://one.example.com' },
    routes: [
      route('a', {
        if: {
          credential: { source: 'authorization' },
          header: { authorization: { present: false } },
        },
        use: 'none',
      }),
    ],
  })
  expect(diagnostics.map(({ code }) => code)).toContain('never-holds')
})

test('a credential that may only go along is not the one that conditions ask for', () => {
  const { config } = loadSmall({
    version: 1,
    upstreams: { one: 'https://one.example.com' },
    routes: [
      route(
        'a',
        { name: 'it', if: { credential: { source: 'cookie sid' } }, reject: 401 },
        {
          use: 'x-api-key',
          also: [{ cookie: 'sid' }],
        },
      ),
    ],
  })
  const { unreached } = measureCoverage([], createWorld(config as NormalConfig, SOURCES))
  const found = unreached.find(({ rule }) => rule === 'it')
  expect(found).toMatchObject({ request: null, isNever: true })
})

test('a request that is shown says that a client has to show its token', () => {
  const { diagnostics } = loadSmall({
    version: 1,
    clients: { tokens: { ci: { file: 'ci.sha256' } } },
    upstreams: { one: 'https://one.example.com' },
    routes: [route('a', 'if path /b/* use x-api-key')],
  })
  const found = diagnostics.find(({ code }) => code === 'unreachable-rule')
  expect(found?.witness).toBe("curl http://127.0.0.1:8080/b # with a client's token")
})
