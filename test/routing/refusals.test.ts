import { describe, expect, test } from 'vitest'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { compileSnapshot } from '../../src/loading/compile-snapshot.ts'
import type { Rejection } from '../../src/routing/decide/decision.ts'
import { compileText, view } from '../support/compile-text.ts'

interface Asked {
  readonly route?: string
  readonly upstream?: string
  readonly more?: string
  readonly server?: string
  readonly target?: string
  readonly headers?: readonly string[]
}

function rejected({
  route = '',
  upstream = '',
  more = '',
  target = '/',
  ...asked
}: Asked): Rejection {
  const { headers = [], server = '' } = asked
  const { table } = compileText(
    `version: 1
server: { listen: 127.0.0.1:8080${server} }
secrets: { o: { env: O } }
upstreams: { up: { url: https://up.example, ${upstream} } }
routes: [{ name: r, match: { path: /* }, upstream: up, ${route} }${more}]
`,
  )
  const decision = table.decide(view(target, headers))
  if (decision.action !== 'reject') throw new Error('it goes on')
  return decision
}

const messageOf = (asked: Asked): string => rejected(asked).message

describe('a refusal says', () => {
  test.each([
    [
      'that one field holds more than one credential',
      { headers: ['x-api-key', 'a-FAKE, b-FAKE'] },
      'What stands in the header x-api-key is not one credential, or not one under a scheme that is known.',
    ],
    [
      'where two different ones stand',
      { headers: ['authorization', 'Bearer a-FAKE', 'x-api-key', 'b-FAKE'] },
      'Two different credentials were sent, one in the header authorization, one in the header x-api-key; send one.',
    ],
    [
      'that they stand in one place',
      { headers: ['x-api-key', 'a-FAKE', 'x-api-key', 'b-FAKE'] },
      'Two different credentials were sent, both in the header x-api-key; send one.',
    ],
    [
      'which kind is not accepted, and which are',
      {
        upstream: 'accepts: [anthropic-api-key, anthropic-oauth]',
        headers: ['x-api-key', 'sk-proj-FAKEfakeFAKE1234'],
      },
      'A credential of kind openai (an OpenAI API key) was sent, which up does not accept. Send one of kind anthropic-api-key or anthropic-oauth.',
    ],
    [
      'that one of no known kind is not accepted',
      { upstream: 'accepts: [openai]', headers: ['x-api-key', 'opaque-FAKE'] },
      'A credential of kind unknown (a credential of no known kind) was sent, which up does not accept. Send one of kind openai.',
    ],
    [
      'nothing of the kind itself, of which another shape is accepted',
      {
        upstream: 'provider: together',
        headers: ['x-api-key', 'opaque-FAKE'],
      },
      'A credential of kind unknown (a credential of no known kind) was sent, which up does not accept. Send one of kind together.',
    ],
  ])('%s', (_, asked, wanted) => {
    expect(messageOf(asked)).toBe(wanted)
  })
})

describe('an answer that the file gives', () => {
  test.each([
    ['a status', 'reject: 410', 410, 'rejected', 'The proxy’s configuration refuses this request.'],
    ['and a message', 'reject: { status: 403, message: no }', 403, 'rejected', 'no'],
    ['below 400 it says what the file says', 'reject: { status: 204 }', 204, 'rejected', ''],
    ['a page', 'reject: { status: 200, message: ok }', 200, 'rejected', 'ok'],
    ['400 is an error', 'reject: { status: 400, message: bad }', 400, 'rejected', 'bad'],
    ['399 is none', 'reject: { status: 399 }', 399, 'rejected', ''],
  ])('%s', (_, rule, status, code, message) => {
    const found = rejected({ route: `rules: [{ ${rule} }]` })
    expect(found).toMatchObject({ status, code, rule: 'rules[0]', branch: 'then' })
    if (message.includes('configuration')) expect(found.message).not.toBe('')
    else expect(found.message).toBe(message)
  })

  const fieldsOf = (asked: Asked): string[] | null => {
    const { editOwn } = rejected(asked)
    const fields = ['A', '1']
    editOwn?.(fields)
    return editOwn === null ? null : fields
  }
  test.each([
    ['nothing', 'rules: [{ reject: 410 }]', null],
    [
      'its own',
      'rules: [{ reject: { status: 302, headers: { location: /x } } }]',
      ['A', '1', 'location', '/x'],
    ],
    [
      'those of the route, and of the rule',
      'response: { answers: all, set: { x-r: "1" } }, rules: [{ reject: 410, response: { answers: all, set: { x-s: "2" } } }]',
      ['A', '1', 'x-r', '1', 'x-s', '2'],
    ],
    [
      'not what is said of responses alone',
      'response: { set: { x-r: "1" } }, rules: [{ reject: 410 }]',
      null,
    ],
  ])('has %s as fields', (_, route, wanted) => {
    expect(fieldsOf({ route })).toEqual(wanted)
  })

  test('a refusal before the rules has the route’s fields, too', () => {
    const route = 'response: { answers: all, set: { x-r: "1" } }'
    const headers = ['x-api-key', 'a-FAKE, b-FAKE']
    expect(fieldsOf({ route, headers })).toEqual(['A', '1', 'x-r', '1'])
    expect(fieldsOf({ headers })).toBe(null)
  })

  test('of its route alone: nothing is asked of an upstream', () => {
    const { table } = compileText(
      'version: 1\nroutes: [{ name: r, match: { path: /* }, reject: 451 }]\n',
    )
    expect(table.decide(view('/'))).toMatchObject({ status: 451, rule: null, branch: null })
  })
})

