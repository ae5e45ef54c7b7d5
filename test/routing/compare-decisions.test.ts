import { describe, expect, test } from 'vitest'
import { compareDecisions } from '../../src/routing/decide/explain/compare-decisions.ts'
import { shadowTable } from '../../src/routing/decide/explain/shadow.ts'
import type { RouteTable } from '../../src/routing/route-table.ts'
import { compileText, view } from '../support/compile-text.ts'

const tableOf = (route: string): RouteTable =>
  compileText(`version: 1
upstreams:
  one: { url: https://one.test, accepts: [unknown] }
  two: { targets: ['https://a.test', 'https://b.test'], accepts: [unknown] }
routes: [{ match: { path: /* }, ${route} }]
`).table

const ASKED = view('/a?b=c', ['x-api-key', 'k-TEST', 'X-A', '1', 'x-a', '2'])
const BEFORE = 'name: r, upstream: one'

/** Each difference as `WHAT: BEFORE → AFTER`. */
const differences = (before: string, after: string): string[] =>
  compareDecisions(tableOf(before).decide(ASKED), tableOf(after).decide(ASKED)).map(
    ({ what, before, after }) => `${what}: ${before} → ${after}`,
  )

describe('two decisions differ in', () => {
  test.each([
    ['nothing', BEFORE, []],
    ['the route', 'name: s, upstream: one', ['route: r → s']],
    ['the rule', `${BEFORE}, rules: [{ name: n, response: { remove: [x] } }]`, ['rule: none → n']],
    [
      'the upstream',
      'name: r, upstream: two',
      ['upstream: https://one.test → https://a.test https://b.test'],
    ],
    ['the path', `${BEFORE}, rewrite: { prefix: /p }`, ['path: /a → /p/a']],
    ['a value', `${BEFORE}, request: { set: { x-a: '9' } }`, ['header x-a: one value → another']],
    [
      'one value of two',
      `${BEFORE}, request: { append: { x-a: '9' } }`,
      ['header x-a: one value → another'],
    ],
    [
      'a header that comes',
      `${BEFORE}, request: { set: { x-b: '1' } }`,
      ['header x-b: absent → present'],
    ],
    [
      'a header that goes',
      `${BEFORE}, request: { remove: [x-a] }`,
      ['header x-a: present → absent'],
    ],
    ['the answer', 'name: r, reject: 410', ['answer: forwarded → 410 rejected']],
    [
      'where the credential stands',
      `${BEFORE}, rules: [use query key]`,
      ['rule: none → rules[0]', 'query: one → another', 'header x-api-key: present → absent'],
    ],
  ])('%s', (_, after, wanted) => {
    expect(differences(BEFORE, after)).toEqual(wanted)
  })

  test('not where several values are the same', () => {
    const twice = `${BEFORE}, request: { append: { x-a: '2' } }`
    expect(differences(twice, twice)).toEqual([])
    expect(differences(twice, `${BEFORE}, request: { append: { x-a: '1' } }`)).toEqual([
      'header x-a: one value → another',
    ])
  })

  test('the answer alone, where both refuse', () => {
    expect(differences('name: r, reject: 410', 'name: r, reject: 404')).toEqual([
      'answer: 410 rejected → 404 rejected',
    ])
    expect(differences('name: r, reject: 410', BEFORE)).toEqual([
      'answer: 410 rejected → forwarded',
    ])
  })
})

test('a table with a shadow decides as it did, and tells where the shadow would not', () => {
  const told: unknown[] = []
  const live = tableOf(BEFORE)
  const shadow = tableOf('name: s, upstream: one')
  const table = shadowTable(
    live,
    () => shadow,
    (found, decision, request) => told.push([found, decision.route, request.target]),
  )
  expect(table.decide(ASKED)).toMatchObject({ action: 'forward', route: 'r' })
  expect(told).toEqual([[[{ what: 'route', before: 'r', after: 's' }], 'r', '/a?b=c']])
  shadowTable(
    live,
    () => live,
    () => told.push('never'),
  ).decide(ASKED)
  expect(told.length).toBe(1)
})
