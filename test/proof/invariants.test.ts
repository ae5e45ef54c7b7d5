import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { Diagnostic } from '../../src/config/shapes/diagnostic.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { compileBeside } from '../../src/loading/compile-snapshot.ts'
import { withProof } from '../../src/loading/with-proof.ts'
import { measureCoverage } from '../../src/proof/coverage.ts'
import {
  type ProvedInvariant,
  proveInvariants,
} from '../../src/proof/invariants/prove-invariants.ts'
import { createWorld } from '../../src/proof/world.ts'

const FILE = `version: 1
server: { admin: off, trust: [10.9.0.0/16] }
secrets: { pod: { env: POD } }
clients: { tokens: { ci: { file: ci.sha256 }, dev: { file: dev.sha256 } } }
upstreams:
  anthropic: { url: https://api.anthropic.com, accepts: [anthropic-api-key, anthropic-oauth] }
  spare: { url: https://spare.example.com, accepts: [anthropic-api-key] }
  openai: { url: https://api.openai.com }
routes:
  - name: anthropic
    match: { path: /anthropic/* }
    upstream: anthropic
    fallback: [{ upstream: spare, rules: [use x-api-key] }]
    rules:
      - { name: pod, if: { client: { name: ci } }, use: { header: x-api-key, value: '\${secret.pod}' } }
      - { name: oauth, if: { credential: { matches: ^sk-ant-oat } }, use: authorization bearer }
      - { name: key, use: x-api-key }
  - name: openai
    match: { path: /openai/* }
    upstream: openai
    rules:
      - { name: closed, if: { path: /openai/v1/organization/* }, reject: 403 }
      - { name: team, if: { header: { team: red } }, request: { set: { x-team: red } }, continue: true }
      - { name: open, use: authorization bearer, request: { remove: [x-debug], rename: { team: x-was } } }
`

function find(invariant: string): readonly Diagnostic[] {
  const text = `${FILE}invariants:\n  - { name: it, ${invariant} }\n`
  const options = withProof({ catalogue: loadCatalogue(), env: {} })
  return loadConfig({ file: 'routes.yaml', text }, options).diagnostics
}

const proved = [
  'for: { credential: { kind: anthropic-oauth } }, never: { upstream: openai, route: anthropic }',
  'for: { not: { client: { name: ci } } }, never: { secret: pod }',
  'for: { client: { name: ci }, path: /anthropic/* }, never: { upstream: openai }',
  'never: { kind: openai, upstream: [anthropic, spare] }',
  'never: { kind: [anthropic-refresh, anthropic-session] }',
  'for: { path: /openai/v1/organization/* }, never: { forward: true }',
  'for: { path: /openai/v1/organization/keys }, always: { status: 403, rule: closed }',
  'for: { path: /other/* }, always: { status: 404 }',
  'never: { upstream: openai, header: { x-debug: present } }',
  'never: { upstream: openai, header: { team: present } }',
  'for: { header: { team: red } }, never: { rule: open, header: { x-team: absent } }',
  'never: { host: "*.example.com", kind: anthropic-oauth }',
  'for: { credential: { present: false } }, never: { kind: [anthropic-api-key, unknown] }',
  'for: { client: { name: [dev], ip: 192.0.2.0/24 } }, never: { rule: pod }',
]

