import { describe, expect, test } from 'vitest'
import type { Forward } from '../../src/routing/decide/decision.ts'
import { compileText, view } from '../support/compile-text.ts'

interface Asking {
  readonly route?: string
  readonly server?: string
  readonly target?: string
  readonly headers?: readonly string[]
}

function forwarded({ route = '', server = '', target = '/up/a/b', headers = [] }: Asking): Forward {
  const { table } = compileText(`version: 1
server: { listen: 127.0.0.1:8080${server} }
upstreams:
  up: { targets: ['https://api.internal/base', 'https://backup.internal:8443/base'], accepts: [unknown] }
  other: { url: https://other.internal, accepts: [unknown] }
routes:
  - { name: r, match: { path: /up/* }, rewrite: { strip: /up }, upstream: up, ${route} }
`)
  const decision = table.decide(view(target, headers))
  if (decision.action !== 'forward') throw new Error(decision.message)
  return decision
}

/** What becomes of one field of a response. */
function edited(field: string, value: string, status: number, asking: Asking): string {
  return forwarded(asking).editResponse([field, value], '1.1', status)[1] as string
}

const REWRITE = 'response: { location: rewrite }'
const KEEP = 'response: { location: keep }'
const NAMED = 'response: { urls: [X-Upload-Url] }'

describe('URLs of the upstream', () => {
  test.each([
    ['a redirect', '', 'Location', 302, true],
    ['the first status of redirects', '', 'Location', 300, true],
    ['the last', '', 'location', 399, true],
    ['a response that is no redirect', '', 'Location', 299, false],
    ['nor this', '', 'Location', 400, false],
    ['another field of a redirect', '', 'Content-Location', 302, false],
    ['rewrite: any status', REWRITE, 'Location', 201, true],
    ['rewrite: another field', REWRITE, 'Content-Location', 200, true],
    ['rewrite: a field of no URL', REWRITE, 'X-Upload-Url', 200, false],
    ['keep', KEEP, 'Location', 302, false],
    ['keep: another field', KEEP, 'Content-Location', 302, false],
    ['a field that the file names', NAMED, 'x-upload-url', 200, true],
    ['beside one that the file names', NAMED, 'Location', 302, true],
    ['beside it, no redirect', NAMED, 'Location', 201, false],
    ['keep, and a name', 'response: { location: keep, urls: [x-u] }', 'X-U', 200, true],
    [
      'a rule says otherwise',
      `${REWRITE}, rules: [{ response: { location: keep } }]`,
      'Location',
      302,
      false,
    ],
    [
      'a rule that says nothing of it',
      `${REWRITE}, rules: [{ response: { remove: [x] } }]`,
      'Location',
      200,
      true,
    ],
  ])('%s', (_, route, field, status, isMapped) => {
    const url = 'https://api.internal/base/login'
    const wanted = isMapped ? 'http://localhost/up/login' : url
    expect(edited(field, url, status, { route })).toBe(wanted)
  })

  test.each([
    ['https://api.internal:443/base/x', 'http://localhost/up/x'],
    ['https://backup.internal:8443/base/x', 'http://localhost/up/x'],
    ['https://elsewhere.example/x', 'https://elsewhere.example/x'],
    ['/base/x', '/up/x'],
    ['x', 'x'],
  ])('%s is the client’s %s', (url, wanted) => {
    expect(edited('Location', url, 302, {})).toBe(wanted)
  })

  test('in links, each in its brackets', () => {
    const link = '</base/a>; rel=next, <https://elsewhere.example/>; rel=x, <>; rel=y'
    expect(edited('Link', link, 200, { route: REWRITE })).toBe(
      '</up/a>; rel=next, <https://elsewhere.example/>; rel=x, <>; rel=y',
    )
    expect(edited('Link', link, 302, {})).toBe(link)
  })

  test.each([
    ['a=b; Path=/base/x; Secure', 'a=b; Path=/up/x; Secure'],
    ['a=b; Path=/base/', 'a=b; Path=/up/'],
    ['a=b; Path=/base', 'a=b; Path=/up'],
    ['a=b; Path=/', 'a=b; Path=/up'],
    ['a=b; Path=/basement', 'a=b; Path=/basement'],
    ['a=b; Path=/other', 'a=b; Path=/other'],
    ['a=b; Domain=api.internal', 'a=b'],
    ['a=b; Domain=backup.internal', 'a=b'],
    ['a=b; Domain=internal', 'a=b; Domain=internal'],
  ])('of the cookie %s', (cookie, wanted) => {
    expect(edited('Set-Cookie', cookie, 200, { route: REWRITE })).toBe(wanted)
    expect(edited('Set-Cookie', cookie, 200, {})).toBe(cookie)
  })

  test('of a cookie, where the client’s paths begin at the top', () => {
    const { table } = compileText(`version: 1
upstreams: { up: { url: https://api.internal, accepts: [unknown] } }
routes: [{ name: r, match: { path: /* }, rewrite: { prefix: /p }, upstream: up, ${REWRITE} }]
`)
    const decision = table.decide(view('/a'))
    if (decision.action !== 'forward') throw new Error(decision.code)
    expect(decision.editResponse(['Set-Cookie', 'a=b; Path=/p'])).toEqual([
      'Set-Cookie',
      'a=b; Path=/',
    ])
  })
})

