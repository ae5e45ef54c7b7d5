import { expect, test } from 'vitest'
import { createAccessNames } from '../../src/observability/access-names.ts'
import { RECORD } from '../support/sample-record.ts'

test('names are written once for the requests of a route that have them in common', () => {
  const namesOf = createAccessNames()
  const { way, who } = namesOf(RECORD)
  expect(way).toBe('"route":"chat","rule":"keys","upstream":"one"')
  expect(who).toBe('"credentialKind":"openai","client":"ci"')
  expect(namesOf({ ...RECORD, id: 'id-2', path: '/other', status: 500 })).toBe(namesOf(RECORD))
})

test.each([
  { name: 'rule', parts: { rule: null } },
  { name: 'upstream', parts: { upstream: 'two' } },
  { name: 'credentialKind', parts: { credentialKind: 'anthropic-oauth' } },
  { name: 'client', parts: { client: 'laptop' } },
  { name: 'route', parts: { route: null } },
])('a request of another $name has names of its own', ({ parts }) => {
  const namesOf = createAccessNames()
  namesOf(RECORD)
  const { way, who } = namesOf({ ...RECORD, ...parts })
  const { route, rule, upstream, credentialKind, client } = { ...RECORD, ...parts }
  expect(JSON.parse(`{${way},${who}}`)).toEqual({ route, rule, upstream, credentialKind, client })
  expect(namesOf(RECORD).way).toBe('"route":"chat","rule":"keys","upstream":"one"')
})

test('names are escaped', () => {
  const { way } = createAccessNames()({ ...RECORD, route: '","x":"\n' })
  expect(way).toBe('"route":"\\",\\"x\\":\\"\\n","rule":"keys","upstream":"one"')
})

test('no more routes are remembered than there is room for', () => {
  const namesOf = createAccessNames(2)
  const ofRoute = (route: string) => namesOf({ ...RECORD, route })
  const [first, second] = [ofRoute('one'), ofRoute('two')]
  expect([ofRoute('one'), ofRoute('two')]).toEqual([first, second])
  expect(ofRoute('one')).toBe(first)
  ofRoute('three')
  expect(ofRoute('one')).not.toBe(first)
  expect(ofRoute('one')).toEqual(first)
})
