import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandOutcome, run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyway-explain-'))
afterAll(() => rmSync(folder, { recursive: true }))

const FILE = `version: 1
secrets: { own: { env: OWN } }
clients: { tokens: { ci: { file: ci.sha256 } }, required: false }
upstreams:
  up: { url: https://api.example.com, accepts: [openai, unknown] }
  far: { url: https://far.example.com, accepts: [anthropic-api-key] }
  claude: { provider: anthropic }
  pair: { targets: [https://one.example.com, https://two.example.com] }
routes:
  - name: a
    match: { path: /a/* }
    rewrite: { strip: /a }
    upstream: up
    fallback: [{ on: [503], upstream: far }]
    rules:
      - { name: seen, if: { header: { x-team: red } }, request: { set: { x-seen: '1' } }, continue: true }
      - { name: both, if: { all: [{ method: POST }, { any: [{ header: { x-a: b } }, { query: { q: z } }] }] }, use: x-api-key }
      - { name: key, if: { credential: { kind: openai } }, use: x-api-key }
      - { name: last, use: none }
  - { name: a-post, match: { path: /a/*, methods: [POST] }, upstream: up }
  - { name: claude, match: { path: /claude/* }, upstream: claude }
  - { name: pair, match: { path: /pair, hosts: [x.example] }, upstream: pair }
  - { name: no, match: { path: /no }, upstream: up, rules: [{ name: never, reject: 403 }] }
  - { name: e, match: { path: /e }, upstream: up, rules: [{ name: k, if: { method: POST }, use: x-api-key, else: { reject: 403 } }] }
`

/** What is told of the route `pair`, asked for from an address. */
const pairFor = (ip: string): string => `GET /pair

route       pair
credential  none
upstream    pair (https://one.example.com, https://two.example.com)
path        /pair
headers     - host: x.example
            + host: one.example.com
            + x-forwarded-for: ${ip}
            + x-forwarded-proto: http
            + x-forwarded-host: x.example
            + x-request-id: explain
`

beforeAll(() => {
  writeFileSync(join(folder, 'routes.yaml'), FILE)
  writeFileSync(join(folder, 'plain.yaml'), FILE.replace(/^clients: .*$/m, ''))
})

const explain = (...args: string[]): Promise<CommandOutcome> =>
  run(['explain', '--config', 'routes.yaml', ...args], { cwd: folder, env: { OWN: 'sk-FAKE-own' } })

const PROTOCOL = 'sec-websocket-protocol'

/** The keys of fingerprints die with the process. */
const faded = (text: string): string => text.replaceAll(/\b[0-9a-f]{8}\b/g, 'FINGERS')