describe('a secret that can not be had', () => {
  const answered = (secret: string, waitMs: number) => {
    const text = `version: 1
secrets: { o: ${secret} }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up, rules: [{ name: n, use: { header: x-api-key, value: '\${secret.o}' } }] }]
`
    const catalogue = loadCatalogue()
    const rests = { rest: () => undefined, waitMs: () => waitMs }
    const env = { A: 'a-FAKE', B: 'b-FAKE' }
    const source = { file: 'routes.yaml', text }
    const { snapshot } = compileSnapshot(source, { catalogue, env, generation: 1, rests })
    return snapshot?.table.decide(view('/'))
  }
  test.each([
    ['is not there', '{ env: NONE }', 5000, 'secret_unavailable', null],
    [
      'rests, with all others of its pool',
      '{ pool: [{ env: A }, { env: B }] }',
      5000,
      'keys_resting',
      5000,
    ],
  ])('%s', (_, secret, waitMs, code, retryAfterMs) => {
    expect(answered(secret, waitMs)).toMatchObject({
      action: 'reject',
      status: 503,
      code,
      retryAfterMs,
      rule: 'n',
      branch: 'then',
    })
  })
  test('rests no more', () => {
    const pool = '{ pool: [{ env: A }, { env: B }] }'
    expect(answered(pool, 0)).toMatchObject({ action: 'forward', secret: { name: 'o' } })
  })
})

describe('whose rule and side a refusal names', () => {
  const route =
    'rules: [{ name: n, if: { method: PUT }, request: { set: { a: b } }, else: { reject: 410 } }]'
  test('the side that was taken', () => {
    expect(rejected({ route })).toMatchObject({ rule: 'n', branch: 'else', status: 410 })
  })
  test('none before the rules', () => {
    const headers = ['x-api-key', 'a-FAKE, b-FAKE']
    expect(rejected({ route, headers })).toMatchObject({ rule: null, branch: null, route: 'r' })
  })
})

test('a second credential that never travels is refused, though the route takes the first', () => {
  const headers = ['x-api-key', 'first-FAKE', 'api-key', 'sk-ant-ort01-FAKE']
  const route = 'credential: { from: [x-api-key, api-key], conflict: first }'
  expect(rejected({ route, headers }).code).toBe('credential_refused')
})

