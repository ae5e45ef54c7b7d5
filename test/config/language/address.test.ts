import { describe, expect, test } from 'vitest'
import {
  findSocketFault,
  isLoopback,
  isSameAddress,
  parseAddress,
} from '../../../src/config/language/address.ts'

describe('an address', () => {
  test.each([
    ['127.0.0.1:8080', { host: '127.0.0.1', port: 8080 }],
    ['localhost:0', { host: 'localhost', port: 0 }],
    ['[::1]:80', { host: '::1', port: 80 }],
    ['0.0.0.0:65535', { host: '0.0.0.0', port: 65_535 }],
    ['unix:/run/k.sock', { socketPath: '/run/k.sock' }],
  ])('%s', (text, address) => {
    expect(parseAddress(text)).toEqual(address)
  })

  test.each([
    '',
    '8080',
    ':8080',
    'a:',
    'a:65536',
    'a:080808',
    '[::g]:80',
    '::1:80',
    'a/b:80',
    'unix:',
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeNull()
  })
})

test.each([
  ['127.0.0.1:80', true],
  ['127.9.9.9:80', true],
  ['localhost:80', true],
  ['[::1]:80', true],
  ['unix:/k.sock', true],
  ['0.0.0.0:80', false],
  ['[::]:80', false],
  ['128.0.0.1:80', false],
  ['1270.example:80', false],
  ['10.127.0.1:80', false],
])('only this machine reaches %s: %s', (text, isReached) => {
  expect(isLoopback(parseAddress(text) as never)).toBe(isReached)
})

test.each([
  ['127.0.0.1:80', '127.0.0.1:80', true],
  ['127.0.0.1:80', '0.0.0.0:80', true],
  ['[::]:80', '127.0.0.1:80', true],
  ['127.0.0.1:80', '127.0.0.2:80', false],
  ['127.0.0.1:80', '127.0.0.1:81', false],
  // Each is given another one.
  ['127.0.0.1:0', '127.0.0.1:0', false],
  ['unix:/a', 'unix:/a', true],
  ['unix:/a', 'unix:/b', false],
  ['unix:/a', '127.0.0.1:80', false],
])('%s and %s can not both be listened on: %s', (a, b, isSame) => {
  const [one, other] = [parseAddress(a), parseAddress(b)] as [never, never]
  expect([isSameAddress(one, other), isSameAddress(other, one)]).toEqual([isSame, isSame])
})

test('the path of a socket has as many bytes as the system takes', () => {
  expect(findSocketFault('/'.padEnd(107, 'a'))).toBeNull()
  expect(findSocketFault('/'.padEnd(108, 'a'))).toBe(
    'the path of a socket has at most 107 bytes, and this one has 108',
  )
  expect(findSocketFault(`/${'\u00fc'.repeat(53)}`)).toBeNull()
  expect(findSocketFault(`/${'\u00fc'.repeat(54)}`)).toContain('109')
})
