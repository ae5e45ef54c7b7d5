import { describe, expect, test } from 'vitest'
import { type LoadResult, loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { compileText, view } from '../support/compile-text.ts'

const ENV = {
  UP: 'https://up.example.com',
  NAME: 'red',
  DIR: '/run/keys',
  TIME: '7s',
  PATH_A: '/a/*',
}

function load(text: string, env: Record<string, string> = ENV): LoadResult {
  return loadConfig({ file: 'f', text }, { catalogue: loadCatalogue(), env })
}

const FILE = `version: 1
server: { listen: "127.0.0.1:\${env.PORT:-8081}", limits: { drain: "\${env.TIME}" } }
secrets: { a: { file: "\${env.DIR}/a.key" } }
upstreams:
  up: { url: "\${env.UP}/base", accepts: [unknown] }
  other: "https://\${env.HOST:-other.example.com}"
routes:
  - name: "\${env.NAME}"
    match: { path: "\${env.PATH_A}" }
    upstream: up
    request: { set: { x-a: "\${env.NAME}", x-b: "\${env.NONE:-blue}", x-c: "\${env.NONE:-}" } }
    rules:
      - { if: { method: POST }, upstream: other }
      - { use: { header: x-api-key, value: "\${secret.a}" } }
`

describe('the environment in texts of the file', () => {
  test('stands where a text stands, with a default where it is not set', () => {
    const { config, diagnostics } = load(FILE)
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(config).toMatchObject({
      server: { listen: { address: { host: '127.0.0.1', port: 8081 } }, limits: { drainMs: 7000 } },
      secrets: [{ sources: [{ file: '/run/keys/a.key' }] }],
      upstreams: [{ url: 'https://up.example.com/base' }, { url: 'https://other.example.com' }],
      routes: [{ name: 'red', match: { path: '/a/*' } }],
    })
  })

  test('one that is set to nothing is set: its default does not stand in', () => {
    const file = 'version: 1\nupstreams: { up: "https://${env.SUB:-sub.}example.com" }\n'
    const urlWith = (env: Record<string, string>): unknown =>
      load(file, env).config?.upstreams[0]?.url
    expect([urlWith({}), urlWith({ SUB: 'other.' }), urlWith({ SUB: '' })]).toEqual([
      'https://sub.example.com',
      'https://other.example.com',
      'https://example.com',
    ])
  })

  test('and in templates, where it is read when they are compiled', () => {
    const { table } = compileText(FILE, { env: ENV, readSecret: () => 'FAKE-KEY' })
    const decision = table.decide(view('/a/x', []))
    if (decision.action !== 'forward') throw new Error('not forwarded')
    const { headers } = decision
    const written = (name: string): string | undefined => headers[headers.indexOf(name) + 1]
    expect(['x-a', 'x-b', 'x-c'].map(written)).toEqual(['red', 'blue', ''])
  })

  test('a variable that is not set is one finding, at its place', () => {
    const { diagnostics } = load('version: 1\nupstreams: { up: "http://${env.UP}/x" }\n', {})
    expect(
      diagnostics.map(({ code, line, column, length }) => [code, line, column, length]),
    ).toEqual([['missing-env', 2, 18, 20]])
  })

  test.each(['http://${secret.a}', 'https://api.example.com/${request.id}'])(
    'nothing else stands in a URL: %s',
    (url) => {
      const { diagnostics } = load(
        `version: 1\nsecrets: { a: { env: A } }\nupstreams: { up: "${url}" }\n`,
      )
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject([
        {
          code: 'bad-url',
          message: 'an upstream has one URL, so only ${env.NAME} can stand in it',
        },
      ])
    },
  )
})

describe('a star under remove', () => {
  const file = (operations: string): string => `version: 1
upstreams: { up: { url: https://up.example.com, accepts: [unknown] } }
routes:
  - { name: a, match: { path: /a/* }, upstream: up, request: ${operations} }
`

  test('takes out all headers that begin so', () => {
    const { table } = compileText(file('{ remove: ["x-stainless-*", x-one] }'))
    const sent = ['X-Stainless-Lang', 'js', 'x-stainless-', 'a', 'x-stain', 'b', 'X-One', 'c']
    const decision = table.decide(view('/a/x', sent))
    const names =
      decision.action === 'forward' ? decision.headers.filter((_, i) => i % 2 === 0) : []
    expect(names.filter((name) => /^x-(stain|one)/i.test(name))).toEqual(['x-stain'])
  })

  test.each([
    '{ remove: ["*"] }',
    '{ remove: ["x*-debug"] }',
    '{ remove: ["x-**"] }',
    '{ set: { "x-*": a } }',
    '{ rename: { "x-*": y } }',
  ])('stands at the end of a name, and nowhere else: %s', (operations) => {
    const { diagnostics } = load(file(operations))
    expect(diagnostics.map(({ code }) => code)).toEqual(['bad-header-name'])
  })
})
