import { expect, test } from 'vitest'
import type { Rejection } from '../../src/routing/decide/decision.ts'
import { standInToken } from '../../src/config/language/stand-in-token.ts'
import { compileText, view } from '../support/compile-text.ts'

const { table } = compileText(
  `version: 1
secrets: { one: { env: ONE }, two: { env: TWO }, gone: { env: GONE } }
clients: { tokens: { ci: { file: ci } } }
upstreams:
  a: https://a.test
  b: { url: https://b.test, accepts: [anthropic-api-key] }
routes:
  - name: both
    match: { path: /both }
    upstream: a
    request: { set: { x-two: '\${secret.two}' } }
    rules:
      - { name: post, if: { method: POST }, upstream: b, use: { header: x-api-key, value: '\${secret.one}' } }
      - { name: rest, use: { header: x-api-key, value: '\${secret.gone}' } }
  - { name: plain, match: { path: /plain }, upstream: a }
`,
  { readSecret: (name: string) => (name === 'gone' ? null : `sk-proj-FAKE${name}FAKEFAKEFAKE`) },
)

const CLIENT = ['X-Keyway-Token', standInToken('ci')]

function rejected(target: string, headers: readonly string[], method = 'GET'): Rejection {
  const decision = table.decide(view(target, headers, { method }))
  if (decision.action !== 'reject') throw new Error(`it goes to ${decision.upstream.config.name}`)
  return decision
}

test.each([
  {
    name: 'a client that nobody knows would have taken whatever the route may add',
    decide: () => rejected('/both', []),
    code: 'client_unauthenticated',
    names: ['two', 'one', 'gone'],
    upstream: 'a',
  },
  {
    name: 'of a route that adds none it would have taken none',
    decide: () => rejected('/plain', []),
    code: 'client_unauthenticated',
    names: [],
    upstream: null,
  },
  {
    name: 'no route, no secret',
    decide: () => rejected('/none', []),
    code: 'client_unauthenticated',
    names: [],
    upstream: null,
  },
  {
    name: 'one that can not be read',
    decide: () => rejected('/both', CLIENT),
    code: 'secret_unavailable',
    names: ['gone'],
    upstream: 'a',
  },
  {
    name: 'one that its upstream does not take, which a rule names',
    decide: () => rejected('/both', CLIENT, 'POST'),
    code: 'credential_not_accepted',
    names: ['one'],
    upstream: 'b',
  },
])('$name', ({ decide, code, names, upstream }) => {
  const { spared, ...rejection } = decide()
  expect(rejection.code).toBe(code)
  expect([...spared.names].toSorted()).toEqual(names.toSorted())
  expect(spared.upstream?.config.name ?? null).toBe(upstream)
})
