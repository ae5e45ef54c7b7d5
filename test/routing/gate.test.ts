import { describe, expect, test } from 'vitest'
import { compileText, view } from '../support/compile-text.ts'

const ANT = 'sk-ant-api03-FAKEfakeFAKE1234'
const OPENAI = 'sk-proj-FAKEfakeFAKE1234'
const REFRESH = 'sk-ant-ort01-FAKEfakeFAKE1234'
const basic = (user: string, password: string): string => `Basic ${btoa(`${user}:${password}`)}`

/** What becomes of a request: the code of a refusal, or what leaves beside Keyway's own fields. */
function decide(file: string, target: string, headers: string[]): string | string[] {
  const { table } = compileText(`version: 1\n${file}`)
  const decision = table.decide(view(target, headers))
  if (decision.action === 'reject') {
    for (const value of [ANT, OPENAI, REFRESH]) expect(decision.message).not.toContain(value)
    return `${decision.status} ${decision.code}`
  }
  const own = /^(x-forwarded-(for|proto|host)|x-request-id)$/i
  return [
    decision.target,
    ...decision.headers.flatMap((name, i, all) =>
      i % 2 === 0 && !own.test(name) ? [`${name}: ${all[i + 1]}`] : [],
    ),
  ]
}

const openaiOnly = `
upstreams: { up: { url: https://up.example, accepts: [openai] } }
routes: [{ name: r, match: { path: /* }, upstream: up }]`

describe('one field, two credentials', () => {
  test.each([
    ['a comma in a bare value', 'x-api-key', `${ANT}, ${OPENAI}`],
    ['a space in a bare value', 'x-api-key', `${ANT} ${OPENAI}`],
    ['a tab in a bare value', 'x-api-key', `${ANT}\t${OPENAI}`],
    ['a bare value in authorization', 'authorization', `${OPENAI} ${ANT}`],
    ['an opaque value', 'authorization', `Token ${OPENAI},${ANT}`],
    ['an opaque value outside of authorization', 'x-goog-api-key', `ApiKey ${OPENAI} ${ANT}`],
    ['a bound scheme outside of authorization', 'x-api-key', basic('user', ANT)],
    ['a word that is no scheme', 'authorization', `Chicken ${ANT}`],
    ['a challenge behind Basic', 'authorization', `${basic('a', 'b')}, Bearer ${ANT}`],
    ['a value behind Basic', 'authorization', `${basic('a', 'b')} ${ANT}`],
    ['a challenge behind Digest', 'authorization', `Digest username="a", Bearer ${ANT}`],
    ['a prefix within Digest', 'authorization', `Digest username="${ANT}", uri="/"`],
    ['a refresh token in a list', 'api-key', `${OPENAI}, ${REFRESH}`],
    ['two keys in Basic', 'authorization', basic(OPENAI, ANT)],
    ['two keys in Token', 'authorization', `Token token="${OPENAI}", email="${ANT}"`],
    ['a challenge behind Token', 'authorization', `Token token="${OPENAI}", Bearer ${ANT}`],
  ])('%s is malformed', (_, name, value) => {
    expect(decide(openaiOnly, '/', [name, value])).toBe('400 credential_malformed')
  })
})

