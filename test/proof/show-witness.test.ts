import { expect, test } from 'vitest'
import { measureCoverage } from '../../src/proof/coverage.ts'
import { writeShown } from '../../src/proof/showing/show-witness.ts'
import { createWorld, type World } from '../../src/proof/world.ts'
import { loadSmall, SOURCES } from './oracle-cases.ts'

const RULES: readonly object[] = [
  { name: 'agentless', if: { header: { 'user-agent': { present: false } } }, use: 'x-a' },
  { name: 'curl', if: { header: { 'user-agent': { contains: 'curl' } } }, use: 'x-b' },
  { name: 'named', if: { client: { name: 'ci' } }, use: 'x-c' },
  { name: 'everyone', if: { method: 'GET' }, use: 'x-d' },
]

test('requests that are shown are those that curl sends, and say whose token they need', () => {
  const { config, diagnostics } = loadSmall({
    version: 1,
    clients: { tokens: { ci: { file: 'ci.sha256' } } },
    upstreams: { one: 'https://one.example.com' },
    routes: [{ name: 'a', match: { path: '/a/*' }, upstream: 'one', rules: RULES }],
  })
  expect(config, JSON.stringify(diagnostics)).not.toBe(null)
  const world = (config && createWorld(config, SOURCES)) as World
  const { unreached } = measureCoverage([], world)
  const shown = unreached.map(({ rule, request, isNever }) => [
    rule,
    request === null ? isNever : writeShown(request, world),
  ])
  const token = "-H 'x-keyway-token: client:ci'"
  const rest = 'http://127.0.0.1:8080/a # client:ci stands for the token of "ci"'
  expect(shown).toEqual([
    [null, `curl ${token} -H user-agent: ${rest}`],
    ['agentless', `curl ${token} -H user-agent: ${rest}`],
    ['curl', `curl -H 'user-agent: curl' ${token} ${rest}`],
    ['named', `curl -H 'user-agent: x' ${token} ${rest}`],
    ['everyone', true],
  ])
})

const LISTENING: readonly {
  readonly listen: unknown
  readonly rule: object
  readonly shown: readonly (string | boolean)[]
}[] = [
  {
    listen: 'unix:/run/k.sock',
    rule: { if: { header: { team: 'a' } } },
    shown: [
      "curl --unix-socket /run/k.sock -H 'team: a' http://localhost/a",
      "curl --unix-socket /run/k.sock -H 'team: a' http://localhost/a",
    ],
  },
  {
    listen: 'unix:/run/k.sock',
    rule: { if: { client: { ip: '10.0.0.0/8' } } },
    shown: [
      'curl --unix-socket /run/k.sock http://localhost/a # from 10.0.0.1',
      'curl --unix-socket /run/k.sock http://localhost/a # from 10.0.0.1',
    ],
  },
  {
    listen: { address: '[::1]:8443', tls: { cert: 'c.pem', key: 'k.pem' } },
    rule: { if: { host: '127.0.0.1' } },
    shown: [
      "curl -k -H 'host: 127.0.0.1' 'https://[::1]:8443/a'",
      "curl -k -H 'host: 127.0.0.1' 'https://[::1]:8443/a'",
    ],
  },
]

test.each(LISTENING)('requests are shown to $listen', ({ listen, rule, shown }) => {
  const { config, diagnostics } = loadSmall({
    version: 1,
    server: { listen },
    upstreams: { one: 'https://one.example.com' },
    routes: [
      { name: 'a', match: { path: '/a/*' }, upstream: 'one', rules: [{ ...rule, use: 'none' }] },
    ],
  })
  expect(config, JSON.stringify(diagnostics)).not.toBe(null)
  const world = (config && createWorld(config, SOURCES)) as World
  const { unreached } = measureCoverage([], world)
  expect(unreached.map(({ request }) => request && writeShown(request, world))).toEqual(shown)
})

test('a finding shows a request to where the file listens', () => {
  const { diagnostics } = loadSmall({
    version: 1,
    server: { listen: '0.0.0.0:9000' },
    upstreams: { one: 'https://one.example.com' },
    routes: [
      { name: 'a', match: { path: '/a' }, upstream: 'one', rules: ['if path /b/* use none'] },
    ],
  })
  const found = diagnostics.find(({ code }) => code === 'unreachable-rule')
  expect(found?.witness).toBe('curl http://127.0.0.1:9000/b')
})
