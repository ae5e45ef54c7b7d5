import { expect, test } from 'vitest'
import { createAccessNames } from '../../src/observability/access-names.ts'
import { RECORD } from '../support/sample-record.ts'

const WRITTEN =
  '"route":"chat","rule":"keys","upstream":"one","status":200,"origin":"upstream","code":null,"credentialKind":"openai"'

test('what most requests of a route have in common is written out', () => {
  expect(createAccessNames()(RECORD)).toBe(WRITTEN)
})

test.each([
  { name: 'route', parts: { route: null } },
  { name: 'rule', parts: { rule: null } },
  { name: 'upstream', parts: { upstream: 'two' } },
  { name: 'status', parts: { status: 201 } },
  { name: 'origin', parts: { origin: 'keyway' as const } },
  { name: 'code', parts: { code: 'client_left' } },
  { name: 'credentialKind', parts: { credentialKind: 'anthropic-oauth' } },
])('a request of another $name is written as it is', ({ parts }) => {
  const namesOf = createAccessNames()
  namesOf(RECORD)
  const { route, rule, upstream, status, origin, code, credentialKind } = { ...RECORD, ...parts }
  const names = { route, rule, upstream, status, origin, code, credentialKind }
  expect(JSON.parse(`{${namesOf({ ...RECORD, ...parts })}}`)).toEqual(names)
  expect(namesOf(RECORD)).toBe(WRITTEN)
})

test('names are escaped', () => {
  const names = createAccessNames()({ ...RECORD, route: '","x":"\n' })
  expect(names).toContain('"route":"\\",\\"x\\":\\"\\n","rule":"keys"')
})

test('routes beyond those that there is room for are written as they are too', () => {
  const namesOf = createAccessNames(2)
  for (const route of ['one', 'two', 'one', 'three', 'one', 'two'])
    expect(namesOf({ ...RECORD, route })).toContain(`"route":"${route}",`)
})
