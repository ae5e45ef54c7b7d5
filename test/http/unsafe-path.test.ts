import { expect, test } from 'vitest'
import { isUnsafePath } from '../../src/http/target/unsafe-path.ts'

const unsafe: Readonly<Record<string, readonly string[]>> = {
  'dot segments as they are': ['/..', '/../x', '/a/..', '/a/../b', '/.', '/./a', '/a/.', '/a/./b'],
  'encoded once': ['/%2e%2e/x', '/.%2E/x', '/%2e./x', '/%2e/x', '/a/%2e', '/..%2fx', '/a%2f..%2fb'],
  'encoded twice, thrice and more': [
    '/%252e%252e/x',
    '/%25252e%25252e/x',
    '/.%252e/x',
    '/a%252f..%252fb',
    `/${`%${'25'.repeat(500)}2e`.repeat(2)}/x`,
  ],
  'encoded digit by digit': ['/%%32%65%%32%65/x', '/%2%65%2%65/x', '/%%32e./x'],
  'as IIS encodes': ['/%u002e%u002e/x', '/%U002E./x', '/%uff0e%uff0e/x', '/..%u2215x/..'],
  'overlong UTF-8': [
    '/%c0%ae%c0%ae/x',
    '/%c0%2e%c0%2e/x',
    '/%e0%80%ae%e0%80%ae/x',
    '/%f0%80%80%ae/x',
    '/%f8%80%80%80%ae/x',
    '/%fc%80%80%80%80%ae/x',
    '/%25c0%25ae/x',
    '/..%c0%afx',
    '/a%c1%9cb',
    '/\xc0\xae\xc0\xae/x',
  ],
  'full-width forms and leaders': [
    '/%ef%bc%8e%ef%bc%8e/x',
    '/\xef\xbc\x8e\xef\xbc\x8e/x',
    '/%e2%80%a5/x',
    '/%e2%80%a4./x',
    '/%ef%b9%92%ef%b9%92/x',
    '/..%ef%bc%8fx',
    '/a%ef%bc%8f..%ef%bc%8fb',
  ],
  backslashes: ['/..\\x', '/..%5cx', '/a%5c..%5cb', '/a\\..\\b', '/..%255cx', '/.\\x'],
  'cut at a sign behind': [
    '/..;/x',
    '/..;a=b/x',
    '/..%3b/x',
    '/..%253b/x',
    '/.;a/x',
    '/..%3fx',
    '/..%23x',
  ],
  'white space around': ['/..%20/x', '/%20../x', '/..%c2%a0/x'],
  'encoded controls': [
    '/..%00/x',
    '/..%09/x',
    '/..%0a/x',
    '/a%00',
    '/a%0d%0ab',
    '/a%2500b',
    '/a%7f',
    '/a%1bb',
    '/a%u0000b',
  ],
  'bytes that no target may hold': ['/a b', '/a\tb', '/a\0b', '/a#b', '/a\x7fb'],
  'no path': ['', 'a', '*', 'http://a/b'],
}

test.each(Object.entries(unsafe))('refused: %s', (_, paths) => {
  expect(paths.filter((path) => !isUnsafePath(path))).toEqual([])
})

const harmless = [
  '/',
  '//',
  '/a',
  '/a..b',
  '/..a',
  '/...',
  '/a/.b/c.',
  '/.well-known/x',
  '/a%2Fb',
  '/a%20b',
  '/%7Euser',
  '/%zz%',
  '/100%',
  '/%e2%82%ac',
  '/%C3%A9/\xc3\xa9',
  '/%E9t%E9',
  '/a%25b',
  '/a%252fb',
  '/a;b=c/d',
  '/a;..',
  '/a%3b..',
  '/{}|"<>^`',
  "/v1:x@y!$&'()*+,=",
  '/%2e%2e%2e/x',
  '/..%2e/x',
  '/%ud800/x',
  '/%u00',
]

test.each(harmless)('let through: %s', (path) => {
  expect(isUnsafePath(path)).toBe(false)
})