const rows: { name: string; args: string[]; text: string }[] = [
  {
    name: 'each rule, why it does not hold, and which parts of it do',
    args: ['/a/x?q=1'],
    text: `GET /a/x?q=1

route       a
credential  none
rules       - seen: does not hold: header x-team is red; there is no x-team
            - both: does not hold: method is POST and (header x-a is b or query q is z)
              - method is POST; method is GET
              - header x-a is b or query q is z
                - header x-a is b; there is no x-a
                - query q is z; query q is another
            - key: does not hold: credential kind openai; credential kind is absent
            + last: always holds
upstream    up (https://api.example.com)
            accepts openai, unknown
fallback    on 503: far
path        /x?q=1
headers     - host: localhost
            + host: api.example.com
            + x-forwarded-for: 127.0.0.1
            + x-forwarded-proto: http
            + x-forwarded-host: localhost
            + x-request-id: explain
`,
  },
  {
    name: 'rules that hold, and the one behind them',
    args: [
      '-X',
      'PUT',
      '-H',
      'X-Team: red',
      '-H',
      'authorization: Bearer sk-proj-FAKE1234567890123456',
      '/a/',
    ],
    text: `PUT /a/

route       a
credential  openai FINGERS, in authorization under the scheme bearer
rules       + seen: holds: header x-team is red
            - both: does not hold: method is POST and (header x-a is b or query q is z)
              - method is POST; method is PUT
              - header x-a is b or query q is z
                - header x-a is b; there is no x-a
                - query q is z; there is no query q
            + key: holds: credential kind openai
              last: not reached
upstream    up (https://api.example.com)
            accepts openai, unknown
fallback    on 503: far, where it would be refused: credential_not_accepted
path        /
headers     - host: localhost
            - authorization: Bearer <openai FINGERS>
            + host: api.example.com
              x-team: red
            + x-api-key: <openai FINGERS>
            + x-forwarded-for: 127.0.0.1
            + x-forwarded-proto: http
            + x-forwarded-host: localhost
            + x-request-id: explain
            + x-seen: 1
`,
  },
  {
    name: 'the route that another outranks',
    args: ['-X', 'POST', '-H', 'X-A: b', '/a/y'],
    text: `POST /a/y

route       a-post
            rather than a (/a/*), which matches too
credential  none
upstream    up (https://api.example.com)
            accepts openai, unknown
path        /a/y
headers     - host: localhost
            + host: api.example.com
              x-a: b
            + x-forwarded-for: 127.0.0.1
            + x-forwarded-proto: http
            + x-forwarded-host: localhost
            + x-request-id: explain
`,
  },
  {
    name: 'an upstream of a provider, and its rules',
    args: ['-H', 'x-api-key: sk-ant-api03-FAKEFAKE', '-H', 'Cookie: a=b', '/claude/v1/messages'],
    text: `GET /claude/v1/messages

route       claude
credential  anthropic-api-key FINGERS, in x-api-key without a scheme
rules       - oauth: does not hold: credential kind anthropic-oauth; credential kind is anthropic-api-key
            + api-key: holds: credential kind anthropic-api-key or anthropic-admin
upstream    claude (https://api.anthropic.com)
            provider anthropic: default rules oauth, api-key
            accepts anthropic-api-key, anthropic-oauth
path        /claude/v1/messages
headers     - host: localhost
            + host: api.anthropic.com
              cookie: a=b
              x-api-key: <anthropic-api-key FINGERS>
            + x-request-id: explain
`,
  },
  {
    name: 'a URL, and an address',
    args: ['--client-ip', '10.0.0.9', 'https://u@x.example/pair#f'],
    text: pairFor('10.0.0.9'),
  },
  {
    name: 'a curl command in one word',
    args: ['curl -H "host: x.example" http://127.0.0.1:8080/pair'],
    text: pairFor('127.0.0.1'),
  },
  {
    name: 'no route',
    args: ['/none'],
    text: `GET /none

route       none matches; the nearest:
            no (/no): path is /none, wanted /no
            e (/e): path is /none, wanted /e
            a (/a/*): path is /none, wanted /a/*
            claude (/claude/*): path is /none, wanted /claude/*
            a-post (/a/*): path is /none, wanted /a/*; method is GET, wanted POST
credential  looked for when a route matches
answer      404 no_route: No route matches this request.
`,
  },
  {
    name: 'a path that is refused before a route is looked for',
    args: ['/a/../no'],
    text: `GET /a/../no

route       none is looked for
credential  looked for when a route matches
answer      400 unsafe_path: The path holds "." or ".." as a segment, or bytes that no path may hold.
`,
  },
  {
    name: 'a client by its name, and a refusal',
    args: ['--client', 'ci', '/no'],
    text: `GET /no

route       no
credential  none
rules       + never: always holds
answer      403 rejected: The configuration refuses this request.
`,
  },
  {
    name: "what requests of findings have in place of a client's token",
    args: ['-H', 'x-keyway-token: client:ci', '/no'],
    text: `GET /no

route       no
credential  none
rules       + never: always holds
answer      403 rejected: The configuration refuses this request.
`,
  },
  {
    name: 'the other side of a rule',
    args: ['/e'],
    text: `GET /e

route       e
credential  none
rules       + k: does not hold, so its else: method is POST; method is GET
answer      403 rejected: The configuration refuses this request.
`,
  },
]

test.each(rows)('$name', async ({ args, text }) => {
  const { code, stdout, stderr } = await explain(...args)
  expect({ code, stderr, stdout: faded(stdout) }).toEqual({ code: 0, stderr: '', stdout: text })
})

