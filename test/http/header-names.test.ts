import { expect, test } from 'vitest'
import { readName } from '../../src/http/fields/header-names.ts'
import { hasUpgrade, withoutLength } from '../../src/http/fields/fit-fields.ts'

test.each([
  ['Accept', 'end-to-end'],
  ['x-any', 'end-to-end'],
  ['Connection', 'connection'],
  ['KEEP-ALIVE', 'keep-alive'],
  ['Upgrade', 'upgrade'],
  ['content-LENGTH', 'length'],
  ['Transfer-Encoding', 'coding'],
  ['Proxy-Connection', 'hop-by-hop'],
  ['proxy-authenticate', 'hop-by-hop'],
  ['TE', 'hop-by-hop'],
  ['Trailer', 'hop-by-hop'],
  ["!#$%&'*+.^_`|~0Az-", 'end-to-end'],
  ['', 'invalid'],
  ['a b', 'invalid'],
  ['a:', 'invalid'],
  ['\u00e9', 'invalid'],
])('%s is %s, at any time', (name, role) => {
  expect([readName(name).role, readName(name).role]).toEqual([role, role])
})

test('a length is taken off, and nothing that only looks like one', () => {
  const fields = ['A', 'content-length', 'Content-LENGTH', '5', 'B', '1']
  expect(withoutLength(fields)).toEqual(['A', 'content-length', 'B', '1'])
})

test('an upgrade is a name, not a value', () => {
  expect(hasUpgrade(['A', '1', 'uPGRADE', 'h2c'])).toBe(true)
  expect(hasUpgrade(['A', 'upgrade', 'Upgrade-Insecure-Requests', '1'])).toBe(false)
  expect(hasUpgrade([])).toBe(false)
})
