import { describe, expect, test } from 'vitest'
import { outcomeOf } from '../support/outcome.ts'

const routeWith = (route: string, server = ''): string => `
server: { listen: 127.0.0.1:8080${server} }
upstreams: { up: { url: https://up.example, accepts: [unknown] } }
routes: [{ name: r, match: { path: /* }, upstream: up, ${route} }]`

/** The fields that leave for an upstream, with these sent. */
const left = (route: string, headers: readonly string[], server = ''): string[] =>
  outcomeOf(routeWith(route, server), { headers }).slice(1) as string[]

describe('a field that CGI-style servers would take for another', () => {
  const spoken = `
    match: { path: /*, headers: { x-m: { present: true } } },
    request: { set: { x-set: a }, add: { x-add: a }, append: { x-append: a }, rename: { x-from: x-to }, remove: [x-remove] }`
  const file = `
upstreams: { up: { url: https://up.example, accepts: [unknown] } }
clients: { header: [x-client, authorization], required: false, tokens: { ci: { file: ci } } }
routes:
  - {${spoken},
    name: r, upstream: up,
    rules: [
      { if: { not: { header: { x-not: a } } }, use: none, continue: true },
      { if: { all: [{ header: { x-all: a } }, { any: [{ header: { x-any: a } }, { method: PUT }] }] }, use: none, continue: true },
      { if: { header: { x-if: a } }, request: { set: { x-then: a } }, else: { request: { set: { x-else: a } } } },
    ] }`
  test.each([
    'X_M',
    'X_Set',
    'X_Add',
    'X_Append',
    'X_From',
    'X_To',
    'X_Remove',
    'X_If',
    'X_Then',
    'X_Else',
    'X_Not',
    'X_All',
    'X_Any',
    'X_Client',
    'X_Api_Key',
    'X_Forwarded_For',
    'X_Request_Id',
    'Content_Length',
    'Transfer_Encoding',
    'CDN_Loop',
    'Proxy_Authorization',
  ])('%s goes nowhere', (name) => {
    const found = outcomeOf(file, { headers: ['X-M', '1', name, 'FAKE', 'X_Other', '2'] })
    expect(found).toContain('X_Other: 2')
    expect(found.toString()).not.toContain('FAKE')
  })

  test('goes on where the file says so', () => {
    const keep = ', underscores: keep'
    const sent = ['X_Api_Key', 'a', 'X_Set', 'b', 'Via_', 'c']
    expect(left('request: { set: { x-set: "1" } }', sent, keep)).toEqual([
      'X_Api_Key: a',
      'X_Set: b',
      'Via_: c',
      'x-set: 1',
    ])
  })
})

describe('fields that other proxies write', () => {
  const sent = ['X-Real-IP', '10.0.0.1', 'X_Real_IP', '10.0.0.2', 'A', '1']
  test('are believed of nobody', () => {
    expect(left('', sent)).toEqual(['A: 1'])
  })
  test('but of a trusted peer', () => {
    expect(left('', sent, ', trust: [192.0.2.7]')).toEqual([
      'X-Real-IP: 10.0.0.1',
      'X_Real_IP: 10.0.0.2',
      'A: 1',
    ])
  })
})

describe('Connection', () => {
  test.each([
    ['close', ['A: 1', 'Keep: 2']],
    ['keep-alive', ['A: 1', 'Keep: 2']],
    ['A', ['Keep: 2']],
    ['keep, a', []],
    ['Keep ,\ta', []],
    ['host', ['A: 1', 'Keep: 2']],
  ])('%j', (value, wanted) => {
    expect(left('', ['Connection', value, 'A', '1', 'Keep', '2'])).toEqual(wanted)
  })

  test('keep-alive names no field', () => {
    const more = ['Close', '1', 'Keep_', '2']
    expect(left('', ['Connection', 'close', ...more])).toEqual(['Close: 1', 'Keep_: 2'])
  })
})

describe('Host', () => {
  test.each([
    ['nothing is said', '', []],
    ['preserve', 'request: { host: preserve }', ['Host: localhost']],
    ['a name', 'request: { host: other.example }', ['Host: other.example']],
    [
      'a rule says it last',
      'request: { host: other.example }, rules: [{ request: { host: preserve } }]',
      ['Host: localhost'],
    ],
    [
      'a rule that says nothing of it',
      'request: { host: other.example }, rules: [{ request: { set: { a: b } } }]',
      ['Host: other.example', 'a: b'],
    ],
  ])('%s', (_, route, wanted) => {
    expect(left(route, [])).toEqual(wanted)
  })

  test('of a request that has none', () => {
    const more = { headers: ['A', '1'] }
    const found = outcomeOf(routeWith('request: { host: preserve }'), { more })
    expect(found).toEqual(['/', 'A: 1'])
  })
})

describe('Via', () => {
  test('is written with the version that the request came by', () => {
    const file = routeWith('', ', via: edge')
    const of = (httpVersion?: string) =>
      outcomeOf(file, { more: httpVersion === undefined ? {} : { httpVersion } })
    expect(of()).toEqual(['/', 'Via: 1.1 edge'])
    expect(of('2')).toEqual(['/', 'Via: 2 edge'])
  })
})

describe('header operations', () => {
  test.each([
    ['remove', '{ remove: [X-Debug-A] }', ['X-Debug-B: 2', 'X-Debugger: 3', 'Debug-X-: 4']],
    ['remove all that begin so', '{ remove: [X-Debug-*] }', ['X-Debugger: 3', 'Debug-X-: 4']],
    ['remove both ways', '{ remove: [x-debug-*, debug-x-] }', ['X-Debugger: 3']],
    [
      'rename',
      '{ rename: { x-debug-a: X-New } }',
      ['X-New: 1', 'X-Debug-B: 2', 'X-Debugger: 3', 'Debug-X-: 4'],
    ],
  ])('%s', (_, request, wanted) => {
    const sent = ['X-Debug-A', '1', 'X-Debug-B', '2', 'X-Debugger', '3', 'Debug-X-', '4']
    expect(left(`request: ${request}`, sent)).toEqual(wanted)
  })

  test('a value that no field may hold stops the request, whatever the operation', () => {
    for (const operation of ['set', 'add', 'append']) {
      const route = `rules: [{ if: { query: { q: { matches: '(?<q>.*)' } } }, request: { ${operation}: { x-q: 'a\${capture.q}' } } }]`
      const of = (target: string) => outcomeOf(routeWith(route), { target })
      expect(of('/?q=%e2%82%ac')).toBe('400 bad_value')
      expect(of('/?q=%7f')).toBe('400 bad_value')
      expect(of('/?q=%09b')).toEqual(['/?q=%09b', 'x-q: a\tb'])
    }
  })

  test('a secret that is to be added is not asked for where the field stands already', () => {
    const file = `secrets: { s: { env: S } }\n${routeWith("request: { add: { x-a: '${secret.s}' } }")}`
    const options = { readSecret: () => null }
    expect(outcomeOf(file, { options })).toBe('503 secret_unavailable')
    expect(outcomeOf(file, { options, headers: ['X-A', '1'] })).toEqual(['/', 'X-A: 1'])
  })
})
