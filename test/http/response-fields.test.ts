import { expect, test } from 'vitest'
import { removeHopByHop } from '../../src/http/fields/response-fields.ts'

test('fields of the connection are left out with their values, whatever their case', () => {
  const fields = ['Connection', 'close', 'A', 'keep-alive', 'KEEP-ALIVE', 'timeout=5', 'B', 'x']
  expect(removeHopByHop(fields)).toEqual(['A', 'keep-alive', 'B', 'x'])
})