const METHOD = 'would be sent as it stands, and answered 400; write it in capitals'

test.each([
  { name: 'no path', args: [], says: 'explain wants a path, such as /v1/messages' },
  {
    name: 'two paths',
    args: ['/a', 'sk-FAKE'],
    says: 'explain takes one path, but got more; a header is written -H "name: value"',
  },
  { name: 'a small method', args: ['-X', 'get', '/a'], says: `the method "get" ${METHOD}` },
  {
    name: 'a method that may be a key',
    args: ['-X', 'sk-FAKE-0123', '/a'],
    says: `the method that is written ${METHOD}`,
  },
  {
    name: 'a header without a name',
    args: ['-H', ': sk-FAKE', '/a'],
    says: 'a header is written as "name: value"',
  },
  {
    name: 'a header with a line break',
    args: ['-H', 'a: sk-FAKE\nb: c', '/a'],
    says: 'the header a holds a line break, and would be answered 400',
  },
  {
    name: 'a path with a space',
    args: ['/a b'],
    says: 'a path holds no spaces, and would be answered 400; write %20',
  },
  {
    name: 'a client where there are none',
    args: ['--config', 'plain.yaml', '--client', 'ci', '/a'],
    says: '--client needs a configuration with clients',
  },
])('wrong usage: $name', async ({ args, says }) => {
  expect(await explain(...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `keyway: ${says}\nTry: keyway explain --help\n`,
  })
})

test.each([
  { args: [], answer: /^answer +503 secret_unavailable/m },
  { args: ['--stand-in-secrets'], answer: /^ +\+ x-own: /m },
])('a secret that is not at hand, with $args', async ({ args, answer }) => {
  const text = `version: 1
secrets: { own: { file: /nowhere } }
upstreams: { up: https://api.example.com }
routes: [{ name: all, match: { path: /* }, upstream: up, rules: [{ name: own, use: { header: x-own, value: '\${secret.own}' } }] }]
`
  writeFileSync(join(folder, 'secret.yaml'), text)
  const { stdout } = await explain('--config', 'secret.yaml', ...args, '/a')
  expect(stdout).toMatch(answer)
})

test.each([
  {
    name: 'in a subprotocol',
    places: 'subprotocol token.*',
    args: ['-H', `${PROTOCOL}: token.client:ci`, '/a'],
  },
  { name: 'in the query', places: 'query key', args: ['/a?key=client%3Aci'] },
  {
    name: 'where words look like one too, and the real one is shown',
    places: 'x-token',
    args: ['-H', 'x-token: REAL-TEST-TOKEN', '-H', 'x-note: client:dev', '/a'],
  },
])("a client's token or what stands in for it is known $name", async ({ places, args }) => {
  const hash = createHash('sha256').update('REAL-TEST-TOKEN').digest('hex')
  writeFileSync(join(folder, 'ci.sha256'), hash)
  const text = `version: 1
clients: { header: '${places}', tokens: { ci: { file: ${join(folder, 'ci.sha256')} } } }
upstreams: { up: https://api.example.com }
routes:
  - { name: a, match: { path: /a }, upstream: up, rules: [{ name: it, if: { client: { name: ci } }, reject: 403 }] }
`
  writeFileSync(join(folder, 'places.yaml'), text)
  const { stdout } = await explain('--config', 'places.yaml', ...args)
  expect(stdout).toContain('+ it: holds: client name is ci')
})

test("the operator's secrets are hidden wherever they stand", async () => {
  const { stdout } = await explain('-H', 'x-note: sk-FAKE-own', '/pair?x=sk-FAKE-own')
  expect(stdout).not.toContain('sk-FAKE-own')
  expect(stdout).toContain('/pair?x=')
})

test('a file that is wrong is told of', async () => {
  writeFileSync(join(folder, 'bad.yaml'), 'version: 2\n')
  const { code, stdout, stderr } = await explain('--config', 'bad.yaml', '/a')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('bad.yaml:1:10 error')
})