describe('where the client asked', () => {
  const trusted = ', trust: [192.0.2.0/24]'
  const FORWARDED = ['X-Forwarded-Host', 'a.example, b.example', 'X-Forwarded-Proto', 'https, http']
  test.each([
    ['as Host says', '', [], 'http://localhost/up/x'],
    ['as nobody trusted says', '', FORWARDED, 'http://localhost/up/x'],
    ['as the first of trusted peers says', trusted, FORWARDED, 'https://a.example/up/x'],
    ['by a scheme of another sort', trusted, ['X-Forwarded-Proto', 'ftp'], '/up/x'],
    ['by a scheme that only ends so', trusted, ['X-Forwarded-Proto', 'xhttp'], '/up/x'],
    ['at no host', trusted, ['X-Forwarded-Host', 'a b'], '/up/x'],
    ['at a host and more', trusted, ['X-Forwarded-Host', 'a/b'], '/up/x'],
  ])('%s', (_, server, headers, wanted) => {
    const url = 'https://api.internal/base/x'
    expect(edited('Location', url, 302, { server, headers })).toBe(wanted)
  })
})

describe('other fields', () => {
  test('stay the same list where the file says nothing of them', () => {
    const fields = ['A', 'b']
    expect(forwarded({}).editResponse(fields)).toBe(fields)
    expect(forwarded({}).editResponse(fields, '1.1', 302)).toEqual(fields)
  })

  test('get Via with the version that they came by, before the file has its say', () => {
    const { editResponse } = forwarded({ server: ', via: edge' })
    expect(editResponse(['A', 'b'])).toEqual(['A', 'b', 'Via', '1.1 edge'])
    expect(editResponse(['A', 'b'], '2')).toEqual(['A', 'b', 'Via', '2 edge'])
    const named = forwarded({ server: ', via: edge', route: 'response: { remove: [via] }' })
    expect(named.editResponse(['A', 'b'])).toEqual(['A', 'b'])
  })

  test('are changed by the route, then by its rule', () => {
    const route =
      'response: { set: { x-a: route }, remove: [x-gone] }, rules: [{ response: { set: { x-a: rule } } }]'
    const fields = ['X-Gone', '1', 'X-B', '2']
    expect(forwarded({ route }).editResponse(fields)).toEqual(['X-B', '2', 'x-a', 'rule'])
    expect(fields).toEqual(['X-Gone', '1', 'X-B', '2'])
  })

  test.each([
    ['response: { answers: all, set: { x-a: b } }', ['A', 'b', 'x-a', 'b']],
    ['response: { set: { x-a: b } }', null],
    ['', null],
  ])('of Keyway’s own answers, with %j', (route, wanted) => {
    const { editOwn } = forwarded({ route })
    const fields = ['A', 'b']
    editOwn?.(fields)
    expect(editOwn === null ? null : fields).toEqual(wanted)
  })
})

