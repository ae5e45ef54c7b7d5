import { expect, test } from 'vitest'
import { measureCoverage } from '../../src/proof/coverage.ts'
import { writeShown } from '../../src/proof/show-witness.ts'
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
