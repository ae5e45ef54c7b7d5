import { expect, test } from 'vitest'
import type { JudgedRule } from '../../../src/config/checks/reasoning/judge-rules.ts'
import { shapeOf } from '../../../src/config/checks/reasoning/rule-shape.ts'
import { normalizeCondition } from '../../../src/config/normalize/normalize-condition.ts'
import { normalizeMatch } from '../../../src/config/normalize/normalize-match.ts'
import type { Condition, Route } from '../../../src/config/shapes/config.generated.ts'

const judged = (condition: Condition): JudgedRule => ({
  condition: normalizeCondition(condition),
  passes: 'rest',
})

const match = (path: string): Route['match'] => ({ path })

const alike: { name: string; one: Condition; other: Condition; isAlike: boolean }[] = [
  {
    name: 'names in headers, queries and hosts',
    one: { header: { team: 'red' }, query: { key: ['x', 'y'] }, host: 'one.example.com' },
    other: { header: { team: 'blue' }, query: { key: ['y', 'z'] }, host: 'two.example.com' },
    isAlike: true,
  },
  {
    name: 'a name that stands twice, and two names',
    one: { all: [{ header: { team: 'red' } }, { header: { team: 'red' } }] },
    other: { all: [{ header: { team: 'red' } }, { header: { team: 'blue' } }] },
    isAlike: false,
  },
  {
    name: 'a name of which a pattern is asked too',
    one: { all: [{ header: { team: 'red' } }, { header: { team: { matches: '^r' } } }] },
    other: { all: [{ header: { team: 'blue' } }, { header: { team: { matches: '^r' } } }] },
    isAlike: false,
  },
  {
    name: 'another header',
    one: { header: { team: 'red' } },
    other: { header: { tenant: 'red' } },
    isAlike: false,
  },
  {
    name: 'a path that is the route’s',
    one: { path: '/one/*' },
    other: { path: '/two/*' },
    isAlike: false,
  },
  {
    name: 'names of clients, which the file lists',
    one: { client: { name: 'one' } },
    other: { client: { name: 'two' } },
    isAlike: false,
  },
  {
    name: 'values of credentials',
    one: { credential: { equals: 'one' } },
    other: { credential: { equals: 'two' } },
    isAlike: false,
  },
]

test.each(alike)('alike or not: $name', ({ one, other, isAlike }) => {
  const shape = (condition: Condition): string =>
    shapeOf([judged(condition)], normalizeMatch(match('/one/:x')))
  expect(shape(one) === shape(other)).toBe(isAlike)
})

test('rules of two routes that differ in a tenant are alike', () => {
  const shape = (tenant: string): string =>
    shapeOf(
      [judged({ path: `/${tenant}/v1/*`, header: { tenant } })],
      normalizeMatch(match(`/${tenant}/*`)),
    )
  expect(shape('one')).toBe(shape('two'))
  expect(shape('one')).not.toBe(shape('%6fne'))
})

interface Shaped {
  readonly rules: readonly Condition[]
  readonly match?: Route['match']
  readonly passes?: 'all' | 'rest' | 'held'
}

