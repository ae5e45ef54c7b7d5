import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writeCurl } from '../../src/config/diagnostics/write-curl.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { NormalConfig } from '../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { compareWorlds } from '../../src/proof/changes/compare-worlds.ts'
import { DANGERS } from '../../src/proof/changes/danger.ts'
import { describeDecision } from '../../src/proof/showing/describe-decision.ts'
import { createWorlds } from '../../src/proof/world.ts'
import { compareDecisions } from '../../src/routing/decide/explain/compare-decisions.ts'
import type { RequestView } from '../../src/routing/rules/request-view.ts'
import { config, headers, target, type Written } from '../properties/arbitrary-config.ts'

const catalogue = loadCatalogue()
const env = { OWN: 'x' }

function load(text: string): NormalConfig | null {
  return loadConfig({ file: 'routes.yaml', text }, { catalogue, env }).config
}

const FILE = `version: 1
server: { admin: off }
upstreams:
  one: { url: https://one.example.com, accepts: [anthropic-api-key, anthropic-oauth] }
  two: https://two.example.com
  spare: { url: https://spare.example.com, accepts: [anthropic-oauth] }
routes:
  - name: a
    match: { path: /a/* }
    upstream: one
    rules:
      - { name: oauth, if: { credential: { matches: ^sk-ant-oat } }, use: authorization bearer }
      - { name: key, if: { credential: { matches: ^sk-ant- } }, use: x-api-key }
      - { name: rest, use: x-api-key }
  - name: b
    match: { path: /b/*, methods: [GET] }
    upstream: two
    rules:
      - { name: closed, if: { path: /b/secret/* }, reject: 403 }
`

const SPARE = '    upstream: one\n    fallback: [{ upstream: spare, rules: [use x-api-key] }]\n'

const rows: { name: string; change: string[]; found: string[]; doubts?: string[] }[] = [
  { name: 'nothing', change: ['', ''], found: [] },
  {
    name: 'a name of an upstream that decides nothing',
    change: ['admin: off', 'admin: "127.0.0.1:1"'],
    found: [],
  },
  {
    name: 'an upstream that is not told any more who asks',
    change: [
      'two: https://two.example.com',
      'two: { url: https://two.example.com, forwarded: false }',
    ],
    found: [
      'it leaves otherwise: forwarded to "two" by route "b" → forwarded to "two" by route "b"',
    ],
  },
  {
    name: 'the weight of a target, which decides nothing',
    change: [
      'two: https://two.example.com',
      "two: { targets: [{ url: 'https://two.example.com', weight: 2 }] }",
    ],
    found: [],
  },
  {
    name: 'another host',
    change: ['https://one.', 'https://three.'],
    found: [
      'a credential reaches another host: forwarded to "one" by route "a", rule "oauth" → forwarded to "one" by route "a", rule "oauth"',
      'a credential reaches another host: forwarded to "one" by route "a", rule "key" → forwarded to "one" by route "a", rule "key"',
      'a credential reaches another host: forwarded to "one" by route "a", rule "rest" → forwarded to "one" by route "a", rule "rest"',
    ],
  },
  {
    name: 'a letter of a pattern',
    change: ['^sk-ant-oat', '^sk-ant-oa'],
    found: [
      'another credential leaves, or in another place: forwarded to "one" by route "a", rule "key" → forwarded to "one" by route "a", rule "oauth"',
    ],
  },
  {
    name: 'a pattern that means the same',
    change: ['^sk-ant-oat', '^sk-ant-(?:oat)'],
    found: [],
  },
  {
    name: 'a rejection of less',
    change: ['/b/secret/*', '/b/secret'],
    found: [
      'a credential reaches another host: rejected with 403 rejected by route "b", rule "closed" → forwarded to "two" by route "b"',
    ],
  },
  {
    name: 'a method more',
    change: ['methods: [GET]', 'methods: [GET, PUT]'],
    found: [
      'a credential reaches another host: rejected with 404 no_route → forwarded to "two" by route "b"',
      'it is answered otherwise: rejected with 404 no_route → rejected with 403 credential_refused by route "b"',
    ],
  },
  {
    name: 'a fallback more',
    change: ['    upstream: one\n', SPARE],
    found: [
      'a credential reaches another host: forwarded to "one" by route "a", rule "oauth" → forwarded to "spare" by route "a", rule "rules[0]"',
    ],
  },
  {
    name: 'clients that must say who they are',
    change: ['upstreams:', 'clients: { tokens: { ci: { file: ci } } }\nupstreams:'],
    found: [
      'what was forwarded is rejected: forwarded to "one" by route "a", rule "key" → rejected with 401 client_unauthenticated by route "a"',
      'it is answered otherwise: rejected with 404 no_route → rejected with 401 client_unauthenticated',
    ],
  },
  {
    name: 'the first of two credentials',
    change: ['    upstream: two\n', '    upstream: two\n    credential: { conflict: first }\n'],
    found: [
      'a credential reaches another host: rejected with 400 credential_conflict by route "b" → forwarded to "two" by route "b"',
    ],
  },
  {
    name: 'a kind described anew',
    change: ['upstreams:', 'credentials: { own: { prefixes: [sk-ant-oat] } }\nupstreams:'],
    found: [
      'what was forwarded is rejected: forwarded to "one" by route "a", rule "oauth" → rejected with 403 credential_not_accepted by route "a", rule "oauth"',
    ],
    doubts: [
      'kinds are described otherwise: credentials that stand where nobody looks for them may be refused otherwise',
    ],
  },
]

