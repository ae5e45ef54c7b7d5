import { describe, expect, test } from 'vitest'
import {
  cookieValues,
  countCookies,
  decodeCookie,
  removeCookies,
  writeCookie,
} from '../../src/http/fields/cookies.ts'

const FIELD = 'a=1; session="x y"; b=2;a=%33%3D; bare; =none; c=a=b'

test.each([
  ['a', ['1', '3=']],
  ['session', ['x y']],
  ['A', []],
  ['', ['bare', 'none']],
  ['c', ['a=b']],
])('the values of the cookie %j', (name, values) => {
  expect(cookieValues(FIELD, name)).toEqual(values)
  expect(countCookies(FIELD, new Set([name]))).toBe(values.length)
})

test.each([
  { names: ['a'], left: 'session="x y"; b=2; bare; =none; c=a=b' },
  { names: ['session', 'c'], left: 'a=1; b=2;a=%33%3D; bare; =none' },
  { names: ['none'], left: FIELD },
  { names: ['a', 'session', 'b', '', 'c'], left: '' },
])('without $names', ({ names, left }) => {
  expect(removeCookies(FIELD, new Set(names))).toBe(left)
})

describe('a value', () => {
  test.each([
    ['"a"', 'a'],
    ['""', ''],
    ['"', '"'],
    ['"a', '"a'],
    ['a"', 'a"'],
    ['%41', 'A'],
    ['"%41"', 'A'],
    ['%4', '%4'],
    ['%ff', '%ff'],
  ])('%s is read', (value, read) => {
    expect(decodeCookie(value)).toBe(read)
  })

  test.each([
    ['sk-ant-TEST', 'k=sk-ant-TEST'],
    ["!#$%&'()*+-./:<=>?@[]^_`{|}~", "k=!#$%&'()*+-./:<=>?@[]^_`{|}~"],
    ['a b;c,d"e\\f\n', 'k=a%20b%3Bc%2Cd%22e%5Cf%0A'],
  ])('%j is written', (value, written) => {
    expect(writeCookie('k', value)).toBe(written)
  })
})
