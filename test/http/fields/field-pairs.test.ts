import { expect, test } from 'vitest'
import { fieldPairs } from '../../../src/http/fields/field-pairs.ts'

test.each([
  { name: 'none', fields: [], pairs: [] },
  { name: 'one', fields: ['Host', 'a.test'], pairs: [['Host', 'a.test']] },
  {
    name: 'repeated ones, as they came',
    fields: ['A', '1', 'a', '', 'A', '1'],
    pairs: [
      ['A', '1'],
      ['a', ''],
      ['A', '1'],
    ],
  },
])('fields in pairs: $name', ({ fields, pairs }) => {
  expect(fieldPairs(fields)).toEqual(pairs)
})
