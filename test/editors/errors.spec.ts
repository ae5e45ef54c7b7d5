import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LanguageServer, startLanguageServer } from './language-server.ts'
import { describeDiagnostic, readMarked } from './marked-document.ts'

let server: LanguageServer
beforeAll(async () => {
  server = await startLanguageServer()
})
afterAll(() => server.stop())

const ROUTE = 'version: 1\nroutes:\n  - name: a\n    match: { path: /a }\n'
const RULES = `${ROUTE}    rules:\n`

/** What is underlined, and what is said of it. */
const ERRORS: readonly { name: string; text: string; says: readonly string[] }[] = [
  {
    name: 'an unknown key at the top',
    text: 'version: 1\nroute: []\n',
    says: ['route: Property route is not allowed.'],
  },
  {
    name: 'an unknown key as the only one of a rule',
    text: `${RULES}      - uses: x-api-key\n`,
    says: ['uses: Property uses is not allowed.'],
  },
  {
    name: 'an unknown key beside right ones in a rule',
    text: `${RULES}      - use: x-api-key\n        iff: { method: GET }\n`,
    says: ['iff: Property iff is not allowed.'],
  },
  {
    name: 'an unknown key in an upstream',
    text: 'version: 1\nupstreams:\n  a: { ur: https://a.example }\n',
    says: ['ur: Property ur is not allowed.'],
  },
  {
    name: 'an unknown key deep in an upstream',
    text: 'version: 1\nupstreams:\n  a: { url: https://a.example, tls: { cas: a.pem } }\n',
    says: ['cas: Property cas is not allowed.'],
  },
  {
    name: 'an unknown key in a placement',
    text: `${RULES}      - use: { headr: x-api-key }\n`,
    says: ['headr: Property headr is not allowed.'],
  },
  {
    name: 'an unknown key in else',
    text: `${RULES}      - if: { method: GET }\n        else: { uze: none }\n`,
    says: ['uze: Property uze is not allowed.'],
  },
  {
    name: 'an unknown key in a matcher',
    text: `${RULES}      - if: { header: { x-team: { regex: ^a } } }\n        use: none\n`,
    says: ['regex: Property regex is not allowed.'],
  },
  {
    name: 'an unknown key in a condition within a condition',
    text: `${RULES}      - if: { all: [{ not: { credentials: { kind: openai } } }] }\n        use: none\n`,
    says: ['credentials: Property credentials is not allowed.'],
  },
  {
    name: 'an unknown key in reject',
    text: `${ROUTE}    reject: { statu: 403 }\n`,
    says: ['statu: Property statu is not allowed.'],
  },
  {
    name: 'an unknown key in what a test expects of a header',
    text: 'version: 1\ntests:\n  - name: a\n    request: { path: / }\n    expect: { headers: { x-team: { is: a } } }\n',
    says: ['is: Property is is not allowed.'],
  },
  {
    name: 'a duration in words',
    text: 'version: 1\nupstreams:\n  a: { url: https://a.example, limits: { connect: 5 seconds } }\n',
    says: ['5 seconds: A length of time is a number with ms, s, m or h, such as 500ms, 30s or 5m.'],
  },
  {
    name: 'a duration without unit',
    text: 'version: 1\nupstreams:\n  a: { url: https://a.example, limits: { connect: 5 } }\n',
    says: ['5: Incorrect type. Expected "string".'],
  },
  {
    name: 'a size in other units',
    text: 'version: 1\nserver: { limits: { body: 32MB } }\n',
    says: ['32MB: A size is a number with B, KiB, MiB or GiB, such as 64KiB or 32MiB.'],
  },
  {
    name: 'a text for a list',
    text: 'version: 1\nupstreams:\n  a: { url: https://a.example, accepts: openai }\n',
    says: ['openai: Incorrect type. Expected "array".'],
  },
  {
    name: 'a number for an upstream',
    text: 'version: 1\nupstreams:\n  a: 3\n',
    says: ['3: Incorrect type. Expected one of string, object.'],
  },
  {
    name: 'a status out of range',
    text: `${ROUTE}    reject: 200\n`,
    says: ['200: Value is below the minimum of 400.'],
  },
  {
    name: 'a value that is not offered',
    text: `${ROUTE}    credential: { conflict: frist }\n`,
    says: ['frist: Value is not accepted. Valid values: "reject", "first".'],
  },
  {
    name: 'a header name that is none',
    text: `${ROUTE}    request: { remove: ["x team"] }\n`,
    says: ['"x team": A header name is letters, digits and "-", without ":" and spaces.'],
  },
  {
    name: 'a path without its slash',
    text: 'version: 1\nroutes:\n  - name: a\n    match: { path: a/* }\n',
    says: ['a/*: A path starts with "/".'],
  },
  {
    name: 'a place of two kinds',
    text: `${RULES}      - use: { query: key, header: x-api-key }\n`,
    says: ['header: A placement has one place: a query parameter has no header and no scheme.'],
  },
  {
    name: 'a secret with two sources',
    text: 'version: 1\nsecrets:\n  a: { file: /a, env: A }\n',
    says: ['env: A secret has exactly one source.'],
  },
  {
    name: 'a cool-down without a pool',
    text: 'version: 1\nsecrets:\n  a: { file: /a, cooldown: 30s }\n',
    says: ['cooldown: Only a pool has a cooldown.'],
  },
  {
    name: 'a credential for what is rejected',
    text: `${RULES}      - reject: 403\n        use: none\n`,
    says: ['use: A rejected request takes no credential anywhere.'],
  },
  {
    name: 'an upstream for what is rejected',
    text: `${ROUTE}    upstream: a\n    reject: 403\n`,
    says: ['reject: The route has an upstream; move `reject` into a rule.'],
  },
  {
    name: 'a client certificate without its key',
    text: 'version: 1\nupstreams:\n  a: { url: https://a.example, tls: { cert: a.pem } }\n',
    says: ['cert: A client certificate needs its `key`.'],
  },
  {
    name: 'a missing key',
    text: 'version: 1\nroutes:\n  - name: a\n',
    says: ['n: Missing property "match".'],
  },
]

/** What must not be flagged. */
const RIGHT: readonly { name: string; text: string }[] = [
  {
    name: 'a rule as a sentence',
    text: `${RULES}      - if credential matches ^sk-ant- use x-api-key else authorization bearer\n`,
  },
  {
    name: 'sentences and objects in one list',
    text: `${RULES}      - if credential matches ^sk-ant-oat use authorization bearer\n      - if: { credential: { matches: ^sk-ant- } }\n        use: x-api-key\n        else: authorization bearer\n`,
  },
  {
    name: 'a list where one would do',
    text: `${RULES}      - if: { method: [GET, HEAD] }\n        use: none\n`,
  },
  {
    name: 'null for a header that must be absent',
    text: 'version: 1\ntests:\n  - name: a\n    request: { path: / }\n    expect: { route: null, headers: { authorization: null } }\n',
  },
]

describe('an error stands at what is wrong, and says what is right', () => {
  it.concurrent.each(ERRORS)('$name', async ({ text, says }) => {
    expect(await diagnose(text)).toEqual(says)
  })
})

describe('what is right is not flagged', () => {
  it.concurrent.each(RIGHT)('$name', async ({ text }) => {
    expect(await diagnose(text)).toEqual([])
  })
})

async function diagnose(marked: string): Promise<readonly string[]> {
  const { uri, text } = readMarked(marked)
  const diagnostics = await server.diagnose(uri, text)
  return diagnostics.map((diagnostic) => describeDiagnostic(text, diagnostic))
}