const routes: { name: string; one: Shaped; other: Shaped; isAlike: boolean }[] = [
  {
    name: 'all and any',
    one: { rules: [{ all: [{ header: { a: 'x' } }, { method: 'GET' }] }] },
    other: { rules: [{ any: [{ header: { a: 'x' } }, { method: 'GET' }] }] },
    isAlike: false,
  },
  {
    name: 'a condition and its opposite',
    one: { rules: [{ header: { a: 'x' } }] },
    other: { rules: [{ not: { header: { a: 'x' } } }] },
    isAlike: false,
  },
  {
    name: 'names under a not',
    one: { rules: [{ not: { header: { a: 'x' } } }] },
    other: { rules: [{ not: { header: { a: 'y' } } }] },
    isAlike: true,
  },
  {
    name: 'a name of which a pattern is asked under a not',
    one: { rules: [{ header: { a: 'x' } }, { not: { header: { a: { suffix: 'x' } } } }] },
    other: { rules: [{ header: { a: 'y' } }, { not: { header: { a: { suffix: 'x' } } } }] },
    isAlike: false,
  },
  {
    name: 'a rule that ends the search and one that does not',
    one: { rules: [{ header: { a: 'x' } }] },
    other: { rules: [{ header: { a: 'x' } }], passes: 'all' },
    isAlike: false,
  },
  {
    name: 'one rule and two',
    one: { rules: [{ header: { a: 'x' } }] },
    other: { rules: [{ header: { a: 'x' } }, { header: { a: 'x' } }] },
    isAlike: false,
  },
  {
    name: 'a header and a parameter',
    one: { rules: [{ header: { a: 'x' } }] },
    other: { rules: [{ query: { a: 'x' } }] },
    isAlike: false,
  },
  {
    name: 'a method and another',
    one: { rules: [{ method: 'GET' }] },
    other: { rules: [{ method: 'PUT' }] },
    isAlike: false,
  },
  {
    name: 'a list and one that says a name twice',
    one: { rules: [{ header: { a: ['x', 'y'] } }] },
    other: { rules: [{ header: { a: ['x', 'x'] } }] },
    isAlike: false,
  },
  {
    name: 'a name, and one that a part of a text may be',
    one: { rules: [{ header: { a: { equals: 'x' } } }] },
    other: { rules: [{ header: { a: { prefix: 'x' } } }] },
    isAlike: false,
  },
  {
    name: 'texts that are no plain names',
    one: { rules: [{ header: { a: 'x y' } }] },
    other: { rules: [{ header: { a: 'x z' } }] },
    isAlike: false,
  },
  {
    name: 'methods of the route',
    one: { rules: [{ method: 'GET' }], match: { path: '/a', methods: ['GET'] } },
    other: { rules: [{ method: 'GET' }], match: { path: '/a', methods: ['PUT'] } },
    isAlike: false,
  },
  {
    name: 'names in headers of the route',
    one: { rules: [{ header: { a: 'x' } }], match: { path: '/a', headers: { a: 'x' } } },
    other: { rules: [{ header: { a: 'y' } }], match: { path: '/a', headers: { a: 'y' } } },
    isAlike: true,
  },
  {
    name: 'the name that the route asks for, and another',
    one: { rules: [{ header: { a: 'x' } }], match: { path: '/a', headers: { a: 'x' } } },
    other: { rules: [{ header: { a: 'y' } }], match: { path: '/a', headers: { a: 'x' } } },
    isAlike: false,
  },
  {
    name: 'names of which the route asks a pattern',
    one: {
      rules: [{ header: { a: 'x' } }],
      match: { path: '/a', headers: { a: { matches: 'x' } } },
    },
    other: {
      rules: [{ header: { a: 'y' } }],
      match: { path: '/a', headers: { a: { matches: 'x' } } },
    },
    isAlike: false,
  },
  {
    name: 'hosts of the route',
    one: { rules: [{ host: 'x.test' }], match: { path: '/a', hosts: ['x.test'] } },
    other: { rules: [{ host: 'y.test' }], match: { path: '/a', hosts: ['y.test'] } },
    isAlike: true,
  },
  {
    name: 'hosts of the route beside all below one',
    one: { rules: [{ host: 'x.test' }], match: { path: '/a', hosts: ['x.test', '*.test'] } },
    other: { rules: [{ host: 'y.test' }], match: { path: '/a', hosts: ['y.test', '*.test'] } },
    isAlike: false,
  },
  {
    name: 'a path and all below it',
    one: { rules: [{ path: '/a' }], match: { path: '/a' } },
    other: { rules: [{ path: '/a' }], match: { path: '/a/*' } },
    isAlike: false,
  },
  {
    name: 'names of parameters',
    one: { rules: [{ path: '/a/:x' }], match: { path: '/a/:x' } },
    other: { rules: [{ path: '/b/:y' }], match: { path: '/b/:z' } },
    isAlike: true,
  },
  {
    name: 'a parameter and a name',
    one: { rules: [{ path: '/a/:x' }], match: { path: '/a/*' } },
    other: { rules: [{ path: '/a/x' }], match: { path: '/a/*' } },
    isAlike: false,
  },
  {
    name: 'paths of which a beginning is asked',
    one: { rules: [{ path: { prefix: '/a' } }], match: { path: '/a/*' } },
    other: { rules: [{ path: { prefix: '/a' } }], match: { path: '/b/*' } },
    isAlike: false,
  },
]

test.each(routes)('rules of routes are alike or not: $name', ({ one, other, isAlike }) => {
  const shape = ({ rules, match: where = { path: '/*' }, passes = 'rest' }: Shaped): string =>
    shapeOf(
      rules.map((condition) => ({ condition: normalizeCondition(condition), passes })),
      normalizeMatch(where),
    )
  expect(shape(one) === shape(other)).toBe(isAlike)
})
