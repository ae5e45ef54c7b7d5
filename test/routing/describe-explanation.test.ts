import { expect, test } from 'vitest'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { createClassifier } from '../../src/credentials/classify.ts'
import { createRedactor } from '../../src/credentials/show/redact.ts'
import { describeExplanation } from '../../src/routing/decide/explain/describe-explanation.ts'
import { compileText, view } from '../support/compile-text.ts'

const ANT = 'sk-ant-api03-FAKE1234'
const OPENAI = 'sk-proj-FAKE1234FAKE1234'

const TEXT = `version: 1
secrets: { pod: { env: POD } }
upstreams:
  anthropic: { provider: anthropic }
  other: { url: https://other.test/base, accepts: [unknown], errors: openai }
  plain: { url: https://plain.test, accepts: [anthropic-api-key, openai] }
routes:
  - { name: a, match: { path: /a/* }, rewrite: { strip: /a }, upstream: anthropic, fallback: [{ upstream: other }, { upstream: plain, on: [429] }] }
  - name: b
    match: { path: /b, hosts: [b.test, '*.c.test'], methods: [POST], headers: { x-a: red, x-b: blue } }
    upstream: other
    rules: [{ name: no, reject: { status: 410, message: gone } }]
  - { name: c, match: { path: /c }, upstream: plain, also: x-also }
`

/** An explanation as data, with credentials in the place of their fingerprints. */
function described(...[target, headers, more]: Parameters<typeof view>) {
  const { table } = compileText(TEXT)
  const catalogue = loadCatalogue()
  const asked = view(target, headers, more)
  const redactor = {
    ...createRedactor(createClassifier(catalogue.kinds)),
    fingerprint: (value: string) => `of ${value}`,
  }
  return describeExplanation({
    view: asked,
    explanation: table.explain(asked),
    loaded: { catalogue },
    redactor,
  })
}

test('a request that goes on, its upstream, and where it would go next', () => {
  const found = described('/a/v1?b=c', ['x-api-key', ANT, 'x-other', '1'])
  expect(found).toMatchObject({
    request: {
      method: 'GET',
      path: '/a/v1?b=c',
      headers: [
        ['Host', 'localhost'],
        ['x-api-key', ANT],
        ['x-other', '1'],
      ],
    },
    credential: {
      kind: 'anthropic-api-key',
      scheme: null,
      source: 'x-api-key',
      fingerprint: `of ${ANT}`,
    },
    alsoLeaves: [],
    dropped: [],
    route: 'a',
    decision: {
      action: 'forward',
      rule: 'api-key',
      path: '/v1?b=c',
      upstream: {
        name: 'anthropic',
        url: 'https://api.anthropic.com',
        targets: ['https://api.anthropic.com'],
        errors: 'anthropic',
        provider: { name: 'anthropic', description: expect.any(String), rules: expect.any(Array) },
      },
      fallbacks: [
        {
          upstream: 'other',
          on: ['connect', 'timeout', '5xx', '429'],
          refused: 'credential_not_accepted',
        },
        { upstream: 'plain', on: ['429'], refused: null },
      ],
    },
  })
  expect(found.decision).toMatchObject({
    headers: expect.arrayContaining([
      ['Host', 'api.anthropic.com'],
      ['x-api-key', ANT],
    ]),
  })
})

test('a request that is refused by a rule', () => {
  const headers = ['x-a', 'red', 'x-b', 'blue']
  const found = described('/b', headers, {
    method: 'POST',
    headers: ['Host', 'B.test', ...headers],
  })
  expect(found).toMatchObject({
    credential: null,
    route: 'b',
    decision: { action: 'reject', rule: 'no', status: 410, code: 'rejected', message: 'gone' },
  })
})

test('what leaves beside, and what stays behind', () => {
  const found = described('/c?key=AIzaFAKEfakeFAKEfakeFAKEfakeFAKEfake123', [
    'x-api-key',
    OPENAI,
    'x-also',
    ANT,
  ])
  expect(found).toMatchObject({
    credential: { kind: 'openai' },
    alsoLeaves: [{ kind: 'anthropic-api-key', place: 'x-also', fingerprint: `of ${ANT}` }],
  })
})

test('why other routes are not taken', () => {
  const { otherRoutes } = described('/b', ['X-A', 'red'])
  expect(otherRoutes).toEqual([
    { name: 'c', path: '/c', misses: ['path is /b, wanted /c'], isOutranked: false },
    { name: 'a', path: '/a/*', misses: ['path is /b, wanted /a/*'], isOutranked: false },
    {
      name: 'b',
      path: '/b',
      misses: [
        'host is localhost, wanted b.test or *.c.test',
        'method is GET, wanted POST',
        'headers differ, wanted x-a, x-b',
      ],
      isOutranked: false,
    },
  ])
})

test.each([
  ['b.test', true],
  ['B.TEST', true],
  ['x.c.test', true],
  ['.c.test', true],
  ['c.test', false],
  ['xb.test', false],
  ['', false],
])('%j is a host of its route: %s', (host, isHost) => {
  const { otherRoutes } = described('/b', [], { headers: ['Host', host] })
  const [b] = (otherRoutes as { name: string; misses: string[] }[]).filter(
    ({ name }) => name === 'b',
  )
  const missed = b?.misses.find((miss) => miss.startsWith('host')) ?? null
  expect(missed).toBe(isHost ? null : `host is ${host || 'absent'}, wanted b.test or *.c.test`)
})
