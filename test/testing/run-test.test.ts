import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { Test } from '../../src/config/shapes/config.generated.ts'
import { runTest } from '../../src/testing/run-test.ts'
import { compileText } from '../support/compile-text.ts'

const CONFIG = `version: 1
secrets: { own: { env: OWN } }
upstreams:
  up: https://up.test/base
  closed: { url: 'https://closed.test', accepts: [openai] }
routes:
  - name: open
    match: { path: /open/* }
    upstream: up
    request: { append: { x-twice: b } }
    rules:
      - { name: ours, if: { header: { x-own: { present: true } } }, use: { header: x-api-key, value: '\${secret.own}' } }
      - { name: theirs, use: x-api-key }
  - { name: closed, match: { path: /closed }, upstream: closed }
`

const KEY = { authorization: 'Bearer sk-ant-api03-FAKE' }

function differences(request: Test['request'], wanted: Test['expect']): string[] {
  const tests = stringify({ tests: [{ name: 'one', request, expect: wanted }] })
  const { config, table } = compileText(CONFIG + tests)
  const [one] = config.tests
  return runTest(one as Test, config, table).differences.map(
    ({ what, wanted, got }) => `${what}: ${wanted}, not ${got}`,
  )
}

const open = { path: '/open/x', headers: { ...KEY, 'x-twice': 'a' } }

describe('a test is green only where all of it came out', () => {
  const rows: { name: string; request: Test['request']; wanted: Test['expect']; red: string[] }[] =
    [
      {
        name: 'all that is expected',
        request: open,
        wanted: {
          route: 'open',
          rule: 'theirs',
          upstream: 'up',
          path: '/base/open/x',
          headers: {
            'X-Api-Key': 'sk-ant-api03-FAKE',
            authorization: null,
            'x-twice': ['a', 'b'],
            'x-none': { present: false },
          },
        },
        red: [],
      },
      {
        name: 'a header that leaves twice',
        request: open,
        wanted: { headers: { 'x-twice': 'a' } },
        red: ['header x-twice: a, not a | b'],
      },
      {
        name: 'the second of two, where one was wanted',
        request: open,
        wanted: { headers: { 'x-twice': 'b' } },
        red: ['header x-twice: b, not a | b'],
      },
      {
        name: 'two in another order',
        request: open,
        wanted: { headers: { 'x-twice': ['b', 'a'] } },
        red: ['header x-twice: b | a, not a | b'],
      },
      {
        name: 'a header that should be gone',
        request: open,
        wanted: { headers: { 'x-api-key': null } },
        red: ['header x-api-key: absent, not sk-ant-api03-FAKE'],
      },
      {
        name: 'a header that is not there',
        request: open,
        wanted: { headers: { authorization: 'Bearer x', 'x-none': { present: true } } },
        red: [
          'header authorization: Bearer x, not absent',
          'header x-none: is present, not absent',
        ],
      },
      {
        name: 'another value, route, rule, upstream and path',
        request: open,
        wanted: { route: 'closed', rule: 'ours', upstream: 'closed', path: '/open/x' },
        red: [
          'route: closed, not open',
          'rule: ours, not theirs',
          'upstream: closed, not up',
          'path: /open/x, not /base/open/x',
        ],
      },
      {
        name: 'a secret in its place',
        request: { path: '/open/x', headers: { ...KEY, 'x-own': '1' } },
        wanted: { rule: 'ours', headers: { 'x-api-key': '${secret.own}' } },
        red: [],
      },
      {
        name: "the client's where a secret should be",
        request: open,
        wanted: { headers: { 'x-api-key': '${secret.own}' } },
        red: ['header x-api-key: ${secret.own}, not sk-ant-api03-FAKE'],
      },
      {
        name: 'a request that is refused as it should be',
        request: { path: '/closed', headers: KEY },
        wanted: { route: 'closed', status: 403 },
        red: [],
      },
      {
        name: 'a request that leaves and should be refused',
        request: open,
        wanted: { status: 403 },
        red: ['status: 403, not forwarded'],
      },
      {
        name: 'no route',
        request: { path: '/none' },
        wanted: { route: null, status: 404 },
        red: [],
      },
      {
        name: 'a route where there should be none',
        request: open,
        wanted: { route: null },
        red: ['route: none, not open'],
      },
    ]

  test.each(rows)('$name', ({ request, wanted, red }) => {
    expect(differences(request, wanted)).toEqual(red)
  })

  const leaving: { name: string; wanted: Test['expect'] }[] = [
    { name: 'an upstream', wanted: { upstream: 'closed' } },
    { name: 'a path', wanted: { path: '/closed' } },
    { name: 'a header', wanted: { headers: { 'x-api-key': 'sk-ant-api03-FAKE' } } },
    { name: 'no header', wanted: { headers: { 'x-api-key': null } } },
  ]

  test.each(leaving)('a request that is refused and should leave with $name', ({ wanted }) => {
    const [red, ...more] = differences({ path: '/closed', headers: KEY }, wanted)
    expect(red).toMatch(/^status: forwarded, not 403 credential_not_accepted: /)
    expect(more).toEqual([])
  })
})
