import { expect, test } from 'vitest'
import { describeChangedClasses } from '../../src/proof/changes/change-words.ts'
import { compareWorlds } from '../../src/proof/changes/compare-worlds.ts'
import { createWorlds } from '../../src/proof/world.ts'
import { loadSmall, SOURCES } from './oracle-cases.ts'

const PLAIN: readonly object[] = [{ name: 'a', match: { path: '/a/*' }, upstream: 'one' }]
const INSIDE: readonly object[] = [
  {
    name: 'a',
    match: { path: '/a/*' },
    upstream: 'one',
    rules: [
      {
        name: 'inside',
        if: { client: { ip: '10.0.0.0/8' } },
        use: { header: 'x-api-key', value: `\${secret.pod}` },
      },
      { name: 'outside', reject: 403 },
    ],
  },
]

interface Settings {
  readonly clients?: object
  /** Of the upstream. */
  readonly tls?: object
  readonly [key: string]: unknown
}

function compare(routes: readonly object[], was: Settings, is: Settings) {
  const load = ({ clients, tls, ...server }: Settings) => {
    const { config, diagnostics } = loadSmall({
      version: 1,
      server,
      ...(clients === undefined ? {} : { clients }),
      secrets: { pod: { env: 'POD' } },
      upstreams: { one: { url: 'https://one.example.com', forwarded: true, ...(tls && { tls }) } },
      routes,
    })
    if (config === null) throw new Error(JSON.stringify(diagnostics))
    return config
  }
  const configs = [load(was), load(is)] as const
  const worlds = createWorlds(...configs, SOURCES)
  const { changes, doubts } = compareWorlds(...worlds)
  return { doubts, told: describeChangedClasses(changes, [], configs) }
}

test('another peer that may name the client lets one in as if from inside', () => {
  const { told, doubts } = compare(INSIDE, {}, { trust: ['192.0.2.0/24'] })
  expect(told[0]).toMatchObject({
    kind: 'a credential reaches another host',
    witness: "curl -H 'x-forwarded-for: 10.0.0.1' -H 'x-real-ip: 10.0.0.1' http://127.0.0.1:8080/a",
    from: '192.0.2.1',
    was: 'rejected with 403 rejected by route "a", rule "outside"',
    is: 'forwarded to "one" by route "a", rule "inside"',
  })
  expect(doubts).toEqual([
    'peers that may name the client are others, and the files ask for addresses: of what clients say behind a peer that one of the files trusts, one request of each class is compared',
  ])
})

test('a peer that may name the client no more is told, and nothing is left open where no file asks for addresses', () => {
  const { told, doubts } = compare(PLAIN, { trust: ['192.0.2.0/24'] }, {})
  expect(doubts).toEqual([])
  expect(told.map(({ kind, from }) => [kind, from])).toEqual([['it leaves otherwise', '192.0.2.1']])
})

test('networks that hold the same addresses are no change', () => {
  const { told, doubts } = compare(
    PLAIN,
    { trust: ['10.0.0.0/8'] },
    { trust: ['10.0.0.0/9', '10.128.0.0/9'] },
  )
  expect({ told, doubts }).toEqual({ told: [], doubts: [] })
})

test('what becomes of traces is told, with a request that has one', () => {
  const { told, doubts } = compare(PLAIN, {}, { trace: 'drop' })
  expect(doubts).toEqual([])
  expect(told.map(({ witness, differences }) => [witness, differences])).toEqual([
    [
      "curl -H 'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' http://127.0.0.1:8080/a",
      [{ what: 'traceparent and tracestate', before: 'pass', after: 'drop' }],
    ],
  ])
})

test('what upstreams and clients are told of HTTPS is told', () => {
  const listen = { address: '127.0.0.1:8080', tls: { cert: 'c.pem', key: 'k.pem' } }
  const { told, doubts } = compare(PLAIN, {}, { listen })
  expect(doubts).toEqual([])
  expect(told.map(({ differences }) => differences)).toEqual([
    [
      { what: 'x-forwarded-proto', before: 'http', after: 'https' },
      { what: 'scheme of URLs in answers that lead back here', before: 'http', after: 'https' },
    ],
  ])
})

test('redirects that are kept as they are do not change with it', () => {
  const listen = { address: '127.0.0.1:8080', tls: { cert: 'c.pem', key: 'k.pem' } }
  const kept = PLAIN.map((route) => ({ ...route, response: { location: 'keep' } }))
  const { told } = compare(kept, {}, { listen })
  expect(told.map(({ differences }) => differences.map(({ what }) => what))).toEqual([
    ['x-forwarded-proto'],
  ])
})

const ENDS = ({ witness, was, is }: { witness: string; was: string; is: string }) => [
  witness.replace(' http://127.0.0.1:8080/a', ''),
  was.split(' by ')[0],
  is.split(' by ')[0],
]

test('a token in another place lets in, and one in the place before does no more', () => {
  const tokens = { ci: { file: 'ci.sha256' } }
  const clients = { header: 'x-other', tokens }
  const { told, doubts } = compare(PLAIN, { clients: { tokens } }, { clients })
  const refused = 'rejected with 401 client_unauthenticated'
  expect(told.filter(({ danger }) => danger < 4).map(ENDS)).toEqual([
    ["curl -H 'authorization: Bearer x' -H 'x-other: client:ci'", refused, 'forwarded to "one"'],
    ["curl -H 'x-keyway-token: client:ci'", 'forwarded to "one"', refused],
  ])
  expect(doubts).toEqual([
    'clients show their tokens in other places: of requests with tokens where only one of the files looks, one of each class is compared',
  ])
})

test('a token where credentials stand is a credential where nobody has it', () => {
  const tokens = { ci: { file: 'ci.sha256' } }
  const more = { ...tokens, dev: { file: 'dev.sha256' } }
  const [was, is] = [tokens, more].map((one) => ({
    clients: { header: 'authorization', required: false, tokens: one },
  }))
  const { told, doubts } = compare(PLAIN, was as Settings, is as Settings)
  expect(told.map(({ witness, client, kind }) => [witness, client, kind])).toEqual([
    [
      "curl -H 'authorization: Bearer x' -H 'authorization: Bearer client:dev' http://127.0.0.1:8080/a",
      'dev',
      'a credential reaches another host',
    ],
    [
      "curl -H 'authorization: Bearer client:dev' http://127.0.0.1:8080/a",
      'dev',
      'another credential leaves, or in another place',
    ],
    [
      "curl -H 'authorization: Bearer sk-admin-' -H 'authorization: Bearer client:dev' http://127.0.0.1:8080/a",
      'dev',
      'it is answered otherwise',
    ],
  ])
  expect(doubts).toHaveLength(1)
})

test('an upstream that is verified no more is shown by a request with a credential', () => {
  const { told } = compare(PLAIN, {}, { tls: { insecure: true } })
  expect(told.map(({ witness, kind }) => [witness, kind])).toEqual([
    [
      "curl -H 'authorization: Bearer x' http://127.0.0.1:8080/a",
      'a credential reaches another host',
    ],
  ])
})

test('where none leaves it leaves otherwise', () => {
  const none = PLAIN.map((route) => ({ ...route, rules: [{ use: 'none' }] }))
  const { told } = compare(none, {}, { tls: { insecure: true } })
  expect(told.map(({ kind }) => kind)).toEqual(['it leaves otherwise'])
})