describe('URLs of a response', () => {
  const mapped = (
    file: string,
    asked: Asking & { readonly fields: string[]; readonly status?: number },
  ) => {
    const { table } = compileText(`version: 1\n${file}`)
    const decision = table.decide(view(asked.target ?? '/', asked.headers))
    if (decision.action !== 'forward') throw new Error(decision.message)
    return decision.editResponse(asked.fields, '1.1', asked.status ?? 302).slice(1)
  }
  const one = (route: string, url = 'https://api.internal/base') => `
upstreams: { up: { url: '${url}', accepts: [unknown] } }
routes: [{ name: r, match: { path: /* }, upstream: up, ${route} }]
`

  test.each([
    [
      'of the host that left',
      'request: { host: public.example }',
      'https://public.example/base/x',
      'http://localhost/x',
    ],
    [
      'of the host that left, on its usual port',
      'request: { host: public.example }',
      'https://public.example:443/base/x',
      'http://localhost/x',
    ],
    [
      'of the upstream beside it',
      'request: { host: public.example }',
      'https://api.internal/base/x',
      'http://localhost/x',
    ],
    [
      'of a host that did not',
      '',
      'https://public.example/base/x',
      'https://public.example/base/x',
    ],
  ])('%s', (_, route, url, wanted) => {
    expect(mapped(one(route), { fields: ['Location', url] })).toEqual([wanted])
  })

  test('by the last that names fields, all of them', () => {
    const file = one(
      'response: { urls: [X-A] }, rules: [{ response: { urls: [X-B] }, continue: true }, { response: { location: keep } }]',
    )
    const fields = ['X-A', '/base/a', 'X-B', '/base/b', 'X-C', '/base/c', 'Location', '/base/d']
    expect(mapped(file, { fields, target: '/p' })).toEqual([
      '/a',
      'X-B',
      '/b',
      'X-C',
      '/base/c',
      'Location',
      '/base/d',
    ])
  })

  test('cookies are left alone where redirects alone are looked at', () => {
    const fields = ['Set-Cookie', 'a=b; Path=/base/x; Domain=api.internal', 'Location', '/base/x']
    expect(mapped(one(''), { fields })).toEqual([
      'a=b; Path=/base/x; Domain=api.internal',
      'Location',
      '/x',
    ])
  })

  const whole = 'response: { location: rewrite }'
  test.each([
    [
      'of another port, which is no part of a domain',
      'https://api.internal:8443/base',
      '/',
      'a=b; Domain=api.internal',
      'a=b',
    ],
    [
      'above what can be asked for',
      'https://api.internal/v1/base',
      `/`,
      'a=b; Path=/v1',
      'a=b; Path=/',
    ],
    [
      'above it, with a slash',
      'https://api.internal/v1/base',
      '/',
      'a=b; Path=/v1/',
      'a=b; Path=/',
    ],
    ['beside it', 'https://api.internal/v1/base', '/', 'a=b; Path=/v', 'a=b; Path=/v'],
    ['below it', 'https://api.internal/v1/base', '/', 'a=b; Path=/v1/base/x', 'a=b; Path=/x'],
    ['the very one', 'https://api.internal/v1/base', '/', 'a=b; Path=/v1/base', 'a=b; Path=/'],
  ])('of a cookie %s', (_, url, target, cookie, wanted) => {
    expect(
      mapped(one(whole, url), { fields: ['Set-Cookie', cookie], target, status: 200 }),
    ).toEqual([wanted])
  })

  test('of cookies alone, not of what only looks like one', () => {
    const fields = ['X-Other', 'a=b; Path=/base/x; Domain=api.internal']
    expect(mapped(one(whole), { fields, status: 200 })).toEqual([fields[1]])
  })

  test('below a path of another server', () => {
    const { table } = compileText(`version: 1\n${one(whole)}`)
    const decision = table.decide(view('/a', [], { mount: '/proxy' }))
    if (decision.action !== 'forward') throw new Error(decision.message)
    expect(decision.editResponse(['Location', '/base/login'], '1.1', 302)).toEqual([
      'Location',
      '/proxy/login',
    ])
  })
})

describe('by rules that go on', () => {
  test('each adds to the response', () => {
    const route =
      'rules: [{ response: { set: { x-a: "1" } }, continue: true }, { if: { method: PUT }, use: none, else: { response: { set: { x-b: "2" } } } }]'
    expect(forwarded({ route }).editResponse(['A', 'b'])).toEqual([
      'A',
      'b',
      'x-a',
      '1',
      'x-b',
      '2',
    ])
  })
})
