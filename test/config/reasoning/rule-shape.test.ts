import { expect, test } from 'vitest'
import type { JudgedRule } from '../../../src/config/checks/reasoning/judge-rules.ts'
import { shapeOf } from '../../../src/config/checks/reasoning/rule-shape.ts'
import { normalizeCondition } from '../../../src/config/normalize/normalize-condition.ts'
import { normalizeMatch } from '../../../src/config/normalize/normalize-match.ts'
import type { Condition, Route } from '../../../src/config/shapes/config.generated.ts'

const judged = (condition: Condition): JudgedRule => ({
  condition: normalizeCondition(condition),
  isFinal: true,
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
