import { expect, test } from 'vitest'
import { Latest } from '../../src/observability/latest.ts'
import { RECORD } from '../support/sample-record.ts'

function numbered() {
  let made = 0
  return new Latest(() => ({ number: ++made }))
}

test('what was made once serves the requests after it that are alike', () => {
  const latest = numbered()
  const first = latest.of(RECORD)
  const others = { id: 'id-2', method: 'GET', path: '/other', client: 'laptop', durationMs: 5 }
  expect(latest.of({ ...RECORD, ...others })).toBe(first)
})

test.each([
  { name: 'rule', parts: { rule: null } },
  { name: 'branch', parts: { branch: 'else' as const } },
  { name: 'upstream', parts: { upstream: 'two' } },
  { name: 'credentialKind', parts: { credentialKind: null } },
  { name: 'status', parts: { status: 201 } },
  { name: 'origin', parts: { origin: 'keyway' as const } },
  { name: 'code', parts: { code: 'client_left' } },
])('another $name has it made anew', ({ parts }) => {
  const latest = numbered()
  latest.of(RECORD)
  expect(latest.of({ ...RECORD, ...parts })).toEqual({ number: 2 })
  expect(latest.of({ ...RECORD, ...parts })).toEqual({ number: 2 })
  expect(latest.of(RECORD)).toEqual({ number: 3 })
})

test('what is forgotten is made anew', () => {
  const latest = numbered()
  latest.of(RECORD)
  latest.forget()
  expect(latest.of(RECORD)).toEqual({ number: 2 })
})
