import { expect, test } from 'vitest'
import { findWrapping } from '../../src/credentials/secrets/find-wrapping.ts'

test.each([
  ['"sk-FAKE"', 'it stands in quotes, which would be sent with it'],
  ["'sk-FAKE'", 'it stands in quotes, which would be sent with it'],
  ['OPENAI_API_KEY=sk-FAKE', 'it begins with a name and "=", as in a file of variables'],
  ['export API_KEY="sk-FAKE"', 'it begins with a name and "=", as in a file of variables'],
  ['Bearer sk-FAKE', 'it begins with a scheme, which a rule that names one writes once more'],
  ['{"key":"sk-FAKE"}', 'it is JSON, of which one value may be meant'],
  ['sk-FAKE', null],
  ['"sk-FAKE', null],
  ['QUJD_REVG=', null],
  ['QUJDREVG=A', null],
  ['bearer', null],
  ['{sk-FAKE', null],
])('around %s: %s', (value, wrapping) => {
  expect(findWrapping(value)).toBe(wrapping)
})