describe('a credential that is not accepted is sent nowhere', () => {
  const pair = `a=1; k=${ANT}; b=2`
  test.each([
    ['in any header', ['x-echo', ANT]],
    ['behind a comma in a header', ['x-echo', `a,${ANT}`]],
    ['behind a semicolon in a header', ['x-echo', `a;${ANT}`]],
    ['in quotes', ['x-echo', `"${ANT}"`]],
    ['percent-encoded', ['x-echo', encodeURIComponent(`"${ANT}"`).replaceAll('-', '%2D')]],
    ['percent-encoded twice', ['x-echo', ANT.replaceAll('-', '%252D')]],
    ['in a URL in a URL', ['referer', `https://a.example/?u=%2Fx%3Fu%3D%252F%253Fkey%253D${ANT}`]],
    ['in base64', ['x-echo', btoa(ANT)]],
    ['as the name of a header', [ANT, 'x']],
    ['in base64 for URLs', ['x-echo', Buffer.from(ANT).toString('base64url')]],
    ['in a cookie', ['cookie', pair]],
    ['in a quoted cookie', ['cookie', `k="${ANT}"`]],
    ['in an encoded cookie', ['cookie', `k=${encodeURIComponent(`"${ANT}"`)}`]],
    ['in a cookie in base64', ['cookie', `k=${btoa(ANT)}`]],
    ['as the password of Basic', ['authorization', basic('user', ANT)]],
    ['as the user of Basic', ['authorization', basic(ANT, '')]],
    ['as the token of Token', ['authorization', `Token token="${ANT}"`]],
    ['in Basic of another header', ['x-upstream-authorization', basic('user', ANT)]],
    ['behind another in one value', ['x-api-key', `${OPENAI};${ANT}`]],
    ['in Basic of another header, in any case', ['x-a', `bAsIc  ${btoa(`u:${ANT}`)}`]],
    ['in a referer', ['referer', `https://a.example/?key=${ANT}`]],
  ])('%s', (_, headers) => {
    expect(decide(openaiOnly, '/', headers)).toBe('403 credential_not_accepted')
  })

  test.each([
    ['a parameter of any name', `/?q=${ANT}`],
    ['a parameter, encoded', `/?q=%22${ANT.replaceAll('-', '%2d')}%22`],
    ['the path', `/bot/${ANT}/x`],
  ])('in %s', (_, target) => {
    expect(decide(openaiOnly, target, [])).toBe('403 credential_not_accepted')
  })

  test('as the method', () => {
    const { table } = compileText(`version: 1\n${openaiOnly}`)
    const request = view('/', [], { method: ANT })
    expect(table.decide(request)).toMatchObject({ status: 403, code: 'credential_not_accepted' })
  })

  test('nor does a kind that never travels leave for an upstream that accepts all', () => {
    const file = openaiOnly.replace(', accepts: [openai]', '')
    for (const headers of [
      ['x-echo', REFRESH],
      ['cookie', `a="${REFRESH}"`],
      ['authorization', basic('u', REFRESH)],
    ])
      expect(decide(file, '/', headers)).toBe('403 credential_refused')
    expect(decide(file, `/?next=${REFRESH}`, [])).toBe('403 credential_refused')
  })
})

describe('what only looks like a credential passes', () => {
  test.each([
    ['Slovak', ['accept-language', 'sk-SK,sk;q=0.9,en-US;q=0.8']],
    ['a library', ['user-agent', 'unknown/None; hf_hub/0.23.0; hf_transfer/0.1; sk-learn/1.4']],
    ['a host', ['x-served-by', 'sk-node01.example.com']],
    ['a model', ['x-model', 'xai-grok-4-0709']],
    ['a JSON cookie', ['cookie', 'prefs=eyJ0aGVtZSI6ImRhcmsifQ==']],
    ['a word that holds a prefix', ['x-task', 'task-ant-hill-sk-proj-FAKE1234']],
  ])('%s', (_, [name, value]) => {
    expect(decide(openaiOnly, '/', [name as string, value as string])).toEqual([
      '/',
      `${name}: ${value}`,
    ])
  })
})

describe('places that a provider knows', () => {
  const provider = (name: string, url: string, rules = ''): string => `
secrets: { o: { env: O } }
upstreams: { up: { provider: ${name}, url: ${url} } }
routes: [{ name: r, match: { path: /* }, upstream: up${rules} }]`
  const inject =
    ", rules: [{ use: { header: authorization, scheme: Bearer, value: '${secret.o}' } }]"

  test.each([
    [
      'a subprotocol of OpenAI is the credential',
      provider('openai', 'https://a.example'),
      '/',
      ['Sec-WebSocket-Protocol', `realtime, openai-insecure-api-key.${OPENAI}`],
      ['/', 'Sec-WebSocket-Protocol: realtime', `authorization: Bearer ${OPENAI}`],
    ],
    [
      'is cleared beside a secret',
      provider('openai', 'https://a.example', inject),
      '/',
      ['Sec-WebSocket-Protocol', `realtime, openai-insecure-api-key.${OPENAI}`],
      ['/', 'Sec-WebSocket-Protocol: realtime', 'authorization: Bearer secret:o'],
    ],
    [
      'is bound by what is accepted',
      provider('openai', 'https://a.example'),
      '/',
      ['Sec-WebSocket-Protocol', `realtime, openai-insecure-api-key.${ANT}`],
      '403 credential_not_accepted',
    ],
    [
      "Deepgram's pair",
      provider('deepgram', 'https://a.example'),
      '/',
      ['Sec-WebSocket-Protocol', 'token, FAKEdeepgram'],
      ['/', 'authorization: Token FAKEdeepgram'],
    ],
    [
      "Azure's parameter",
      provider('azure-openai', 'https://a.example', inject),
      '/?api-key=FAKE&api-version=1',
      [],
      ['/?api-version=1', 'authorization: Bearer secret:o'],
    ],
    [
      "Gemini's access token",
      provider('gemini', 'https://a.example'),
      '/?access_token=ya29.FAKEfakeFAKE&a=1',
      [],
      ['/?a=1', 'authorization: Bearer ya29.FAKEfakeFAKE'],
    ],
  ])('%s', (_, file, target, headers, expected) => {
    expect(decide(file, target, headers)).toEqual(expected)
  })
})

