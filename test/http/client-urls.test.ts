import { describe, expect, test } from 'vitest'
import {
  beginnings,
  createUrlMap,
  type UrlFrame,
  withoutDefaultPort,
} from '../../src/http/target/client-urls.ts'

const frame: UrlFrame = {
  paths: { client: '/up/a/b', upstream: '/a/b' },
  authorities: new Map([
    ['api.internal', ''],
    ['api.internal:8443', '/base'],
  ]),
  clientOrigin: 'https://keyway.example',
}

describe('a URL of the upstream becomes the client’s', () => {
  test.each([
    ['/login', '/up/login'],
    ['/', '/up/'],
    ['/login?next=/a#b', '/up/login?next=/a#b'],
    ['http://api.internal/login', 'https://keyway.example/up/login'],
    ['HTTP://API.internal:80/login', 'https://keyway.example/up/login'],
    ['https://api.internal:443/login', 'https://keyway.example/up/login'],
    ['//api.internal/login', 'https://keyway.example/up/login'],
    ['http://api.internal', 'https://keyway.example/up/'],
    ['http://api.internal?a=b', 'https://keyway.example/up/?a=b'],
    ['https://api.internal:8443/base/login', 'https://keyway.example/up/login'],
    ['https://api.internal:8443/base', 'https://keyway.example/up/'],
    ['https://api.internal:8443/other', 'https://keyway.example/other'],
    ['https://api.internal:8443/basement', 'https://keyway.example/basement'],
    ['https://api.internal:8443/base?a=/b', 'https://keyway.example/up/?a=/b'],
    ['https://api.internal:8443/base#a', 'https://keyway.example/up/#a'],
    ['https://login.example/authorize', null],
    ['http://api.internal.evil.example/', null],
    ['http://user@api.internal/', null],
    ['http://api.internal\\@evil.example/', null],
    ['//evil.example/x', null],
    ['mailto:a@b', null],
    ['login', null],
    ['../login', null],
    ['?a=b', null],
    ['', null],
  ])('%s', (url, mapped) => {
    expect(createUrlMap(frame)(url)).toBe(mapped)
  })
})

describe('by what a rewrite did to the path', () => {
  test.each([
    ['nothing', '/a/b', '/a/b', '/x', '/x'],
    ['strip', '/up/a', '/a', '/x/y', '/up/x/y'],
    ['strip of all', '/up', '/', '/x', '/up/x'],
    ['strip down to a slash', '/up/', '/', '/x', '/up/x'],
    ['prefix', '/a', '/p/q/a', '/p/q/x', '/x'],
    ['prefix, and what is not below it', '/a', '/p/q/a', '/x', null],
    ['prefix, and what only begins like it', '/a', '/p/q/a', '/p/qx', null],
    ['prefix, itself', '/a', '/p/q/a', '/p/q', '/'],
    ['strip, and the beginning with a slash', '/up/a', '/a', '/', '/up/'],
    ['both', '/up/a', '/p/a', '/p/x', '/up/x'],
    ['a new path with the rest', '/t/7/a/b', '/tenants/7/a/b', '/tenants/8', '/t/8'],
    ['a new path, itself', '/up/a', '/always', '/always', '/up/a'],
    ['a new path, another', '/up/a', '/always', '/x', null],
    [
      'a path of the client’s that would name a host',
      '//evil.example/a',
      '/always',
      '/always',
      null,
    ],
  ])('%s', (_, client, upstream, url, mapped) => {
    const authorities = new Map([['api.internal', '']])
    expect(createUrlMap({ ...frame, authorities, paths: { client, upstream } })(url)).toBe(mapped)
  })
})

test('a path alone is the upstream’s below its base path', () => {
  const map = createUrlMap({ ...frame, authorities: new Map([['api.internal', '/base']]) })
  expect(map('/base/login')).toBe('/up/login')
  expect(map('/base')).toBe('/up/')
  expect(map('/basement')).toBe(null)
  expect(map('/login')).toBe(null)
})

test('without an origin of the client the path is enough', () => {
  const map = createUrlMap({ ...frame, clientOrigin: null })
  expect(map('http://api.internal/login')).toBe('/up/login')
  expect(map('https://api.internal:8443//evil.example')).toBe(null)
})

test('where the origin of the client is not known, it is left to it', () => {
  expect(createUrlMap({ ...frame, clientOrigin: null })('http://api.internal/x')).toBe('/up/x')
})

test.each([
  ['Api.Test:80', 'http', 'api.test'],
  ['api.test:443', 'HTTPS', 'api.test'],
  ['api.test:443', 'http', 'api.test:443'],
  ['api.test:80', 'https', 'api.test:80'],
  ['api.test:80', '', 'api.test'],
  ['api.test:443', '', 'api.test'],
  ['api.test:8080', 'http', 'api.test:8080'],
  ['api.test:4430', 'https', 'api.test:4430'],
  ['api.test:8000', '', 'api.test:8000'],
])('%s by %s is %s', (authority, scheme, wanted) => {
  expect(withoutDefaultPort(authority, scheme)).toBe(wanted)
})

test.each([
  ['/up/a', '/a', '/up', ''],
  ['/a', '/a', '', ''],
  ['a', 'a', 'a', null],
  ['/up', '/', '/up', ''],
  ['/x', '/y', '/x', null],
  ['/ab', '/b', '/ab', null],
])('%s and %s begin with %j and %j', (client, upstream, first, second) => {
  expect(beginnings({ client, upstream })).toEqual({ client: first, upstream: second })
})
