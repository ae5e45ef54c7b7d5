import { expect, test } from 'vitest'
import { compileText, view } from '../support/compile-text.ts'

const KEY = 'sk-proj-FAKE1234'

/** Names of the limits that a request counts towards, each with what has the count. */
function charges(target: string, headers: readonly string[]): readonly string[] {
  const { table } = compileText(`version: 1
clients: { required: false, tokens: { ci: { file: ci } } }
upstreams: { up: { url: https://up.test, accepts: [openai] } }
routes:
  - { name: a, match: { path: /a }, upstream: up }
  - { name: b, match: { path: /b }, upstream: up }
limits:
  - { name: by-client, by: client, requests: 1/s }
  - { name: by-address, by: address, requests: 1/s }
  - { name: by-route, match: { route: [a, b] }, by: route, requests: 1/s }
  - { name: by-key, match: { route: a }, by: credential, requests: 1/s }
  - { name: by-key-too, match: { route: a }, by: credential, requests: 1/s }
`)
  const decision = table.decide(view(target, headers))
  if (decision.action !== 'forward') throw new Error(decision.message)
  return decision.charges.map(({ limit, key }) => `${limit.name} ${key}`)
}

test('what a route’s requests count towards', () => {
  expect(charges('/b', ['x-api-key', KEY])).toEqual([
    'by-client ',
    'by-address 192.0.2.7',
    'by-route b',
  ])
})

test('a credential counts as a hash that names the limit', () => {
  const [, , , one, two] = charges('/a', ['x-api-key', KEY])
  const [, , , other] = charges('/a', ['x-api-key', `${KEY}5`])
  const [, , , none] = charges('/a', [])
  expect(one).toBe('by-key VJbUlMbKP99kR9vh979rr5FA7nNFcTHH6zwkZn_Us30')
  expect(two).not.toBe(one?.replace('by-key', 'by-key-too'))
  expect(other).not.toBe(one)
  expect(none).toBe('by-key ')
})