describe('places that nobody looks in', () => {
  const plain = openaiOnly.replace(', accepts: [openai]', '')
  test.each([
    ['a parameter', `/?api_key=${OPENAI}`, []],
    ['a parameter whose name tells', `/?openai_api_key=${OPENAI}`, []],
    ['a parameter in capitals', `/?accessToken=${OPENAI}`, []],
    ['a parameter beside a header', `/?token=${ANT}`, ['authorization', `Bearer ${OPENAI}`]],
    ['a parameter with something behind it', `/?token=${OPENAI}+x`, []],
    ['a parameter behind a scheme', `/?token=Bearer%20${OPENAI}`, []],
    ['a parameter in Rails’ words', `/?token=Token+token%3D%22${OPENAI}%22`, []],
    [
      'a subprotocol',
      '/',
      ['sec-websocket-protocol', `realtime, openai-insecure-api-key.${OPENAI}`],
    ],
    ['a bare subprotocol', '/', ['sec-websocket-protocol', `a, ${OPENAI}`]],
  ])('%s', (_, target, headers) => {
    expect(decide(plain, target, headers)).toBe('403 credential_misplaced')
  })

  test('but a parameter of no known kind is nobody else’s business', () => {
    expect(decide(plain, '/?key=FAKE&token=1', [])).toEqual(['/?key=FAKE&token=1'])
  })
})

describe('places that a file names', () => {
  const file = (from: string, use: string): string => `
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up, credential: { from: [${from}] }, rules: [{ use: ${use} }] }]`
  test.each([
    [
      'a cookie',
      file('cookie session', 'x-key'),
      ['Cookie', 'a=1; session=%22FAKE%22; b=2'],
      ['/', 'Cookie: a=1; b=2', 'x-key: "FAKE"'],
    ],
    [
      'the only cookie',
      file('cookie session', 'x-key'),
      ['Cookie', 'session="FAKE"'],
      ['/', 'x-key: FAKE'],
    ],
    [
      'into a cookie',
      file('authorization', 'cookie session'),
      ['authorization', 'Bearer FAKE', 'Cookie', 'a=1; session=old'],
      ['/', 'Cookie: a=1; session=FAKE'],
    ],
    [
      'into the first cookie',
      file('authorization', 'cookie session'),
      ['authorization', 'Bearer FAKE'],
      ['/', 'Cookie: session=FAKE'],
    ],
    [
      'into a subprotocol',
      file('authorization', 'subprotocol key.*'),
      ['authorization', 'Bearer FAKE', 'Sec-WebSocket-Protocol', 'a, key.old'],
      ['/', 'Sec-WebSocket-Protocol: a, key.FAKE'],
    ],
    [
      'behind a word',
      file('authorization', 'subprotocol token *'),
      ['authorization', 'Bearer FAKE'],
      ['/', 'Sec-WebSocket-Protocol: token, FAKE'],
    ],
  ])('%s', (_, text, headers, expected) => {
    expect(decide(text, '/', headers)).toEqual(expected)
  })

  test('a cookie that no rule moves stays as it came', () => {
    const text = file('cookie session', 'x-key').replace(', rules: [{ use: x-key }]', '')
    const headers = ['Cookie', 'a=1;session="FAKE"']
    expect(decide(text, '/', headers)).toEqual(['/', 'Cookie: a=1;session="FAKE"'])
  })
})