describe('what a change changes', () => {
  test.each(rows)('$name', ({ change: [from = '', to = ''], found, doubts: expected = [] }) => {
    const [before, after] = [FILE, FILE.replace(from, to)].map(load)
    if (!before || !after) throw new Error('a file has errors')
    const [was, is] = createWorlds(before, after, { catalogue, env })
    const { changes, doubts } = compareWorlds(was, is)
    const told = changes.map(
      (one) =>
        `${DANGERS[one.danger]}: ${describeDecision(one.was.decision)} → ${describeDecision(one.is.decision)}`,
    )
    for (const one of found) expect(told).toContain(one)
    if (found.length === 0) expect(told).toEqual([])
    expect(doubts).toEqual(expected)
    for (const { request, differences } of changes) {
      if (differences.some(({ what }) => what.startsWith('fallback'))) continue
      const [old, now] = [was, is].map((world) => world.table().decide(request))
      expect(old && now && compareDecisions(old, now)).not.toEqual([])
    }
  })
})

/** One edit of a configuration, as a person makes it. */
const edit: fc.Arbitrary<(text: string, at: number) => string> = fc.constantFrom(
  (text: string) => text.replace('"two"', '"one"'),
  (text: string) => text.replace('^sk-ant-oat', '^sk-ant-oa'),
  (text: string) => text.replace('"^sk-ant-"', '"^sk-ant"'),
  (text: string) => text.replace('/a/*', '/a/b'),
  (text: string) => text.replace('"x-api-key"', '"authorization bearer"'),
  (text: string) => text.replace('"red"', '"blue"'),
  (text: string) => text.replace('"conflict":"reject"', '"conflict":"first"'),
  (text: string) => text.replace('"reject":401', '"reject":403'),
  (text: string) => text.replace('"all"', '"any"'),
  (text: string) => text.replace('one.example.com', 'three.example.com'),
)

const request: fc.Arbitrary<RequestView> = fc
  .tuple(fc.constantFrom('GET', 'POST'), target, headers, fc.constantFrom('127.0.0.1', '192.0.2.7'))
  .map(([method, path, fields, peerIp]) => ({
    method,
    target: path,
    headers: ['Host', 'localhost', ...fields],
    peerIp,
    protocol: 'http',
    id: 'random',
  }))

const RUNS = Number(process.env.KEYWAY_RUNS ?? 20)

test('an upstream by another name decides nothing', () => {
  const [before, after] = [FILE, FILE.replaceAll(/two(?!\.)/g, 'other')].map(load)
  if (!before || !after) throw new Error('a file has errors')
  const [was, is] = createWorlds(before, after, { catalogue, env })
  expect(compareWorlds(was, is)).toEqual({ changes: [], doubts: [] })
})

test('no request that is decided otherwise is missed', () => {
  let compared = 0
  fc.assert(
    fc.property(
      config,
      fc.array(edit, { minLength: 1, maxLength: 2 }),
      fc.array(request, { minLength: 30, maxLength: 30 }),
      (written: Written, edits, requests) => {
        const text = JSON.stringify(written)
        const changed = edits.reduce((all, one, at) => one(all, at), text)
        const [before, after] = [load(text), load(changed)]
        fc.pre(before !== null && after !== null && text !== changed)
        if (!before || !after) return
        const [was, is] = createWorlds(before, after, { catalogue, env })
        const { changes, doubts } = compareWorlds(was, is)
        const told = new Set(
          changes.flatMap(({ was: old, is: now }) => [
            pairOf(old.decision, now.decision, describeDecision),
            pairOf(old.decision, now.decision, deciderOf),
          ]),
        )
        for (const one of requests) {
          const [old, now] = [was.table().decide(one), is.table().decide(one)]
          if (compareDecisions(old, now).length === 0) continue
          compared++
          if (isOwn(old) || isOwn(now) || doubts.length > 0) continue
          const describe = isFound(old) || isFound(now) ? deciderOf : describeDecision
          if (!told.has(pairOf(old, now, describe)))
            throw new Error(
              `missed: ${writeCurl(one)}: ${pairOf(old, now, describe)}\n${text}\n${changed}`,
            )
        }
      },
    ),
    { numRuns: RUNS, seed: 14, endOnFailure: true },
  )
  expect(compared).toBeGreaterThan(10)
}, 120_000)

type Decision = Parameters<typeof describeDecision>[0]

function pairOf(old: Decision, now: Decision, describe: (decision: Decision) => string): string {
  return `${describe(old)} → ${describe(now)}`
}

function deciderOf({ route, rule }: Decision): string {
  return `${route} ${rule}`
}

/** Whether a credential was found where nobody looked for one; that is no part of a class. */
function isFound(decision: Decision): boolean {
  return (
    decision.action === 'reject' &&
    /^credential_(?:not_accepted|refused|misplaced)$/.test(decision.code)
  )
}

/** Whether Keyway refused by itself, whatever the file says. */
function isOwn(decision: Decision): boolean {
  return (
    decision.action === 'reject' &&
    [
      'unsafe_path',
      'ambiguous_path',
      'credential_malformed',
      'bad_value',
      'foreign_origin',
    ].includes(decision.code)
  )
}
