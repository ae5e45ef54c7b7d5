import type { RequestView } from '../../src/routing/rules/request-view.ts'
import { standInToken } from '../../src/config/language/stand-in-token.ts'
import { pick, type Random } from './random.ts'

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

/** What stands in each part of a request: fields, or a text. */
const PARTS = {
  method: ['GET', 'POST', 'PUT', 'OPTIONS'],
  path: [
    ...['/', '/a', '/a/b', '/a/c', '/b', '/b/b', '/a/b/c'],
    ...['/a/', '//b', '/%61', '/%41', '/%%341', '/a%2Fb', '/a;x/b'],
  ],
  host: [
    'localhost',
    'x.example.com',
    'y.example.com',
    'a.x.example.com',
    'X.example.com:81',
    'x.example.com.',
    'b.other.com',
    'x..',
  ],
  query: [
    '',
    'x=a',
    'x=ab',
    'x=',
    'x=b&x=a',
    'y=a',
    'key=hk-TEST',
    'x%20y=a',
    'x=k',
    'x=%E2%84%AA',
    'x=a%0Ab',
  ],
  peerIp: ['10.0.0.1', '10.128.0.1', '192.0.2.1', '2001:db8::1', '::ffff:10.0.0.1', ''],
  team: [
    [],
    ...['', 'a', 'b', 'ab', 'ba', 'A', 'c', 'abc', 'K', '\xe9'].map((text) => ['team', text]),
    ['team', 'a', 'Team', 'b'],
  ],
  preflight: [[], ['Origin', 'http://localhost', 'Access-Control-Request-Method', 'GET']],
  client: [
    [],
    ['x-keyway-token', standInToken('ci')],
    ['x-keyway-token', standInToken('dev')],
    ['x-keyway-token', standInToken('eve')],
    ['authorization', `Bearer ${standInToken('ci')}`],
    ['cookie', `sid=${standInToken('dev')}`],
    ['x-api-key', standInToken('ci')],
  ],
  credential: [
    [],
    ['authorization', 'Bearer sk-ant-oat-TEST'],
    ['authorization', 'bearer sk-ant-TEST'],
    ['Authorization', 'Bearer sk-proj-TEST'],
    ['authorization', 'Bearer zz-TEST'],
    ['authorization', 'Bearer hk-TEST'],
    ['authorization', 'zz-TEST'],
    ['authorization', 'Bearer sk-ant-ort-TEST'],
    ['x-api-key', 'sk-ant-TEST'],
    ['x-api-key', 'hk-TEST'],
    ['x-own-key', 'zz-TEST'],
    ['authorization', 'Token token="sk-ant-TEST", region="x"'],
    ['authorization', 'Token sk-ant-oat-TEST'],
    ['authorization', basic('me:sk-ant-oat-TEST')],
    ['authorization', basic('me:zz-TEST')],
    ['authorization', basic('me:red fox')],
    ['authorization', 'Basic hk-TEST'],
    ['authorization', 'Bearer a\xa0b'],
    ['authorization', 'Digest zz-TEST'],
    ['authorization', 'Digest user="x", response="y"'],
    ['cookie', 'sid=hk-TEST'],
    ['cookie', 'other=1; sid=zz-TEST'],
    ['xi-api-key', 'sk_TEST'],
    ['xi-api-key', 'zz-TEST', 'authorization', 'Bearer hk-TEST'],
    ['authorization', 'Bearer zz-TEST', 'x-api-key', 'sk-ant-TEST'],
    ['authorization', 'Bearer hk-TEST', 'x-api-key', 'hk-TEST'],
  ],
} as const

type Part = keyof typeof PARTS

/** Words of a file by which it looks at a part; what no file looks at matters to none. */
const WORDS: Readonly<Record<Part, RegExp>> = {
  method: /"methods?"|"preflight":"open"/,
  path: /"path"/,
  host: /"host"|"hosts":\["[^*]|"hosts":\["\*\./,
  query: /"query/,
  peerIp: /"ip"/,
  team: /"team"/,
  client: /"clients?"/,
  preflight: /"preflight":"open"/,
  credential: /./,
}

/** Requests over the small alphabets: every one that files with such a text can tell apart, or so many of them, drawn at random. */
export function smallRequests(text: string, most: number, random: Random): readonly RequestView[] {
  const parts = Object.keys(PARTS) as Part[]
  const asked = parts.filter((part) => WORDS[part].test(text))
  const fixed = Object.fromEntries(parts.map((part) => [part, draw(part, random)]))
  const count = asked.reduce((product, part) => product * PARTS[part].length, 1)
  return Array.from({ length: Math.min(count, most) }, (_, at) => {
    let rest = count <= most ? at : Math.floor(random() * count)
    const chosen = { ...fixed }
    for (const part of asked) {
      const { length } = PARTS[part]
      chosen[part] = PARTS[part][rest % length]
      rest = Math.floor(rest / length)
    }
    return assemble(chosen as Chosen)
  })
}

type Chosen = { readonly [P in Part]: (typeof PARTS)[P][number] }

function draw(part: Part, random: Random): unknown {
  return pick<unknown>(random, PARTS[part])
}

function assemble({
  method,
  path,
  host,
  query,
  peerIp,
  team,
  client,
  preflight,
  credential,
}: Chosen): RequestView {
  return {
    method,
    target: query === '' ? path : `${path}?${query}`,
    headers: ['Host', host, ...team, ...client, ...preflight, ...credential],
    peerIp,
    protocol: 'http',
    id: 'oracle',
  }
}
