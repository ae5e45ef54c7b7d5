import { expect, test } from 'vitest'
import { measureCoverage } from '../../src/proof/coverage.ts'
import { createWorld, type World } from '../../src/proof/world.ts'
import { loadSmall, SOURCES } from './oracle-cases.ts'

interface Row {
  readonly name: string
  readonly clients?: object
  readonly from?: readonly string[]
  readonly rules: readonly object[]
  readonly branch?: 'then' | 'else'
  /** The request's method, target and fields but for its host. */
  readonly request: readonly string[]
}

const TOKENS = { ci: { file: 'ci.sha256' } }
const PRESENT = { present: true }
const ABSENT = { present: false }

const rows: readonly Row[] = [
  {
    name: 'a credential beside a header that another branch of a condition leaves out',
    rules: [
      {
        if: {
          all: [
            {
              any: [
                { client: { ip: ['0.0.0.0/0', '::/0'] } },
                { header: { authorization: ABSENT } },
              ],
            },
            { host: 'y.example.com' },
          ],
        },
        use: 'none',
      },
      {
        name: 'it',
        if: { credential: { source: 'authorization' } },
        use: 'none',
        else: { reject: 403 },
      },
    ],
    branch: 'else',
    request: ['GET', '/a'],
  },
  {
    name: 'a credential of a kind in the header that must be there',
    rules: [
      { if: { header: { authorization: ABSENT } }, reject: 401 },
      { name: 'it', if: { credential: { prefix: 'sk-' } }, use: 'none' },
    ],
    request: ['GET', '/a', 'authorization', 'Bearer sk-'],
  },
  {
    name: 'the same where clients show their tokens in that header',
    clients: { required: false, header: 'authorization', tokens: TOKENS },
    rules: [
      { if: { header: { authorization: ABSENT } }, reject: 401 },
      {
        if: { credential: { source: 'authorization' }, header: { team: 'a' } },
        use: 'none',
      },
      {
        name: 'it',
        if: { any: [{ credential: { prefix: 'sk-' } }, { header: { team: 'a' } }] },
        use: 'none',
      },
    ],
    request: ['GET', '/a', 'authorization', 'sk-', 'x-api-key', 'sk-'],
  },
  {
    name: 'a token and a credential in one header',
    clients: { header: 'authorization', tokens: TOKENS },
    rules: [
      {
        name: 'it',
        if: { header: { authorization: PRESENT }, credential: { prefix: 'sk-' } },
        use: 'none',
      },
    ],
    request: ['GET', '/a', 'authorization', 'Bearer sk-', 'authorization', 'Bearer client:ci'],
  },
  {
    name: 'a token in a header in which rules see nothing',
    clients: { header: 'x-api-key', tokens: TOKENS },
    rules: [
      {
        name: 'it',
        if: { header: { 'x-api-key': ABSENT }, credential: { prefix: 'sk-' } },
        use: 'none',
      },
    ],
    request: ['GET', '/a', 'authorization', 'Bearer sk-', 'x-api-key', 'client:ci'],
  },
  {
    name: 'one credential in two headers that must both be there',
    rules: [
      {
        name: 'it',
        if: {
          header: { authorization: PRESENT, 'x-api-key': PRESENT },
          credential: { prefix: 'sk-' },
        },
        use: 'none',
      },
    ],
    request: ['GET', '/a', 'x-api-key', 'sk-', 'authorization', 'Bearer sk-'],
  },
  {
    name: 'one credential of which two headers ask something',
    rules: [
      {
        name: 'it',
        if: {
          header: { authorization: { prefix: 'Bearer sk-' }, 'x-api-key': { suffix: 'z' } },
        },
        use: 'none',
      },
    ],
    request: ['GET', '/a', 'x-api-key', 'sk-z', 'authorization', 'Bearer sk-z'],
  },
  {
    name: 'one credential in a parameter and a header',
    from: ['authorization', 'query key'],
    rules: [
      {
        name: 'it',
        if: { header: { authorization: PRESENT }, query: { key: { contains: 'zz' } } },
        use: 'none',
      },
    ],
    request: ['GET', '/a?key=zz', 'authorization', 'Bearer zz'],
  },
  {
    name: 'a preflight without a token, with a credential in the header that must be there',
    clients: { preflight: 'open', header: 'x-keyway-token', tokens: TOKENS },
    rules: [
      { if: { client: { name: PRESENT } }, use: 'none' },
      { if: { header: { authorization: ABSENT } }, reject: 401 },
      { name: 'it', if: { credential: { prefix: 'sk-' } }, use: 'none' },
    ],
    request: [
      'OPTIONS',
      '/a',
      'access-control-request-method',
      'x',
      'origin',
      'http://localhost',
      'authorization',
      'Bearer sk-',
    ],
  },
]

test.each(rows)('a request is written that gets to a rule: $name', (row) => {
  const { clients, from, rules, branch = 'then', request } = row
  const { config, diagnostics } = loadSmall({
    version: 1,
    ...(clients === undefined ? {} : { clients }),
    upstreams: { one: 'https://one.example.com' },
    routes: [
      {
        name: 'a',
        match: { path: '/a/*' },
        upstream: 'one',
        ...(from === undefined ? {} : { credential: { from } }),
        rules,
      },
    ],
  })
  const world = config && createWorld(config, SOURCES)
  expect(world, JSON.stringify(diagnostics)).not.toBe(null)
  const { unreached } = measureCoverage([], world as World)
  const found = unreached.find((one) => one.rule === 'it' && one.branch === branch)?.request
  const { method, target, headers = [] } = found ?? {}
  expect([method, target, ...headers.slice(2)]).toEqual(request)
})
