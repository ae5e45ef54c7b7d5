import { describe, expect, test } from 'vitest'
import { not } from '../../../src/config/checks/reasoning/formula.ts'
import { findAddress, parseNetwork } from '../../../src/config/checks/reasoning/networks.ts'
import { createReasoner } from '../../../src/config/checks/reasoning/reasoner.ts'
import { showRequest } from '../../../src/config/checks/reasoning/request/show-request.ts'
import { witnessOf } from '../../../src/config/checks/reasoning/witness.ts'
import { writeRequest } from '../../../src/config/checks/reasoning/request/write-request.ts'
import { normalizeCondition } from '../../../src/config/normalize/normalize-condition.ts'
import type { Condition } from '../../../src/config/shapes/config.generated.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'
import { compileText, view } from '../../support/compile-text.ts'

const reasonerOf = () =>
  createReasoner({ kinds: loadCatalogue().kinds, clients: null, schemes: 'where named' })

/** A request for which a condition holds, as the finding about it shows it. */
function shown(condition: Condition, but?: Condition): string | undefined {
  const reasoner = reasonerOf()
  const formula = (one: Condition) => reasoner.formulaOf(normalizeCondition(one))
  const others = but === undefined ? [] : [not(formula(but))]
  return showRequest(reasoner, formula(condition), ...others).witness
}

/** A command that asks on this machine. */
const curl = (words: string, target = '/'): string =>
  `curl ${words === '' ? '' : `${words} `}http://127.0.0.1:8080${target}`

/** Whether the rule with the condition holds for the request that is written for it. */
function isHeld(condition: Condition): boolean {
  const reasoner = reasonerOf()
  const solution = reasoner.solve(reasoner.formulaOf(normalizeCondition(condition)))
  if (solution.verdict !== 'yes') throw new Error(solution.verdict)
  const request = writeRequest(solution.facts, reasoner)
  if (request === null) throw new Error('not written')
  const { table } = compileText(
    JSON.stringify({
      version: 1,
      upstreams: { up: 'https://up.test' },
      routes: [
        {
          name: 'r',
          match: { path: '/*' },
          paths: 'exact',
          credential: { from: ['authorization', 'x-api-key', 'api-key', 'query key'] },
          upstream: 'up',
          rules: [{ if: condition, reject: 418 }],
        },
      ],
    }),
  )
  const { method, target, headers, peerIp } = request
  return (
    (table.decide(view(target, [], { method, headers, peerIp })) as { status?: number }).status ===
    418
  )
}

