import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'

/** Codes of what is found in a file, with the lines they stand on. */
function findings(text: string): string[] {
  const options = { catalogue: loadCatalogue(), env: {} }
  const { diagnostics } = loadConfig({ file: 'routes.yaml', text }, options)
  return diagnostics.map(({ code, line }) => `${line} ${code}`)
}

const file = ({ top = '', upstream = 'https://up.test', rule = 'use: none' }): string => `version: 1
${top}
upstreams: { up: ${upstream} }
routes:
  - { name: all, match: { path: /* }, upstream: up, rules: [{ ${rule} }] }
`

const value = (text: string): string => `use: { header: x-api-key, value: '${text}' }`
const set = (text: string): string => `request: { set: { x-own: '${text}' } }`

describe('a literal secret', () => {
  const rows = [
    { name: 'eleven characters where a key is put', rule: value('abcdefghijk'), found: [] },
    { name: 'twelve', rule: value('abcdefghijkl'), found: ['5 literal-secret'] },
    { name: 'forty of them', rule: value('a'.repeat(40)), found: ['5 literal-secret'] },
    { name: 'a reference', rule: 'use: authorization bearer', found: [] },
    {
      name: 'a short key of a known kind',
      rule: set('sk-ant-api03-FAKE'),
      found: ['5 literal-secret'],
    },
    {
      name: 'a key behind its scheme',
      rule: set('Bearer sk-ant-api03-FAKE'),
      found: ['5 literal-secret'],
    },
    { name: 'a name in a header', rule: set('team-of-eleven-people'), found: [] },
  ]

  test.each(rows)('$name', ({ rule, found }) => {
    expect(findings(file({ rule }))).toEqual(found)
  })
})

const TOKENS = 'tokens: { ci: { file: /run/tokens } }'

describe('a listener that others reach', () => {
  const rows = [
    { name: 'on loopback', top: 'server: { listen: 127.0.0.1:1 }', found: [] },
    { name: 'on a unix socket', top: 'server: { listen: unix:/run/k.sock }', found: [] },
    { name: 'on every address', top: 'server: { listen: 0.0.0.0:1 }', found: ['2 open-listener'] },
    {
      name: 'on every one of IPv6',
      top: 'server: { listen: "[::]:1" }',
      found: ['2 open-listener'],
    },
    {
      name: 'on every address, for clients alone',
      top: `server: { listen: 0.0.0.0:1 }\nclients: { ${TOKENS} }`,
      found: [],
    },
    {
      name: 'on every address, where a token is optional',
      top: `server: { listen: 0.0.0.0:1 }\nclients: { required: false, ${TOKENS} }`,
      found: ['2 open-listener'],
    },
    { name: 'for administration', top: 'server: { admin: 0.0.0.0:1 }', found: ['2 open-admin'] },
    { name: 'for none', top: 'server: { admin: off }', found: [] },
  ]

  test.each(rows)('$name', ({ top, found }) => {
    expect(findings(file({ top })).filter((one) => /open-(listener|admin)/.test(one))).toEqual(
      found,
    )
  })
})

describe('an upstream', () => {
  const rows = [
    { name: 'over TLS', upstream: 'https://up.test', found: [] },
    { name: 'in the clear', upstream: 'http://up.test', found: ['3 plain-http'] },
    { name: 'in the clear on loopback', upstream: 'http://127.0.0.1:1', found: [] },
    { name: 'in the clear on localhost', upstream: 'http://localhost:1', found: [] },
    {
      name: 'whose name only begins so',
      upstream: 'http://localhost.evil.test',
      found: ['3 plain-http'],
    },
    {
      name: 'whose name only looks so',
      upstream: 'http://127.0.0.1.evil.test',
      found: ['3 plain-http'],
    },
    { name: 'with a user', upstream: 'https://user@up.test', found: ['3 bad-url'] },
    {
      name: 'with user and password',
      upstream: 'https://user:pass-TEST@up.test',
      found: ['3 bad-url'],
    },
    {
      name: 'unverified',
      upstream: '{ url: https://up.test, tls: { insecure: true } }',
      found: ['3 insecure-tls'],
    },
  ]

  test.each(rows)('$name', ({ upstream, found }) => {
    expect(findings(file({ upstream }))).toEqual(found)
  })
})