describe('a path that servers read in two ways', () => {
  const admin = ', { name: admin, match: { path: /admin/* }, upstream: up }'
  const isRefused = (asked: Asked): boolean => {
    try {
      return rejected(asked).code === 'ambiguous_path'
    } catch {
      return false
    }
  }
  test.each([
    ['leads to another route', { more: admin }, '/x//..;a=/%2561dmin/x', false],
    ['leads to another route, by slashes', { more: admin }, '//admin/x', true],
    ['leads to another route, by a parameter', { more: admin }, '/admin;a=b/x', true],
    ['leads to another route, its query the same', { more: admin }, '//admin/x?a=b', true],
    ['leads to the same', { more: admin }, '//other/x', false],
    ['is read in one way', { more: admin }, '/other/x', false],
    ['is taken as it came', { more: admin, route: 'paths: exact' }, '//admin/x', false],
    [
      'leads to another rule',
      { route: 'rules: [{ if: { path: { prefix: /admin } }, use: none }]' },
      '//admin/x',
      true,
    ],
    [
      'leads to a refusal',
      { route: 'rules: [{ if: { path: { prefix: /admin } }, reject: 403 }]' },
      '//admin/x',
      true,
    ],
    [
      'is decided by something else',
      { route: 'rules: [{ if: { method: GET }, use: none }]' },
      '//admin/x',
      false,
    ],
    [
      'leads to another upstream',
      {
        route: 'rules: [{ if: { path: { prefix: /a } }, upstream: other }]',
        upstream: '}, other: { url: https://other.example',
      },
      '//admin/x',
      true,
    ],
    [
      'leads to the else of the same rule',
      { route: 'rules: [{ if: { path: { prefix: /admin } }, use: none, else: x-api-key }]' },
      '//admin/x',
      true,
    ],
    [
      'leads to the else of the same rule, and so to another upstream',
      {
        route:
          'rules: [{ if: { path: { prefix: /admin } }, upstream: other, else: { upstream: up } }]',
        upstream: '}, other: { url: https://other.example',
      },
      '//admin/x',
      true,
    ],
    [
      'leads to one more rule, before the one that decides',
      {
        route:
          'rules: [{ if: { path: { prefix: /admin } }, use: none, continue: true }, { request: { set: { x-a: b } } }]',
      },
      '//admin/x',
      true,
    ],
    [
      'leads to one more rule that changes fields',
      {
        route:
          'rules: [{ if: { path: { prefix: /admin } }, request: { remove: [x-b] }, continue: true }, { request: { set: { x-a: b } } }]',
      },
      '//admin/x',
      true,
    ],
    [
      'leads to one more rule that lets a credential go along',
      {
        route:
          'rules: [{ if: { path: { prefix: /admin } }, also: x-api-key, continue: true }, { use: authorization bearer }]',
      },
      '//admin/x',
      true,
    ],
    [
      'leads to the same rules, of which several hold',
      {
        route:
          'rules: [{ if: { path: { contains: admin } }, use: none, continue: true }, { request: { set: { x-a: b } } }]',
      },
      '//admin/x',
      false,
    ],
    [
      'leads to another refusal',
      {
        route: 'credential: { from: [x-k] }',
        more: ', { name: a, match: { path: /admin/* }, reject: 410 }',
      },
      '//admin/x',
      true,
    ],
    [
      'leads to the same rule, by its query',
      { route: 'rules: [{ if: { query: { a: b } }, use: none }]' },
      '//admin/x?a=b',
      false,
    ],
    ['leads nowhere', { route: '', more: '' }, '//x', false],
  ])('%s', (_, asked, target, wanted) => {
    expect(isRefused({ ...asked, target })).toBe(wanted)
  })
})