const conditions: readonly (readonly [name: string, condition: Condition, witness: string])[] = [
  ['a method', { method: 'PUT' }, curl('-X PUT')],
  ['no usual method', { not: { method: ['GET', 'POST'] } }, curl('-X PUT')],
  ['a method of a prefix', { method: { prefix: 'PAT' } }, curl('-X PAT')],
  ['a path', { path: '/a/b' }, curl('', '/a/b')],
  ['a path with a parameter', { path: '/a/:id/b' }, curl('', '/a/x/b')],
  ['a path below another', { path: '/a/*' }, curl('', '/a')],
  ['a path by its end', { path: { suffix: '.json' } }, curl('', '/.json')],
  ['a host', { host: 'api.example.com' }, curl("-H 'host: api.example.com'")],
  ['a host by its end', { host: { suffix: '.example.com' } }, curl("-H 'host: x.example.com'")],
  ['another host', { not: { host: { contains: 'x' } } }, curl("-H 'host: localhost'")],
  ['a header', { header: { 'x-a': 'red' } }, curl("-H 'x-a: red'")],
  ['a header that is there', { header: { 'x-a': { present: true } } }, curl("-H 'x-a: x'")],
  ['a header that is not there', { header: { 'x-a': { present: false } } }, curl('')],
  ['another header', { not: { header: { 'x-a': 'red' } } }, curl('')],
  [
    'a header that is there, and not empty',
    { all: [{ header: { 'x-a': { present: true } } }, { not: { header: { 'x-a': '' } } }] },
    curl("-H 'x-a: x'"),
  ],
  ['a parameter', { query: { q: 'a b&c' } }, "curl 'http://127.0.0.1:8080/?q=a%20b%26c'"],
  ['an address', { client: { ip: '10.1.2.0/24' } }, `${curl('')} # from 10.1.2.0`],
  [
    'a credential by its beginning',
    { credential: { prefix: 'sk-' } },
    curl("-H 'authorization: Bearer sk-'"),
  ],
  [
    'a credential of a kind',
    { credential: { kind: 'anthropic-oauth' } },
    curl("-H 'authorization: Bearer sk-ant-oat'"),
  ],
  [
    'a credential of no known kind',
    { credential: { kind: 'unknown' } },
    curl("-H 'authorization: Bearer x'"),
  ],
  ['a credential in a place', { credential: { source: 'x-api-key' } }, curl("-H 'x-api-key: x'")],
  [
    'a credential in a parameter',
    { credential: { source: 'query key' } },
    "curl 'http://127.0.0.1:8080/?key=x'",
  ],
  [
    'a credential under a scheme',
    { credential: { scheme: 'token' } },
    curl("-H 'authorization: Token x'"),
  ],
  ['a bare credential', { credential: { scheme: 'none' } }, curl("-H 'authorization: x'")],
  [
    'a credential bound to its scheme',
    { credential: { scheme: 'digest' } },
    curl("-H 'authorization: Digest x'"),
  ],
  ['Basic', { credential: { scheme: 'basic' } }, curl("-H 'authorization: Basic Ong='")],
  [
    'not as Bearer',
    { all: [{ credential: { present: true } }, { not: { credential: { scheme: 'bearer' } } }] },
    curl("-H 'authorization: x'"),
  ],
  [
    'neither here nor there',
    {
      all: [
        { credential: { present: true } },
        { not: { credential: { source: ['authorization', 'x-api-key'] } } },
      ],
    },
    curl("-H 'api-key: x'"),
  ],
  ['no credential', { credential: { present: false } }, curl('')],
]

describe('a request for which a condition holds', () => {
  test.each(conditions)('%s', (_, condition, witness) => {
    expect(shown(condition)).toBe(witness)
    expect(isHeld(condition)).toBe(true)
  })
})

describe('no request is shown', () => {
  test.each<[string, Condition, Condition?]>([
    ['of what can not be', { all: [{ method: 'GET' }, { method: 'PUT' }] }],
    ['of what the other takes', { path: '/a/b' }, { path: '/a/*' }],
    ['for which a client would have to show its token', { client: { name: 'ci' } }],
    [
      'with a subprotocol, which it would have to be written into',
      { credential: { source: 'subprotocol a*' } },
    ],
  ])('%s', (_, condition, but) => {
    expect(shown(condition, but)).toBe(undefined)
  })
})

describe('a request that is written for more than its condition', () => {
  const written = (condition: Condition, extra: readonly string[]) => {
    const reasoner = reasonerOf()
    const solution = reasoner.solve(reasoner.formulaOf(normalizeCondition(condition)))
    return solution.verdict === 'yes'
      ? writeRequest(solution.facts, reasoner, { extra: { names: extra, text: 'x' } })
      : null
  }
  test('has fields that are asked for, where nothing is known of them', () => {
    expect(
      written({ header: { 'x-a': 'red', 'x-b': { present: false } } }, ['x-a', 'x-b', 'x-c']),
    ).toEqual({
      method: 'GET',
      target: '/',
      headers: ['Host', 'localhost', 'x-a', 'red', 'x-c', 'x'],
      peerIp: '127.0.0.1',
    })
  })
})