describe('Basic', () => {
  const file = (basicUse: string): string => `
secrets: { o: { env: O } }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up, rules: [{ use: { basic: ${basicUse} } }] }]`

  test('is made of a user and a secret', () => {
    expect(decide(file("{ user: x-access-token, password: '${secret.o}' }"), '/', [])).toEqual([
      '/',
      `authorization: Basic ${btoa('x-access-token:secret:o')}`,
    ])
  })

  test("is made of the client's own credential", () => {
    const text = file("{ user: '${credential}', password: '' }")
    expect(decide(text, '/', ['x-api-key', 'FAKE'])).toEqual([
      '/',
      `authorization: Basic ${btoa('FAKE:')}`,
    ])
  })

  test('is bound by what the upstream accepts', () => {
    const text = file("{ user: u, password: '${credential}' }").replace(
      'up: https://up.example',
      'up: { url: https://up.example, accepts: [github] }',
    )
    expect(decide(text, '/', ['x-api-key', OPENAI])).toBe('403 credential_not_accepted')
    expect(decide(text, '/', ['x-api-key', 'ghp_FAKE'])).toEqual([
      '/',
      `authorization: Basic ${btoa('u:ghp_FAKE')}`,
    ])
  })

  test('is never a text that is not encoded', () => {
    const use = "{ header: authorization, scheme: Basic, value: '${secret.o}' }"
    const text = file('{ user: a, password: b }').replace(
      '{ basic: { user: a, password: b } }',
      use,
    )
    expect(decide(text, '/', [])).toBe('400 bad_value')
  })

  test('takes no colon in the user', () => {
    const text = file("{ user: '${request.header.x-user}', password: a }")
    expect(decide(text, '/', ['x-user', 'a:b'])).toBe('400 bad_value')
  })
})

describe('what a refusal says of what was found', () => {
  const told = (file: string, target: string, headers: string[], readSecret = () => OPENAI) => {
    const { table } = compileText(`version: 1\n${file}`, { readSecret })
    const decision = table.decide(view(target, headers))
    return decision.action === 'reject' ? decision.message : 'forwarded'
  }
  const withSecret = (accepts: string) => `
secrets: { o: { env: O } }
upstreams: { up: { url: https://up.example${accepts} } }
routes: [{ name: r, match: { path: /* }, upstream: up, request: { set: { x-note: 'a ${'${secret.o}'}' } } }]`
  test.each([
    [
      'in a header',
      openaiOnly,
      '/',
      ['X-Echo', ANT],
      'A credential of kind anthropic-api-key (an Anthropic API key) stands in the header x-echo, which up does not accept.',
    ],
    [
      'in the target',
      openaiOnly,
      `/?q=${ANT}`,
      [],
      'A credential of kind anthropic-api-key (an Anthropic API key) stands in the path or the query, which up does not accept.',
    ],
    [
      'in a parameter that nobody looks in',
      openaiOnly,
      `/?a=1&token=${OPENAI}`,
      [],
      'A credential of kind openai (an OpenAI API key) stands in the query parameter token, where this route looks for none. Send it in a header, or name that place under "credential.from".',
    ],
    [
      'in a subprotocol that nobody looks in',
      openaiOnly,
      '/',
      ['Sec-WebSocket-Protocol', `a, ${OPENAI}`],
      'A credential of kind openai (an OpenAI API key) stands in the header sec-websocket-protocol, where this route looks for none. Send it in a header, or name that place under "credential.from".',
    ],
    [
      'in a secret',
      withSecret(', accepts: [anthropic-api-key]'),
      '/',
      [],
      'A credential of kind openai (an OpenAI API key) stands in the secret o, which up does not accept.',
    ],
    ['in a secret that is accepted', withSecret(', accepts: [openai]'), '/', [], 'forwarded'],
  ])('%s', (_, file, target, headers, wanted) => {
    expect(told(file, target, headers)).toBe(wanted)
  })

  test.each([
    ['of no known kind', () => 'opaque-FAKE', 'forwarded'],
    [
      'of a kind that never travels',
      () => REFRESH,
      /^A credential of kind anthropic-refresh .*stands in the secret o, and is never forwarded\. /,
    ],
  ])('a secret %s', (_, readSecret, wanted) => {
    expect(told(withSecret(', accepts: [openai]'), '/', [], readSecret)).toMatch(wanted)
  })
})

test.each([
  ['a name that tells it', 'token'],
  ['a name that tells it in capitals', 'OPENAI_API_KEY'],
  ['a name that tells it, encoded', 'to%6Ben'],
  ['a name with a space', 'my+auth'],
])('a parameter with %s that nobody looks in on this route is refused', (_, name) => {
  const routes = `
upstreams: { up: { url: https://up.example } }
routes: [{ name: r, match: { path: /r }, upstream: up, credential: { from: [authorization] } }]`
  expect(decide(routes, `/r?a=1&${name}=${OPENAI}`, [])).toBe('403 credential_misplaced')
  expect(decide(routes, `/r?a=1&${name}x=${OPENAI}`, [])).toEqual([`/r?a=1&${name}x=${OPENAI}`])
})

test('a kind that never travels is not accepted by being named', () => {
  const file = `
secrets: { o: { env: O } }
upstreams: { up: { url: https://up.example, accepts: [anthropic-refresh] } }
routes: [{ name: r, match: { path: /* }, upstream: up, request: { set: { x-note: '${'${secret.o}'}' } } }]`
  const { table } = compileText(`version: 1\n${file}`, { readSecret: () => REFRESH })
  expect(table.decide(view('/'))).toMatchObject({ code: 'credential_refused' })
})

