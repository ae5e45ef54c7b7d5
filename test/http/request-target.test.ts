import { describe, expect, test } from 'vitest'
import { toOriginForm } from '../../src/http/target/absolute-form.ts'
import { encodeQueryValue, encodeSegment } from '../../src/http/target/encode-target.ts'
import { decodeToTheEnd } from '../../src/http/target/percent-decoding.ts'
import {
  appendEncoded,
  appendQuery,
  canonicalPath,
  countQuery,
  queryPairs,
  queryValue,
  queryValues,
  removeQuery,
  removeQueryValue,
  splitTarget,
} from '../../src/http/target/request-target.ts'

test.each([
  ['/a', '/a', null],
  ['/a?', '/a', ''],
  ['/a?b=1?c', '/a', 'b=1?c'],
  ['?b', '', 'b'],
])('%s is split at its first question mark', (target, path, query) => {
  expect(splitTarget(target)).toEqual({ path, query })
})

test.each([
  ['/a', '/a'],
  ['/%61%7A%41%5a%30%39%2d%2E%5f%7e', '/azAZ09-._~'],
  ['/a%2Fb%3b%25%20%00%7f%ff', '/a%2Fb%3B%25%20%00%7F%FF'],
  ['/\xc3\xa9%c3%a9', '/%C3%A9%C3%A9'],
  ['/%2561', '/%2561'],
  ['/%6', '/%6'],
  ['/%g1', '/%g1'],
])('the canonical form of %s', (path, canonical) => {
  expect(canonicalPath(path)).toBe(canonical)
})

describe('a query', () => {
  const query = 'a=1&b=x%20y&A=2&a=3&c&d=&k%65y=z+z&e=%zz&=n'

  test.each([
    ['a', ['1', '3']],
    ['A', ['2']],
    ['b', ['x y']],
    ['c', ['']],
    ['d', ['']],
    ['key', ['z z']],
    ['e', ['%zz']],
    ['', ['n']],
    ['none', []],
  ])('has the values of %j', (name, values) => {
    expect(queryValues(query, name)).toEqual(values)
    expect(queryValue(query, name)).toBe(values[0])
    expect(countQuery(query, new Set([name]))).toBe(values.length)
  })

  test('that is not there has none', () => {
    expect(queryValues(null, 'a')).toEqual([])
    expect(countQuery(null, new Set(['a']))).toBe(0)
    expect(removeQuery(null, new Set(['a']))).toBe(null)
    expect(removeQueryValue(null, 'a')).toBe(null)
  })

  test('is names and values in their order', () => {
    expect(queryPairs('a=1=2&b+c&%64=%25')).toEqual([
      ['a', '1=2'],
      ['b c', ''],
      ['d', '%'],
    ])
  })

  test.each([
    { names: ['a'], left: 'b=x%20y&A=2&c&d=&k%65y=z+z&e=%zz&=n' },
    { names: ['key', 'c'], left: 'a=1&b=x%20y&A=2&a=3&d=&e=%zz&=n' },
    { names: ['none'], left: query },
  ])('without $names keeps every other byte', ({ names, left }) => {
    expect(removeQuery(query, new Set(names))).toBe(left)
  })

  test('without its only parameter is none, and an empty one stays as it is', () => {
    expect(removeQuery('key=1', new Set(['key']))).toBe(null)
    expect(removeQuery('', new Set(['key']))).toBe('')
    expect(removeQueryValue('key=TEST', 'TEST')).toBe(null)
  })

  test.each([
    ['x y', 'a=1&A=2&a=3&c&d=&k%65y=z+z&e=%zz&=n'],
    ['z z', 'a=1&b=x%20y&A=2&a=3&c&d=&e=%zz&=n'],
    ['none', query],
  ])('without what has the value %j', (value, left) => {
    expect(removeQueryValue(query, value)).toBe(left)
  })

  test.each([
    [null, 'k%20y=a%26b%3D%2B'],
    ['', 'k%20y=a%26b%3D%2B'],
    ['x=1', 'x=1&k%20y=a%26b%3D%2B'],
  ])('%j takes one more', (before, after) => {
    expect(appendQuery(before, 'k y', 'a&b=+')).toBe(after)
    expect(appendEncoded(before, 'k y', 'a%26b%3D%2B')).toBe(after)
  })
})

describe('an absolute target', () => {
  const fields = ['Accept', '*/*', 'hOST', 'other.test', 'Host', 'third.test']

  test.each([
    ['http://api.test/a?b', '/a?b', 'api.test'],
    ['HTTPS://api.test:81/', '/', 'api.test:81'],
    ['http://api.test', '/', 'api.test'],
    ['http://api.test?b', '/?b', 'api.test'],
    ['http://[::1]:80/a', '/a', '[::1]:80'],
  ])('%s', (target, path, host) => {
    expect(toOriginForm(target, fields)).toEqual({
      target: path,
      headers: ['Host', host, 'Accept', '*/*'],
    })
  })

  test.each([
    'http://u@api.test/',
    'ftp://api.test/',
    'http:///a',
    'http://a\\b/',
    'api.test:443',
    '*',
  ])('%s is none', (target) => {
    expect(toOriginForm(target, fields)).toBe(null)
  })

  test('what is none already stays as it is', () => {
    expect(toOriginForm('/a', fields)).toEqual({ target: '/a', headers: fields })
  })
})

describe('a value in a target', () => {
  const latin = 'caf\u00e9'
  test.each([
    {
      value: 'a/b;c%d\u0001 e?',
      origin: 'text',
      segment: 'a%2Fb%3Bc%25d%01%20e%3F',
      query: 'a%2Fb%3Bc%25d%01%20e%3F',
    },
    {
      value: "a.b_c~!$&'()*+,:=@-",
      origin: 'text',
      segment: "a.b_c~!$&'()*+,:=@-",
      query: "a.b_c~!%24%26'()*%2B%2C%3A%3D%40-",
    },
    { value: latin, origin: 'text', segment: 'caf%C3%A9', query: 'caf%C3%A9' },
    { value: latin, origin: 'bytes', segment: 'caf%E9', query: 'caf%E9' },
    { value: 'a%2Fb/c', origin: 'path', segment: 'a%2Fb%2Fc', query: 'a%2Fb%2Fc' },
    { value: '\u20ac', origin: 'bytes', segment: '%E2%82%AC', query: '%E2%82%AC' },
  ] as const)('$value of $origin', ({ value, origin, segment, query }) => {
    expect(encodeSegment(value, origin)).toBe(segment)
    expect(encodeQueryValue(value, origin)).toBe(query)
  })
})

describe('percent triplets, decoded until none is left', () => {
  const all = (): boolean => true

  test.each([
    ['plain', 'plain'],
    ['%61', 'a'],
    ['%2561', 'a'],
    ['%25252561', 'a'],
    ['%2%35', '%'],
    ['%u0061', 'a'],
    ['%U0061', 'a'],
    ['%u006', '%u006'],
    ['%g1', '%g1'],
    ['%6G', '%6G'],
    ['%', '%'],
    ['\u00e9', '\u00e9'],
    ['\u20ac', '\u00e2\u0082\u00ac'],
  ])('%s', (text, decoded) => {
    expect(decodeToTheEnd(text, all)).toBe(decoded)
  })

  test('those that are not meant stay', () => {
    expect(decodeToTheEnd('%61%2f%2525', (byte) => byte === 0x61)).toBe('a%2f%2525')
  })
})