describe('an address', () => {
  const found = (wanted: readonly string[], unwanted: readonly string[] = []) =>
    findAddress({
      wanted: wanted.length === 0 ? [] : wanted.map((list) => list.split(' ').map(parseNetwork)),
      unwanted: unwanted.map((list) => list.split(' ').map(parseNetwork)),
    })
  test.each<[string, string[], string[], string | null]>([
    ['any', [], [], '127.0.0.1'],
    ['but not this', [], ['127.0.0.0/8'], '192.0.2.1'],
    ['of a network', ['172.16.0.0/12'], [], '172.16.0.0'],
    ['of a network, whose first is not meant', ['172.16.0.0/12'], ['172.16.0.0/16'], '172.17.0.0'],
    ['of two networks', ['10.0.0.0/8', '10.1.0.0/16 11.0.0.0/8'], [], '10.1.0.0'],
    ['of none of two', ['10.0.0.0/8', '11.0.0.0/8'], [], null],
    ['of nothing that is left', ['10.0.0.0/8'], ['10.0.0.0/9', '10.128.0.0/9'], null],
    ['of a network that is left', ['10.0.0.0/8'], ['10.0.0.0/9', '10.192.0.0/10'], '10.128.0.0'],
    ['of IPv6', ['2001:db8:1::/48'], [], '2001:db8:1::'],
    ['of IPv6, the same number as none of IPv4', ['::/0'], ['0.0.0.0/0'], '2001:db8::1'],
    ['of no IPv4', [], ['0.0.0.0/0'], '2001:db8::1'],
    ['of no IPv4 and not of documents', [], ['0.0.0.0/0', '2001:db8::/32'], '::'],
    ['alone', ['192.0.2.7'], [], '192.0.2.7'],
    ['but not alone', ['192.0.2.7'], ['192.0.2.7'], null],
    ['none, as a Unix socket has none', [], ['0.0.0.0/0', '::/0'], ''],
    ['the last one', ['255.255.255.254/31'], ['255.255.255.254'], '255.255.255.255'],
    ['IPv4 written as IPv6', ['::ffff:10.0.0.1'], [], '10.0.0.1'],
    ['behind IPv4 written as IPv6', ['::fffe:0:0/95'], ['::fffe:0:0/96'], null],
  ])('%s', (_, wanted, unwanted, address) => {
    expect(found(wanted, unwanted)).toBe(address)
  })

  test('is the first of its network, whatever bits are set behind', () => {
    const { first, last } = parseNetwork('10.1.2.3/16')
    expect([first, last]).toEqual([0x0a010000n, 0x0a01ffffn])
  })
})

describe('a condition in the words of an example', () => {
  test.each<[Condition, string | null]>([
    [{ method: 'PUT' }, 'method PUT'],
    [{ method: ['PUT', 'GET'] }, 'method PUT'],
    [{ path: '/a/*' }, 'path /a/…'],
    [{ path: { prefix: '/a' } }, 'path /a…'],
    [{ host: { suffix: '.test' } }, 'host ….test'],
    [{ header: { 'X-A': { contains: 'b' } } }, 'header x-a …b…'],
    [{ query: { q: { matches: '^ab-c+' } } }, 'query q ab-c…'],
    [{ query: { q: { matches: 'ab' } } }, null],
    [{ query: { q: { matches: '^[a]' } } }, null],
    [{ query: { q: { equals: '1', prefix: 'x' } } }, 'query q 1'],
    [{ credential: { prefix: 'sk-' } }, 'a credential sk-…'],
    [{ credential: { kind: ['openai', 'groq'] } }, 'a credential of kind openai'],
    [{ credential: { scheme: 'basic' } }, null],
    [{ client: { ip: '10.0.0.0/8' } }, null],
    [{ not: { method: 'GET' } }, null],
    [{ all: [{ method: 'GET' }, { path: '/a' }] }, 'method GET with path /a'],
    [{ all: [{ method: 'GET' }, { credential: { scheme: 'basic' } }] }, null],
    [{ any: [{ credential: { scheme: 'basic' } }, { path: '/a' }] }, 'path /a'],
    [{ any: [{ credential: { scheme: 'basic' } }, { not: { path: '/a' } }] }, null],
  ])('%j: %s', (condition, words) => {
    expect(witnessOf(normalizeCondition(condition))).toBe(words)
  })
})