describe('a parameter', () => {
  const secret = `
secrets: { o: { env: O } }
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up, rewrite: { query: { set: { api_key: '${'${secret.o}'}' } } } }]`
  const placed = `
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up, rules: [{ use: query api_key }] }]`
  test('of a secret is meant', () => {
    const { table } = compileText(`version: 1\n${secret}`, { readSecret: () => OPENAI })
    expect(table.decide(view('/'))).toMatchObject({ target: `/?api_key=${OPENAI}` })
  })

  test('beside a secret is no more meant than without one', () => {
    expect(decide(secret, '/', [])).toEqual(['/?api_key=secret%3Ao'])
    expect(decide(secret, `/?token=${OPENAI}`, [])).toBe('403 credential_misplaced')
  })

  test('that a rule writes is meant, and no other', () => {
    const headers = ['authorization', `Bearer ${OPENAI}`]
    expect(decide(placed, '/?a=1', headers)).toEqual([`/?a=1&api_key=${OPENAI}`])
    expect(decide(placed, `/?token=${OPENAI}`, headers)).toBe('403 credential_misplaced')
  })

  test.each([
    ['at the very front', `/?token=${OPENAI}`],
    ['behind others', `/?a=1&b&token=${OPENAI}`],
    ['behind a second mark', `/?a=1?&token=${OPENAI}`],
  ])('%s', (_, target) => {
    const plain = openaiOnly.replace(', accepts: [openai]', '')
    expect(decide(plain, target, [])).toBe('403 credential_misplaced')
  })

  test.each([
    ['whose name does not tell', `/?note=${OPENAI}`],
    ['that only holds one', `/?token=a%20${OPENAI}`],
    ['that stands in a path, and so is none', `/a&token=${OPENAI}`],
    ['that is the word null', '/null?a=null'],
  ])('%s passes', (_, target) => {
    const plain = openaiOnly.replace(', accepts: [openai]', '')
    expect(decide(plain, target, [])).toEqual([target])
  })
})

describe('a subprotocol', () => {
  const file = `
upstreams: { up: https://up.example }
routes: [{ name: r, match: { path: /* }, upstream: up, rules: [{ use: 'subprotocol key.*' }] }]`
  test('that a rule writes is meant', () => {
    expect(decide(file, '/', ['authorization', `Bearer ${OPENAI}`])).toEqual([
      '/',
      `Sec-WebSocket-Protocol: key.${OPENAI}`,
    ])
  })

  test('that a rule writes in the place of one that was sent is meant', () => {
    const headers = ['authorization', `Bearer ${OPENAI}`, 'sec-websocket-protocol', 'a, key.old']
    expect(decide(file, '/', headers)).toEqual(['/', `sec-websocket-protocol: a, key.${OPENAI}`])
  })

  test('that all clients of an upstream know is no credential', () => {
    expect(decide(openaiOnly, '/', ['sec-websocket-protocol', 'chat, realtime'])).toEqual([
      '/',
      'sec-websocket-protocol: chat, realtime',
    ])
  })
})

describe('what a WebSocket’s client is told, whose subprotocol was its credential', () => {
  const file = (provider: string) => `version: 1
upstreams: { up: { provider: ${provider}, url: https://a.example } }
routes: [{ name: r, match: { path: /* }, upstream: up }]`
  const chosen = (provider: string, offered: string | null): string | null => {
    const headers = offered === null ? [] : ['Sec-WebSocket-Protocol', offered]
    const decision = compileText(file(provider)).table.decide(view('/', headers))
    if (decision.action === 'reject') throw new Error(decision.code)
    return decision.subprotocol
  }
  test.each([
    [
      'the word before it, where nothing else was offered',
      'deepgram',
      'token, FAKEdeepgram',
      'token',
    ],
    ['nothing, where more was', 'deepgram', 'chat, token, FAKEdeepgram', null],
    ['nothing, where none was', 'deepgram', null, null],
    ['nothing, where it is none', 'deepgram', 'chat', null],
    [
      'nothing, where no word stands before it',
      'openai',
      `openai-insecure-api-key.${OPENAI}`,
      null,
    ],
    ['nothing, of a provider that knows none', 'together', 'token, FAKE', null],
  ])('%s', (_, provider, offered, wanted) => {
    expect(chosen(provider, offered)).toBe(wanted)
  })
})