describe('a web page from elsewhere', () => {
  const route = "rules: [{ use: { header: x-api-key, value: '${secret.o}' } }]"
  const codeOf = (
    headers: readonly string[],
    asked: Partial<Asked> = {},
    listen = '127.0.0.1:8080',
  ) => {
    const { table } = compileText(`version: 1
server: { listen: '${listen}'${asked.server ?? ''} }
clients: { required: false, tokens: { ci: { file: ci } } }
secrets: { o: { env: O } }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up, ${asked.route ?? route} }]
`)
    const decision = table.decide(view('/', [], { headers }))
    return decision.action === 'reject' ? decision.code : 'forwarded'
  }
  const trust = { server: ', trust: [192.0.2.7]' }
  test.each([
    ['is none', ['Host', 'localhost'], {}, 'forwarded'],
    ['says so', ['Host', 'localhost', 'Origin', 'https://evil.example'], {}, 'foreign_origin'],
    ['is our own', ['Host', 'localhost:8080', 'Origin', 'http://LOCALHOST:8080'], {}, 'forwarded'],
    [
      'is our own behind TLS',
      ['Host', 'localhost', 'Origin', 'https://localhost'],
      {},
      'forwarded',
    ],
    [
      'at another port',
      ['Host', 'localhost:8080', 'Origin', 'http://localhost:9000'],
      {},
      'foreign_origin',
    ],
    ['is of no host', ['Host', 'localhost', 'Origin', 'null'], {}, 'foreign_origin'],
    ['asked for a host that is none', ['Origin', 'https://evil.example'], {}, 'foreign_origin'],
    [
      'says it is of another site',
      ['Host', 'localhost', 'Sec-Fetch-Site', 'cross-site'],
      {},
      'foreign_origin',
    ],
    [
      'says it is of the same site only',
      ['Host', 'localhost', 'Sec-Fetch-Site', 'same-site'],
      {},
      'foreign_origin',
    ],
    ['says it is ours', ['Host', 'localhost', 'Sec-Fetch-Site', 'same-origin'], {}, 'forwarded'],
    ['is what the user typed', ['Host', 'localhost', 'Sec-Fetch-Site', 'none'], {}, 'forwarded'],
    ['asks by a name that it made up', ['Host', 'evil.example'], {}, 'foreign_origin'],
    [
      'asks by a name that only begins like ours',
      ['Host', 'localhost.evil.example'],
      {},
      'foreign_origin',
    ],
    ['asks by a name of ours', ['Host', 'a.localhost'], {}, 'forwarded'],
    ['asks by an address of ours', ['Host', '127.8.0.1:8080'], {}, 'forwarded'],
    ['asks by an address of ours in IPv6', ['Host', '[::1]:8080'], {}, 'forwarded'],
    ['asks by a name that only ends like an address', ['Host', 'x127.0.0.1'], {}, 'foreign_origin'],
    [
      'of an origin that is listed',
      ['Host', 'localhost', 'Origin', 'https://Good.example', 'Sec-Fetch-Site', 'cross-site'],
      { server: ', origins: [https://good.example]' },
      'forwarded',
    ],
    [
      'of any origin, where the file says so',
      ['Host', 'localhost', 'Origin', 'https://evil.example'],
      { server: ", origins: ['*']" },
      'forwarded',
    ],
    [
      'by a name that is listed',
      ['Host', 'pods.example'],
      { server: ', hosts: [pods.example]' },
      'forwarded',
    ],
    [
      'by a name below one that is listed',
      ['Host', 'a.pods.example'],
      { server: ", hosts: ['*.pods.example']" },
      'forwarded',
    ],
    [
      'by the name above it',
      ['Host', 'pods.example'],
      { server: ", hosts: ['*.pods.example']" },
      'foreign_origin',
    ],
    [
      'by the end of one alone',
      ['Host', '.pods.example'],
      { server: ", hosts: ['*.pods.example']" },
      'foreign_origin',
    ],
    [
      'by a name that only ends so',
      ['Host', 'evilpods.example'],
      { server: ", hosts: ['*.pods.example']" },
      'foreign_origin',
    ],
    ['by any name', ['Host', 'evil.example'], { server: ", hosts: ['*']" }, 'forwarded'],
    [
      'told by a trusted peer',
      ['Host', 'localhost', 'X-Forwarded-Host', 'own.example', 'Origin', 'https://own.example'],
      trust,
      'forwarded',
    ],
    [
      'told by nobody trusted',
      ['Host', 'localhost', 'X-Forwarded-Host', 'own.example', 'Origin', 'https://own.example'],
      {},
      'foreign_origin',
    ],
    [
      'with a client’s token',
      ['Host', 'localhost', 'Origin', 'https://evil.example', 'X-Keyway-Token', 'client:ci'],
      {},
      'forwarded',
    ],
    [
      'where no secret is spent',
      ['Host', 'localhost', 'Origin', 'https://evil.example'],
      { route: '' },
      'forwarded',
    ],
  ])('%s', (_, headers, asked, wanted) => {
    expect(codeOf(headers, asked)).toBe(wanted)
  })

  test.each([
    ['an open port', '0.0.0.0:8080'],
    ['a unix socket', 'unix:/run/keyway.sock'],
  ])('on %s any host may be ours', (_, listen) => {
    expect(codeOf(['Host', 'gateway.example'], {}, listen)).toBe('forwarded')
  })

  test('a route that names its hosts has them asked for', () => {
    const { table } = compileText(`version: 1
secrets: { o: { env: O } }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /*, hosts: [own.example] }, upstream: up, ${route} }]
`)
    const decision = table.decide(view('/', [], { headers: ['Host', 'own.example'] }))
    expect(decision.action).toBe('forward')
  })
})
