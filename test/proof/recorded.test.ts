import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { Test } from '../../src/config/shapes/config.generated.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { generateTests } from '../../src/proof/generate-tests.ts'
import { testOfDecision } from '../../src/proof/recorded-test.ts'
import { keyOfSeen, type SeenDecision, seenOf } from '../../src/proof/seen-decision.ts'
import { createWorld, type World } from '../../src/proof/world.ts'
import { viewOfTest } from '../../src/testing/request.ts'

const catalogue = loadCatalogue()

function worldOf(text: string): World {
  const env = {}
  const { config, diagnostics } = loadConfig({ file: 'r.yaml', text }, { catalogue, env })
  if (config === null) throw new Error(JSON.stringify(diagnostics))
  return createWorld(config, { catalogue, env })
}

const shipped = new URL('../../config/examples/', import.meta.url)
const examples = readdirSync(fileURLToPath(shipped)).filter((name) => /^[\w-]+\.yaml$/.test(name))

function decide(test: Test, world: World): SeenDecision {
  return seenOf(world.table().decide(viewOfTest(test, world.config)))
}

test.each(examples)('%s: of what is told of each class, a test of it is made', (name) => {
  const world = worldOf(readFileSync(new URL(name, shipped), 'utf8'))
  for (const one of generateTests(world)) {
    const seen = decide(one, world)
    const made = testOfDecision(seen, one.request.method ?? 'GET', world)
    const key = made && keyOfSeen(decide(made, world))
    expect({ test: one.name, key }).toEqual({ test: one.name, key: keyOfSeen(seen) })
  }
})

const WORLD = worldOf(`version: 1
secrets: { pod: { env: POD } }
clients: { tokens: { ci: { file: ci.sha256 }, dev: { file: dev.sha256 } }, required: false }
upstreams:
  up: { url: https://api.example.com, accepts: [openai, unknown] }
  other: { url: https://other.example.com, accepts: [openai] }
routes:
  - name: a
    match: { path: /a/:who/* }
    upstream: up
    fallback: [{ upstream: other, on: [connect] }]
    rules:
      - { name: ci, if: { client: { name: ci } }, use: { header: authorization, scheme: Bearer, value: '\${secret.pod}' } }
      - { name: key, if: { credential: { kind: openai }, query: { v: { in: ['1', '2'] } } }, use: x-api-key, else: { reject: 403 } }
  - { name: q, match: { path: /q/* }, credential: { from: [query key, cookie session] }, upstream: up }
  - { name: strict, match: { path: /strict, methods: [POST] }, credential: { conflict: reject }, upstream: other }
`)

const NOTHING: SeenDecision = {
  route: null,
  rule: null,
  branch: null,
  end: { status: 404, code: 'no_route' },
  credential: null,
  client: null,
}
const bearer = { kind: 'openai', source: 'authorization', scheme: 'bearer' }
const a: SeenDecision = {
  ...NOTHING,
  route: 'a',
  rule: 'key',
  branch: 'then',
  end: { upstream: 'up' },
}

const CASES: readonly {
  readonly name: string
  readonly seen: SeenDecision
  readonly method?: string
  /** null: there is none. */
  readonly request: Test['request'] | null
}[] = [
  { name: 'no route', seen: NOTHING, request: { path: '/' } },
  {
    name: 'the scheme, the place and the method that were seen',
    seen: { ...a, credential: { ...bearer, scheme: 'token' } },
    method: 'PATCH',
    request: {
      method: 'PATCH',
      path: '/a/x?v=1',
      headers: { authorization: 'Token sk-proj-TEST' },
    },
  },
  {
    name: 'a bare value',
    seen: { ...a, credential: { kind: 'openai', source: 'x-api-key', scheme: null } },
    request: { path: '/a/x?v=1', headers: { 'x-api-key': 'sk-proj-TEST' } },
  },
  {
    name: 'a client by its name',
    seen: { ...a, rule: 'ci', client: 'ci', credential: null },
    request: { path: '/a/x', client: { name: 'ci' } },
  },
  {
    name: 'a client that no rule asks for',
    seen: { ...a, credential: bearer, client: 'dev' },
    request: {
      path: '/a/x?v=1',
      headers: { authorization: 'Bearer sk-proj-TEST' },
      client: { name: 'dev' },
    },
  },
  {
    name: 'the other branch',
    seen: { ...a, branch: 'else', end: { status: 403, code: 'rejected' } },
    request: { path: '/a/x' },
  },
  {
    name: 'a credential in a query',
    seen: {
      ...NOTHING,
      route: 'q',
      end: { upstream: 'up' },
      credential: { kind: 'openai', source: 'query key', scheme: null },
    },
    request: { path: '/q?key=sk-proj-' },
  },
  {
    name: 'two credentials in conflict, of which the first is told',
    seen: {
      ...NOTHING,
      route: 'strict',
      end: { status: 400, code: 'credential_conflict' },
      credential: bearer,
    },
    method: 'POST',
    request: {
      method: 'POST',
      path: '/strict',
      headers: { authorization: 'Bearer sk-proj-TEST', 'x-goog-api-key': 'another-TEST' },
    },
  },
  {
    name: 'a kind that the upstream does not accept',
    seen: {
      ...NOTHING,
      route: 'strict',
      end: { status: 403, code: 'credential_not_accepted' },
      credential: { kind: 'jwt', source: 'authorization', scheme: 'bearer' },
    },
    method: 'POST',
    request: { method: 'POST', path: '/strict', headers: { authorization: 'Bearer eyJ-TEST' } },
  },
  {
    name: 'a method that the route does not take is not kept',
    seen: { ...NOTHING, route: 'strict', end: { upstream: 'other' } },
    method: 'GET',
    request: { method: 'POST', path: '/strict' },
  },
  { name: 'a route that is gone', seen: { ...a, route: 'gone' }, request: null },
  { name: 'a rule that is gone', seen: { ...a, rule: 'gone' }, request: null },
  {
    name: 'an upstream that it does not lead to',
    seen: { ...a, end: { upstream: 'other' } },
    request: null,
  },
  {
    name: 'a client that is gone',
    seen: { ...a, credential: bearer, client: 'gone' },
    request: null,
  },
  {
    name: 'a moment without a secret',
    seen: { ...a, rule: 'ci', client: 'ci', end: { status: 503, code: 'secret_unavailable' } },
    request: null,
  },
]

test.each(CASES)('$name', ({ seen, method = 'GET', request }) => {
  const made = testOfDecision(seen, method, WORLD)
  expect(made?.request ?? null).toEqual(request)
})
