import { describe, expect, test } from 'vitest'
import { compileText, view } from '../support/compile-text.ts'

const TOKEN = 'client:alice'
const KEY = 'sk-proj-FAKEfakeFAKE1234'

interface Outcome {
  readonly answer?: string
  readonly client?: string | undefined
  readonly sent?: readonly string[]
}

/** What becomes of a request on a route with these rules, where tokens stand in these places. */
function decide(header: string, rules: string, target: string, headers: string[]): Outcome {
  const { table } = compileText(`
version: 1
secrets: { o: { env: O } }
clients: { header: ${header}, tokens: { alice: { file: a.sha256 } } }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up, rules: [${rules}] }]`)
  const decision = table.decide(view(target, headers))
  const client = decision.client?.name
  if (decision.action === 'reject') return { answer: `${decision.status} ${decision.code}` }
  const own = /^(x-forwarded-(for|proto|host)|x-request-id)$/i
  const sent = [
    decision.target,
    ...decision.headers.flatMap((name, i, all) =>
      i % 2 === 0 && !own.test(name) ? [`${name}: ${all[i + 1]}`] : [],
    ),
  ]
  expect(sent.join()).not.toContain(TOKEN)
  return { client, sent }
}

const LIST =
  '[authorization, x-api-key, x-goog-api-key, query key, subprotocol keyway.*, cookie keyway]'

describe('a token in any place that the file names', () => {
  const basic = (user: string, password: string): string => `Basic ${btoa(`${user}:${password}`)}`
  test.each([
    ['alone in its header', 'x-keyway-token', '/', ['x-keyway-token', TOKEN]],
    ['under a scheme', 'authorization', '/', ['Authorization', `Bearer ${TOKEN}`]],
    ['under a scheme in any case', 'authorization', '/', ['Authorization', `bEARER ${TOKEN}`]],
    ['bare in authorization', 'authorization', '/', ['Authorization', TOKEN]],
    ["as Basic's password", 'authorization', '/', ['Authorization', basic('x', TOKEN)]],
    ["as Basic's user", 'authorization', '/', ['Authorization', basic('client', '')]],
    ['as an SDK’s key', 'x-api-key', '/', ['x-api-key', TOKEN]],
    ['in the second place of a list', LIST, '/', ['x-api-key', TOKEN]],
    ['in a parameter', LIST, `/?key=${TOKEN}`, []],
    ['in an encoded parameter', LIST, `/?key=${encodeURIComponent(TOKEN)}`, []],
    ['in a subprotocol', LIST, '/', ['sec-websocket-protocol', `keyway.${TOKEN}`]],
    ['in a cookie', LIST, '/', ['cookie', `keyway=${TOKEN}`]],
    ['in two places', LIST, '/', ['authorization', `Bearer ${TOKEN}`, 'x-api-key', TOKEN]],
  ])('%s is taken, and does not leave', (name, header, target, headers) => {
    if (name === "as Basic's user") {
      // The stand-in token holds a colon, which no user may.
      expect(decide(header, '', target, headers).answer).toBe('401 client_unauthenticated')
      return
    }
    expect(decide(header, '', target, headers)).toEqual({ client: 'alice', sent: ['/'] })
  })

  test('what stands beside it stays', () => {
    const headers = ['cookie', `a=1; keyway=${TOKEN}; b=2`, 'Sec-WebSocket-Protocol', 'chat']
    expect(decide(LIST, '', '/?a=1', headers).sent).toEqual([
      '/?a=1',
      'cookie: a=1; b=2',
      'Sec-WebSocket-Protocol: chat',
    ])
  })
})

describe('a token is no credential', () => {
  test('for a rule that asks for one', () => {
    const rules = '{ if: { credential: { present: true } }, reject: 418 }'
    expect(decide('x-api-key', rules, '/', ['x-api-key', TOKEN]).sent).toEqual(['/'])
  })

  test('and the credential beside it is found', () => {
    const sent = ['authorization', `Bearer ${TOKEN}`, 'x-api-key', KEY]
    expect(decide(LIST, '{ use: authorization bearer }', '/', sent).sent).toEqual([
      '/',
      `authorization: Bearer ${KEY}`,
    ])
  })

  test('nor for templates', () => {
    const rules = "{ use: { header: x-key, value: 'k${request.header.authorization}' } }"
    expect(decide(LIST, rules, '/', ['authorization', `Bearer ${TOKEN}`]).sent).toEqual([
      '/',
      'x-key: k',
    ])
  })

  test('beside a secret nothing else leaves', () => {
    const rules = "{ use: { header: x-api-key, value: '${secret.o}' } }"
    expect(decide('x-api-key', rules, '/', ['x-api-key', TOKEN]).sent).toEqual([
      '/',
      'x-api-key: secret:o',
    ])
  })
})

describe('it never leaves', () => {
  test.each([
    ['in a header of another kind', '/', ['x-echo', `a ${TOKEN}`]],
    ['in a path', `/${TOKEN}/x`, []],
    ['in a parameter', `/?a=x${TOKEN}`, []],
  ])('%s', (_, target, headers) => {
    const sent = ['x-keyway-token', TOKEN, ...headers]
    expect(decide('x-keyway-token', '', target, sent).answer).toBe('403 credential_misplaced')
  })

  test('beside an older one in the same header', () => {
    const sent = ['x-keyway-token', TOKEN, 'X-Keyway-Token', 'client:', 'x-other', '1']
    expect(decide('x-keyway-token', '', '/', sent).sent).toEqual(['/', 'x-other: 1'])
  })
})

describe('where none need be shown', () => {
  const optional = 'authorization, required: false'
  test('a key in the same header is a credential', () => {
    const sent = ['authorization', `Bearer ${KEY}`]
    expect(decide(optional, '{ use: x-api-key }', '/', sent)).toEqual({
      client: undefined,
      sent: ['/', `x-api-key: ${KEY}`],
    })
  })

  test('but one in a header of its own is somebody’s', () => {
    const { answer } = decide('x-keyway-token, required: false', '', '/', ['x-keyway-token', 'eve'])
    expect(answer).toBe('401 client_unauthenticated')
  })
})

test('a request without a token says where one is wanted', () => {
  const { table } = compileText(`
version: 1
clients: { header: [authorization, query key], tokens: { alice: { file: a.sha256 } } }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up }]`)
  expect(table.decide(view('/'))).toMatchObject({
    status: 401,
    message:
      'This proxy wants a client token in the header authorization or the query parameter key; none was sent.',
  })
})
