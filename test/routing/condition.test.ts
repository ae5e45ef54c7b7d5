import { describe, expect, test } from 'vitest'
import { normalizeCondition } from '../../src/config/normalize/normalize-condition.ts'
import type { Condition } from '../../src/config/shapes/config.generated.ts'
import { compileText, view } from '../support/compile-text.ts'

const KEY = 'sk-ant-api03-FAKE1234'

/** A rule with this condition, as it is explained for one request. */
function explained(condition: Condition, headers: readonly string[] = []) {
  const { table } = compileText(`version: 1
clients: { required: false, tokens: { ci: { file: ci } } }
upstreams: { up: { url: https://up.test, accepts: [unknown, anthropic-api-key] } }
routes:
  - name: r
    match: { path: /* }
    upstream: up
    rules: [{ if: ${JSON.stringify(condition)}, response: { set: { x-a: b } } }]
`)
  const asked = view('/a/%62?q=one&q=two&e=', ['X-A', 'red', 'x-api-key', KEY, ...headers])
  return table.explain(asked).rules[0]?.condition
}

const holding: readonly (readonly [Condition, string])[] = [
  [{ method: 'GET' }, 'method is GET'],
  [{ method: ['POST', 'GET'] }, 'method is one of POST, GET'],
  [{ path: '/a/b' }, 'path /a/b'],
  [{ path: '/a/*' }, 'path /a/*'],
  [{ path: { suffix: '/b' } }, 'path suffix /b'],
  [{ path: { prefix: '/a', contains: '/' } }, 'path prefix /a and contains /'],
  [{ host: 'LocalHost' }, 'host is localhost'],
  [{ header: { 'X-A': 'red' } }, 'header x-a is red'],
  [{ header: { 'x-a': { matches: '^r' } } }, 'header x-a matches ^r'],
  [{ header: { 'x-a': { present: true } } }, 'header x-a is present'],
  [{ header: { 'x-b': { present: false } } }, 'header x-b is absent'],
  [{ query: { q: 'one' } }, 'query q is one'],
  [{ query: { e: { equals: '' } } }, 'query e is '],
  [{ client: { ip: ['10.0.0.0/8', '192.0.2.0/24'] } }, 'client ip in 10.0.0.0/8, 192.0.2.0/24'],
  [
    { credential: { kind: ['openai', 'anthropic-api-key'] } },
    'credential kind openai or anthropic-api-key',
  ],
  [{ credential: { source: 'x-api-key' } }, 'credential source x-api-key'],
  [{ credential: { scheme: 'none' } }, 'credential scheme none'],
  [{ credential: { prefix: 'sk-ant-' } }, 'credential prefix sk-ant-'],
  [{ any: [{ method: 'POST' }, { method: 'GET' }] }, 'method is POST or method is GET'],
  [{ all: [{ method: 'GET' }, { path: '/a/b' }] }, 'method is GET and path /a/b'],
  [{ not: { method: 'POST' } }, 'not (method is POST)'],
  [
    { any: [{ all: [{ method: 'GET' }, { path: '/x' }] }, { host: 'localhost' }] },
    '(method is GET and path /x) or host is localhost',
  ],
]

test.each(holding)('%j holds', (condition, description) => {
  expect(explained(condition)).toMatchObject({ description, holds: true, observed: null })
})

const failing: readonly (readonly [Condition, string | null])[] = [
  [{ method: 'POST' }, 'method is GET'],
  [{ path: '/b' }, 'path is /a/b'],
  [{ path: { suffix: '/a' } }, 'path is /a/b'],
  [{ path: { prefix: '/a', contains: 'x' } }, 'path is /a/b'],
  [{ host: 'other' }, 'host is localhost'],
  [{ header: { 'x-a': 'blue' } }, 'there is another x-a'],
  [{ header: { 'x-b': 'blue' } }, 'there is no x-b'],
  [{ header: { 'x-a': { present: false } } }, 'there is another x-a'],
  [{ query: { q: 'two' } }, 'query q is another'],
  [{ query: { other: 'x' } }, 'there is no query other'],
  [{ client: { ip: '10.0.0.0/8' } }, 'client ip is 192.0.2.7'],
  [{ client: { name: 'ci' } }, 'client name is absent'],
  [{ credential: { kind: 'openai' } }, 'credential kind is anthropic-api-key'],
  [{ credential: { source: 'api-key' } }, 'credential source is x-api-key'],
  [{ credential: { scheme: 'bearer' } }, 'credential scheme is none'],
  [{ credential: { prefix: 'sk-x' } }, 'the credential is of kind anthropic-api-key'],
  [{ not: { method: 'GET' } }, null],
  [{ all: [{ method: 'GET' }, { path: '/b' }] }, null],
  [{ all: [{ method: 'GET' }, { host: 'localhost' }, { path: '/b' }] }, null],
  [{ any: [{ method: 'PUT' }, { method: 'POST' }] }, null],
]

test.each(failing)('%j does not hold', (condition, observed) => {
  expect(explained(condition)).toMatchObject({ holds: false, observed })
})

test('without a credential nothing holds that is said of one', () => {
  const { table } = compileText(`version: 1
upstreams: { up: { url: https://up.test, accepts: [unknown] } }
routes:
  - name: r
    match: { path: /* }
    upstream: up
    rules:
      - { if: { credential: { prefix: a } }, use: none, continue: true }
      - { if: { credential: { kind: openai } }, use: none, continue: true }
      - { if: { credential: { scheme: none } }, use: none, continue: true }
      - { if: { credential: { source: x-api-key } }, use: none, continue: true }
      - { if: { credential: { present: false } }, reject: 418 }
`)
  const { rules } = table.explain(view('/'))
  expect(rules.map(({ verdict, condition }) => [verdict, condition?.observed])).toEqual([
    ['passed over', 'there is no credential'],
    ['passed over', 'credential kind is absent'],
    ['passed over', 'credential scheme is absent'],
    ['passed over', 'credential source is absent'],
    ['held', null],
  ])
})

describe('a condition of one part is that part', () => {
  test('with its truth', () => {
    expect(normalizeCondition({ all: [{ method: 'GET' }] })).toEqual({
      type: 'method',
      matcher: { equals: 'GET' },
    })
    expect(explained({ any: [{ method: 'GET' }] })).toMatchObject({ holds: true, parts: [] })
  })
})

test.each<{ name: string; value: object | string }>([
  { name: 'all of them', value: 'one, two' },
  { name: 'the first', value: { prefix: 'one' } },
  { name: 'the last', value: { suffix: 'two' } },
])('a condition on a field that came twice sees $name', ({ value }) => {
  const { table } = compileText(`version: 1
upstreams: { up: https://up.test }
routes:
  - name: r
    match: { path: /* }
    upstream: up
    rules: [{ if: { header: { x-b: ${JSON.stringify(value)} } }, reject: 403 }]
`)
  expect(table.decide(view('/', ['X-B', 'one', 'x-b', 'two']))).toMatchObject({ status: 403 })
  expect(table.decide(view('/', ['X-B', 'neither']))).toMatchObject({ action: 'forward' })
})