const broken = [
  {
    name: 'what Basic hides is seen',
    invariant:
      'for: { credential: { kind: anthropic-oauth, scheme: basic }, path: /anthropic/* }, never: { upstream: anthropic }',
    line: 15,
    witness:
      "curl -H 'authorization: Basic OnNrLWFudC1vYXQ=' -H 'x-keyway-token: client:ci' http://127.0.0.1:8080/anthropic",
  },
  {
    invariant: 'for: { credential: { kind: openai } }, never: { upstream: openai }',
    line: 24,
    witness:
      "curl -H 'team: red' -H 'authorization: Bearer sk-proj-' -H 'x-keyway-token: client:ci' http://127.0.0.1:8080/openai",
  },
  {
    invariant:
      'for: { client: { name: dev } }, never: { host: spare.example.com, kind: anthropic-api-key }',
    line: 13,
    witness:
      "curl -H 'authorization: Bearer sk-ant-' -H 'x-keyway-token: client:dev' http://127.0.0.1:8080/anthropic",
  },
  {
    invariant: 'for: { path: /openai/* }, always: { forward: true }',
    line: 22,
    witness: "curl -H 'x-keyway-token: client:ci' http://127.0.0.1:8080/openai/v1/organization",
  },
  {
    invariant:
      'for: { client: { name: ci }, path: /anthropic/* }, always: { placement: authorization bearer }',
    line: 15,
    witness: "curl -H 'x-keyway-token: client:ci' http://127.0.0.1:8080/anthropic",
  },
  {
    invariant: 'never: { header: { x-debug: present } }',
    line: 15,
    witness: "curl -H 'x-debug: x' -H 'x-keyway-token: client:ci' http://127.0.0.1:8080/anthropic",
  },
  {
    invariant: 'for: { path: /openai/x }, never: { header: { x-team: present } }',
    line: 24,
    witness: "curl -H 'team: red' -H 'x-keyway-token: client:ci' http://127.0.0.1:8080/openai/x",
  },
  {
    name: 'a token that parameters bind to its scheme stays where it is',
    invariant:
      'for: { credential: { kind: anthropic-oauth }, client: { name: dev }, path: /anthropic/* }, always: { placement: authorization bearer }',
    line: 16,
    witness:
      'curl -H \'x-api-key: Token token="sk-ant-oat", region="x"\' -H \'x-keyway-token: client:dev\' http://127.0.0.1:8080/anthropic',
  },
]

describe('invariants', () => {
  test.each(proved)('holds: %s', (invariant) => {
    expect(find(invariant)).toEqual([])
  })

  test.each(broken)('broken: $invariant', ({ invariant, line, witness }) => {
    const found = find(invariant).filter(({ severity }) => severity === 'error')
    expect(found.map(({ code }) => code)).toEqual(['broken-invariant', 'broken-invariant'])
    expect(found.map((one) => one.line)).toEqual([line, 26])
    const client = /client:(\w+)/.exec(witness)?.[1]
    const comment =
      client === undefined ? '' : ` # client:${client} stands for the token of "${client}"`
    expect(found.map((one) => one.witness)).toEqual([witness + comment, witness + comment])
    expect(found[1]?.message).toContain(witness)
  })
})

test('a file that breaks an invariant is not served, one that keeps it is', async () => {
  const options = { catalogue: loadCatalogue(), env: {}, generation: 2 }
  const load = (never: string) =>
    compileBeside(
      { file: 'routes.yaml', text: `${FILE}invariants: [{ name: it, never: ${never} }]\n` },
      options,
    )
  expect((await load('{ route: openai }')).snapshot).toBeNull()
  expect((await load('{ upstream: anthropic, kind: openai }')).snapshot).not.toBeNull()
})

test('of routes that differ in names alone the one that breaks an invariant is found, and all are counted', () => {
  const route = (name: string): string => `
  - name: ${name}
    match: { path: /${name}/* }
    upstream: one
    rules:
      - { name: closed, if: { path: /${name}/v1/* }, reject: 403 }
      - { name: open, use: x-api-key }`
  const prove = (invariant: string): readonly ProvedInvariant[] => {
    const text = `version: 1
upstreams: { one: https://one.example.com }
invariants: [{ name: it, ${invariant} }]
routes:${['a', 'b', 'c'].map(route).join('')}
`
    const sources = { catalogue: loadCatalogue(), env: {} }
    const { config } = loadConfig({ file: 'routes.yaml', text }, sources)
    return config === null ? [] : proveInvariants(config.invariants, createWorld(config, sources))
  }
  const proofOf = (invariant: string): unknown => {
    const [proved] = prove(invariant)
    return proved?.proof.verdict === 'broken' ? proved.proof.by.class.route?.name : proved?.proof
  }
  expect(proofOf('never: { status: 404, upstream: one }')).toEqual({
    verdict: 'holds',
    classes: 19,
  })
  expect(proofOf('for: { path: /b/v1/* }, never: { status: 403 }')).toBe('b')
  expect(proofOf('for: { path: /c/* }, never: { forward: true }')).toBe('c')
  expect(proofOf('never: { route: b, status: 403 }')).toBe('b')
  expect(proofOf('for: { path: /a/v1/* }, never: { forward: true }')).toMatchObject({
    verdict: 'holds',
  })
})

