import { expect, test } from 'vitest'
import { decodeToTheEnd } from '../../src/http/target/percent-decoding.ts'

test.each([
  ['a%62c', 'abc'],
  ['%2561', 'a'],
  ['%252561', 'a'],
  ['%%36%31', 'a'],
  ['%2%35%36%31', 'a'],
  ['%u0061', 'a'],
  ['%U0061', 'a'],
  ['%u00%36%31', 'a'],
  ['%u006g', '%u006g'],
  ['%v0061', '%v0061'],
  ['xu0061', 'xu0061'],
  ['%u0020', '%u0020'],
  ['%u00e9', '%u00e9'],
  ['%20%7f', '%20%7f'],
  ['%6', '%6'],
  ['%/1%:1%@1%G1%`1%g1', '%/1%:1%@1%G1%`1%g1'],
  ['%30%39%4a%4F%5a', '09JOZ'],
  ['\u00e9%61', '\u00e9a'],
  ['\u20ac%61', '\u00e2\u0082\u00aca'],
])('%j is %j in the end', (text, decoded) => {
  expect(decodeToTheEnd(text, (byte) => byte > 0x20 && byte < 0x7f)).toBe(decoded)
})

test('a sign of several bytes is decoded where all of them are meant', () => {
  expect(decodeToTheEnd('%u00e9', () => true)).toBe('\u00c3\u00a9')
  expect(decodeToTheEnd('%u00e9', (byte) => byte === 0xc3)).toBe('%u00e9')
  expect(decodeToTheEnd('%u00e9', (byte) => byte === 0xa9)).toBe('%u00e9')
})
