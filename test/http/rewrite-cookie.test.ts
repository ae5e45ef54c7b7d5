import { expect, test } from 'vitest'
import { rewriteCookie } from '../../src/http/fields/rewrite-cookie.ts'

const asked: string[] = []
const frame = {
  mapPath: (path: string) => `/up${path}`,
  isOwnDomain: (domain: string) => {
    asked.push(domain)
    return domain === 'api.internal'
  },
}

test.each([
  ['a=b', 'a=b'],
  ['', ''],
  ['a=b; Path=/x; Secure', 'a=b; Path=/up/x; Secure'],
  ['a=b;path=/', 'a=b; path=/up/'],
  ['a=b;  PATH  =  /x y  ;HttpOnly', 'a=b; PATH=/up/x y;HttpOnly'],
  ['a=b; Path=x', 'a=b; Path=x'],
  ['a=b; Path=x/', 'a=b; Path=x/'],
  ['a=b; Path=', 'a=b; Path='],
  ['a=b; Path', 'a=b; Path'],
  ['a=b; XPath=/x', 'a=b; XPath=/x'],
  ['a=b; PathX=/x', 'a=b; PathX=/x'],
  ['Path=/x; Secure', 'Path=/x; Secure'],
  ['a=b; Path=/x=y', 'a=b; Path=/up/x=y'],
  ['a=b; Domain=api.internal; Secure', 'a=b; Secure'],
  ['a=b; domain = .API.Internal ; Secure', 'a=b; Secure'],
  ['a=b; Domain=login.example; Secure', 'a=b; Domain=login.example; Secure'],
  ['a=b; XDomain=api.internal', 'a=b; XDomain=api.internal'],
  ['a=b; DomainX=api.internal', 'a=b; DomainX=api.internal'],
  ['a=b; Comment=api.internal', 'a=b; Comment=api.internal'],
])('%j becomes %j', (cookie, wanted) => {
  expect(rewriteCookie(cookie, frame)).toBe(wanted)
})

test('a domain is asked for in lower case, without the dot in front alone', () => {
  asked.length = 0
  rewriteCookie('a=b; Domain=.Api.Example', frame)
  expect(asked).toEqual(['api.example'])
})