describe('fallbacks that look for credentials elsewhere', () => {
  const verdictOf = (routes: string, invariant: string): string => {
    const text = `version: 1
upstreams:
  one: { url: https://one.example.com, accepts: [unknown] }
  two: { url: https://two.example.com, accepts: [unknown] }
  eleven: { provider: elevenlabs }
  gemini: { provider: gemini }
routes: [{ name: a, match: { path: /a }, ${routes} }]
invariants: [{ name: it, ${invariant} }]
`
    const sources = { catalogue: loadCatalogue(), env: {} }
    const { config, diagnostics } = loadConfig({ file: 'routes.yaml', text }, sources)
    if (config === null) return JSON.stringify(diagnostics)
    const [proved] = proveInvariants(config.invariants, createWorld(config, sources))
    if (proved?.proof.verdict !== 'broken') return proved?.proof.verdict ?? ''
    const { request } = proved.proof.by
    return [request.target, ...request.headers.slice(2)].join(' ')
  }
  const eleven = `upstream: one, fallback: [{ upstream: eleven, rules: ['use xi-api-key'] }], rules: [{ if: { credential: { present: true } }, reject: 403 }, 'use none']`
  const gemini = `upstream: one, fallback: [{ upstream: gemini, rules: ['use x-goog-api-key'] }], rules: [{ if: { credential: { present: true } }, reject: 403 }, 'use none']`
  const along = `upstream: one, fallback: [{ upstream: two, rules: [{ use: x-api-key, also: [{ header: x-own }] }] }], rules: ['use x-api-key']`
  test.each([
    [
      'a header that only a fallback puts elsewhere leaves with the route',
      along,
      'never: { upstream: one, header: { x-own: present } }',
      '/a x-own x',
    ],
    [
      'a credential that only the fallback sees goes on',
      eleven,
      'never: { upstream: eleven, kind: elevenlabs }',
      '/a xi-api-key sk_',
    ],
    [
      'a credential that can be named in a parameter is refused where only the fallback looks for it',
      gemini,
      'for: { credential: { source: query key, scheme: none } }, never: { upstream: gemini, kind: google-api-key }',
      'holds',
    ],
    [
      'a parameter that the route takes away before leaves nothing to be refused',
      gemini.replace("'use none'", '{ use: none, rewrite: { query: { remove: [key] } } }'),
      'for: { credential: { source: query key, scheme: none } }, never: { upstream: gemini, kind: google-api-key }',
      '/a?key=AQ.',
    ],
    [
      'a credential that both see is refused before',
      eleven,
      'for: { credential: { source: x-api-key } }, never: { upstream: eleven }',
      'holds',
    ],
  ])('%s', (_, routes, invariant, expected) => {
    expect(verdictOf(routes, invariant)).toBe(expected)
  })
})

test("an invariant's condition sees a request as a rule does: without its client's token", () => {
  const text = `version: 1
upstreams: { one: https://one.example.com }
clients: { header: authorization, tokens: { ci: { file: ci.sha256 } } }
routes: [{ name: a, match: { path: /a }, upstream: one }]
invariants: [{ name: it, for: { header: { authorization: { present: false } } }, never: { forward: true } }]
`
  const sources = { catalogue: loadCatalogue(), env: {} }
  const { config } = loadConfig({ file: 'routes.yaml', text }, sources)
  const [proved] = config ? proveInvariants(config.invariants, createWorld(config, sources)) : []
  expect(proved?.proof.verdict).toBe('broken')
})

test('a value that is compared as a whole is of no kind where it is read as Basic', () => {
  const text = `version: 1
clients: { required: false, tokens: { dev: { file: dev.sha256 } } }
upstreams: { one: https://one.example.com }
credentials: { house: { prefixes: [hk-] } }
routes:
  - name: a
    match: { path: /a/* }
    upstream: one
    rules:
      - if: { any: [{ credential: { equals: hk-TEST } }, { client: { name: dev } }], not: { credential: { kind: house } } }
        use: none
`
  const sources = { catalogue: loadCatalogue(), env: {} }
  const { config } = loadConfig({ file: 'routes.yaml', text }, sources)
  const { unreached } = config
    ? measureCoverage([], createWorld(config, sources))
    : { unreached: [] }
  expect(unreached.map(({ rule, request }) => [rule, request?.headers])).toEqual([
    [null, ['Host', 'localhost', 'authorization', 'Basic hk-TEST']],
    ['rules[0]', ['Host', 'localhost', 'authorization', 'Basic hk-TEST']],
  ])
})
