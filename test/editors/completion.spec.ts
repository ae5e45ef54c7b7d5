import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { CompletionItem, LanguageServer } from './language-server.ts'
import { startLanguageServer } from './language-server.ts'
import { readMarked } from './marked-document.ts'

let server: LanguageServer
beforeAll(async () => {
  server = await startLanguageServer()
})
afterAll(() => server.stop())

const ROUTE = 'version: 1\nroutes:\n  - name: a\n    match: { path: /a }\n    upstream: x\n'
const RULES = `${ROUTE}    rules:\n`
const KEYS: readonly { name: string; text: string; keys: string }[] = [
  {
    name: 'an empty file',
    text: '‸',
    keys: 'version server secrets credentials clients upstreams routes tests',
  },
  {
    name: 'server',
    text: 'version: 1\nserver:\n  ‸',
    keys: 'listen admin trust via limits',
  },
  {
    name: 'listen, in full',
    text: 'version: 1\nserver:\n  listen:\n    ‸',
    keys: 'address tls',
  },
  {
    name: 'limits of the server',
    text: 'version: 1\nserver:\n  limits:\n    ‸',
    keys: 'headers headerFields headersTimeout body bodyIdle keepAlive connections message drain',
  },
  {
    name: 'a secret',
    text: 'version: 1\nsecrets:\n  a:\n    ‸',
    keys: 'file env pool cooldown',
  },
  {
    name: 'an upstream',
    text: 'version: 1\nupstreams:\n  a:\n    ‸',
    keys: 'url provider accepts errors tls limits',
  },
  {
    name: 'an upstream, in braces',
    text: 'version: 1\nupstreams:\n  a: { url: https://a.example, acc‸ }',
    keys: 'provider accepts errors tls limits',
  },
  {
    name: 'a route',
    text: 'version: 1\nroutes:\n  - ‸',
    keys: 'name match rewrite upstream credential rules request response reject errors limits',
  },
  {
    name: 'match',
    text: 'version: 1\nroutes:\n  - name: a\n    match:\n      ‸',
    keys: 'path hosts methods headers',
  },
  { name: 'rewrite', text: `${ROUTE}    rewrite:\n      ‸`, keys: 'strip prefix path query' },
  {
    name: 'credential of a route',
    text: `${ROUTE}    credential:\n      ‸`,
    keys: 'from conflict',
  },
  {
    name: 'a rule',
    text: `${RULES}      - ‸`,
    keys: 'name if use request response rewrite upstream reject else continue',
  },
  {
    name: 'a rule, begun',
    text: `${RULES}      - us‸`,
    keys: 'name if use request response rewrite upstream reject else continue',
  },
  {
    name: 'a condition',
    text: `${RULES}      - if:\n          ‸`,
    keys: 'credential method path host header query client all any not',
  },
  {
    name: 'a condition, in braces',
    text: `${RULES}      - if: { cred‸ }`,
    keys: 'credential method path host header query client all any not',
  },
  {
    name: 'credential of a condition',
    text: `${RULES}      - if:\n          credential:\n            ‸`,
    keys: 'kind scheme source equals prefix suffix contains matches in present',
  },
  {
    name: 'a matcher',
    text: `${RULES}      - if:\n          header:\n            x-team:\n              ‸`,
    keys: 'equals prefix suffix contains matches in present',
  },
  {
    name: 'a placement, in full',
    text: `${RULES}      - use:\n          ‸`,
    keys: 'header scheme query value',
  },
  {
    name: 'else',
    text: `${RULES}      - if: { method: GET }\n        else:\n          ‸`,
    keys: 'use request response rewrite upstream reject',
  },
  {
    name: 'header operations of a route',
    text: `${ROUTE}    request:\n      ‸`,
    keys: 'remove rename set add append',
  },
  {
    name: 'header operations of a rule',
    text: `${RULES}      - response:\n          ‸`,
    keys: 'remove rename set add append',
  },
  { name: 'reject', text: `${RULES}      - reject:\n          ‸`, keys: 'status message' },
  { name: 'a test', text: 'version: 1\ntests:\n  - ‸', keys: 'name request expect' },
  {
    name: 'the request of a test',
    text: 'version: 1\ntests:\n  - name: a\n    request:\n      ‸',
    keys: 'method path headers client',
  },
  {
    name: 'what a test expects',
    text: 'version: 1\ntests:\n  - name: a\n    expect:\n      ‸',
    keys: 'route rule upstream status path headers',
  },
]

describe('completion offers every key, each with its description', () => {
  it.each(KEYS)('$name', async ({ text, keys }) => {
    const items = await complete(text)
    const offered = new Map(items.map((item) => [item.label, item.documentation]))
    const wanted = keys.split(' ')
    expect(wanted.filter((key) => !offered.get(key))).toEqual([])
  })

  it('and none that belong elsewhere', async () => {
    const labels = (await complete(`${RULES}      - name: r\n        ‸`)).map(({ label }) => label)
    expect(labels).not.toContain('match')
    expect(labels).not.toContain('name')
  })
})

describe('completion offers values', () => {
  it.each([
    {
      name: 'conflict',
      text: `${ROUTE}    credential:\n      conflict: ‸`,
      values: ['reject', 'first'],
    },
    { name: 'errors', text: `${ROUTE}    errors: ‸`, values: ['anthropic', 'openai', 'problem'] },
    {
      name: 'forward',
      text: 'version: 1\ncredentials:\n  a:\n    forward: ‸',
      values: ['never', 'inference', 'admin'],
    },
    { name: 'continue', text: `${RULES}      - continue: ‸`, values: ['false', 'true'] },
    {
      name: 'use',
      text: `${RULES}      - use: ‸`,
      values: [
        'x-api-key',
        'authorization bearer',
        'authorization token',
        'api-key',
        'x-goog-api-key',
        'query NAME',
        'none',
      ],
    },
  ])('$name', async ({ text, values }) => {
    expect((await complete(text)).map(({ label }) => label)).toEqual(values)
  })

  it('a sentence for a rule', async () => {
    const items = await complete(`${RULES}      - ‸`)
    expect(items.find(({ label }) => label === 'if … use … else …')?.insertText).toBe(
      'if credential matches ${1:^sk-ant-} use ${2:x-api-key} else ${3:authorization bearer}',
    )
  })
})

describe('completion knows the catalogue that ships', () => {
  const catalogue = parse(readFileSync('config/credentials.yaml', 'utf8')) as {
    kinds: Record<string, { description: string }>
    providers: Record<string, { description: string }>
  }
  it.each([
    {
      name: 'providers of an upstream',
      text: 'version: 1\nupstreams:\n  a:\n    provider: ‸',
      entries: catalogue.providers,
    },
    {
      name: 'kinds that an upstream accepts',
      text: 'version: 1\nupstreams:\n  a: { accepts: [‸] }',
      entries: catalogue.kinds,
    },
    {
      name: 'kinds in a condition',
      text: `${RULES}      - if:\n          credential:\n            kind: ‸`,
      entries: catalogue.kinds,
    },
  ])('$name', async ({ text, entries }) => {
    const offered = (await complete(text)).map((item) => [item.label, plain(item)])
    const wanted = Object.entries(entries).map(([name, { description }]) => [name, description])
    expect(offered).toEqual(wanted)
  })
})

async function complete(marked: string): Promise<readonly CompletionItem[]> {
  const { uri, text, position } = readMarked(marked)
  return server.complete(uri, text, position)
}

function plain({ documentation }: CompletionItem): string {
  return typeof documentation === 'object' ? documentation.value : (documentation ?? '')
}
