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

test.each([
  { name: 'bare', field: ' nobodys ', asked: ['nobodys'] },
  { name: 'with a comma', field: 'no,body', asked: ['no,body'] },
  { name: 'under a scheme', field: 'Bearer nobodys', asked: ['nobodys', 'Bearer nobodys'] },
])('a token is looked up once for each way to read its field: $name', ({ field, asked }) => {
  const tokens: string[] = []
  const identifyClient = (token: string): null => {
    tokens.push(token)
    return null
  }
  const text = `
version: 1
clients: { tokens: { alice: { file: a.sha256 } } }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up }]`
  compileText(text, { identifyClient }).table.decide(view('/', ['x-keyway-token', field]))
  expect(tokens).toEqual(asked)
})

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

describe('a token beside the one that was looked at', () => {
  const first = ['authorization', `Bearer ${TOKEN}`]
  test.each([
    ['bare', '/', ['x-api-key', TOKEN], ['/']],
    ['bare, with spaces', '/', ['x-goog-api-key', ` ${TOKEN}\t`], ['/']],
    ['under a scheme', '/', ['x-api-key', `Token  ${TOKEN} `], ['/']],
    ["as Basic's password", '/', ['x-other', `Basic ${btoa(`u:${TOKEN}`)}`], ['/']],
    ['as the only cookie', '/', ['cookie', `keyway=${TOKEN}`], ['/']],
    ['as the first cookie', '/', ['cookie', `keyway=${TOKEN}; a=1`], ['/', 'cookie: a=1']],
    ['as an encoded cookie', '/', ['cookie', 'a=1;keyway=client%3Aalice'], ['/', 'cookie: a=1']],
    [
      'as a subprotocol of two',
      '/',
      ['sec-websocket-protocol', `chat, keyway.${TOKEN}`],
      ['/', 'sec-websocket-protocol: chat'],
    ],
    ['as the only subprotocol', '/', ['sec-websocket-protocol', `keyway.${TOKEN}`], ['/']],
    ['as the only parameter', `/a?key=${TOKEN}`, [], ['/a']],
    ['as a parameter of several', `/a?b=1&key=${TOKEN}&c=`, [], ['/a?b=1&c=']],
  ])('%s does not leave', (_, target, more, wanted) => {
    expect(decide(LIST, '', target, [...first, ...more])).toEqual({ client: 'alice', sent: wanted })
  })

  test.each([
    ['a longer word', ['x-other', `${TOKEN}-and-more`]],
    ['a scheme that is bound', ['x-other', `Digest ${TOKEN}`]],
    ['base64', ['x-other', btoa(TOKEN)]],
    ['base64 among others', ['x-other', `v1.${btoa(`{"t":"${TOKEN}"}`)}`]],
    ['a URL in a URL', ['referer', 'https://a.example/?u=%2Fx%3Ft%3Dclient%253Aalice']],
    ['a cookie that only holds it', ['cookie', `a=x${TOKEN}`]],
    ['a subprotocol of another name', ['sec-websocket-protocol', `other.${TOKEN}`]],
  ])('%s is not taken out, and stops the request', (_, more) => {
    expect(decide(LIST, '', '/', [...first, ...more]).answer).toBe('403 credential_misplaced')
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
    ['encoded in a header', '/', ['x-echo', `a=${encodeURIComponent(TOKEN)}`]],
    ['encoded in a path', `/${encodeURIComponent(TOKEN)}/x`, []],
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

describe('a request without a token is told', () => {
  const told = (headers: readonly string[]): string => {
    const { table } = compileText(`
version: 1
clients: { header: authorization, tokens: { alice: { file: a.sha256 } } }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up }]`)
    const decision = table.decide(view('/', headers))
    return decision.action === 'reject' ? decision.message : 'forwarded'
  }
  test.each([
    ['that none was sent', [], 'none was sent'],
    ['that none was sent, but blanks', ['authorization', ' '], 'none was sent'],
    ['that it is nobody’s', ['authorization', 'Bearer eve'], "the one sent is nobody's"],
  ])('%s', (_, headers, words) => {
    expect(told(headers)).toBe(
      `This proxy wants a client token in the header authorization; ${words}.`,
    )
  })
})

describe('a preflight of CORS', () => {
  const answered = (preflight: string, method: string, headers: readonly string[]): string => {
    const { table } = compileText(`
version: 1
clients: { ${preflight} tokens: { alice: { file: a.sha256 } } }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up }]`)
    const decision = table.decide(view('/', headers, { method }))
    return decision.action === 'reject' ? decision.code : 'forwarded'
  }
  const asks = ['Origin', 'https://a.example', 'Access-Control-Request-Method', 'POST']
  test.each([
    ['needs no token where the file says so', 'preflight: open,', 'OPTIONS', asks, 'forwarded'],
    ['needs one otherwise', '', 'OPTIONS', asks, 'client_unauthenticated'],
    ['is an OPTIONS', 'preflight: open,', 'POST', asks, 'client_unauthenticated'],
    [
      'asks for a method',
      'preflight: open,',
      'OPTIONS',
      asks.slice(0, 2),
      'client_unauthenticated',
    ],
    ['has an origin', 'preflight: open,', 'OPTIONS', asks.slice(2), 'client_unauthenticated'],
  ])('%s', (_, preflight, method, headers, wanted) => {
    expect(answered(preflight, method, headers)).toBe(wanted)
  })
})

test("a preflight leaves without a token that is nobody's", () => {
  const { table } = compileText(`
version: 1
clients: { preflight: open, tokens: { alice: { file: a.sha256 } } }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up }]`)
  const asks = ['Origin', 'https://a.example', 'Access-Control-Request-Method', 'POST']
  const decision = table.decide(
    view('/', [...asks, 'X-Keyway-Token', 'client:mallory'], { method: 'OPTIONS' }),
  )
  expect(decision.action).toBe('forward')
  expect(JSON.stringify(decision.action === 'forward' && decision.headers)).not.toContain('mallory')
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
