import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommand } from '../../src/commands/run-command.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyway-test-command-'))
  writeFileSync(
    join(folder, 'routes.yaml'),
    `version: 1
secrets: { own: { file: /nowhere } }
clients: { tokens: { ci: { file: /nowhere } } }
upstreams: { up: 'https://api.example.com' }
routes:
  - name: all
    match: { path: /* }
    upstream: up
    rules:
      - { if: { client: { name: ci } }, use: { header: x-api-key, value: '\${secret.own}' } }
      - { use: authorization bearer }
tests:
  - name: inside
    request: { path: /v1, client: { name: ci } }
    expect: { route: all, headers: { x-api-key: '\${secret.own}', authorization: null, x-keyway-token: null } }
`,
  )
})

afterEach(() => rmSync(folder, { recursive: true }))

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const code = await runCommand(['test', ...args], {
    stdout: (text) => {
      out += text
    },
    stderr: (text) => {
      err += text
    },
    env: {},
    cwd: folder,
  })
  return { code, out, err }
}

const beside = (expected: string): void =>
  writeFileSync(
    join(folder, 'routes.more.test.yaml'),
    `version: 1\ntests:\n  - name: beside\n    request: { path: /v1 }\n    expect: ${expected}\n`,
  )

test('tests run without the secrets and the clients they name', async () => {
  expect(await run('routes.yaml')).toEqual({ code: 0, out: '1 passed, 0 failed\n', err: '' })
})

test('a file beside it may name what the configuration holds', async () => {
  beside('{ status: 401, route: all }')
  expect(await run('routes.yaml')).toEqual({ code: 0, out: '2 passed, 0 failed\n', err: '' })
})

test('each difference is one line with the place of its test', async () => {
  beside('{ route: other, rule: ruled, status: 404 }')
  const { code, out } = await run('routes.yaml')
  expect(code).toBe(1)
  expect(out).toBe(`routes.more.test.yaml:3:5 failed "beside": route: wanted other, got all
routes.more.test.yaml:3:5 failed "beside": rule: wanted ruled, got none
routes.more.test.yaml:3:5 failed "beside": status: wanted 404, got 401 client_unauthenticated: This proxy wants a client token in the header x-keyway-token; none was sent.
1 passed, 1 failed
`)
})

test('JSON and JUnit', async () => {
  beside('{ route: <&> }')
  const json = JSON.parse((await run('--format', 'json', 'routes.yaml')).out)
  expect(json).toMatchObject({
    passed: 1,
    failed: 1,
    tests: [{ name: 'inside' }, { name: 'beside', line: 3 }],
  })
  const { out } = await run('--format', 'junit', 'routes.yaml')
  expect(out).toContain('<testsuites tests="2" failures="1">')
  expect(out).toContain('<failure message="route: wanted &lt;&amp;&gt;, got all">')
})

test('a file that is not valid fails', async () => {
  writeFileSync(join(folder, 'routes.yaml'), 'version: 2\n')
  const { code, err } = await run('routes.yaml')
  expect(code).toBe(1)
  expect(err).toContain('routes.yaml:1:10 error')
})

test('a format that there is not is wrong usage', async () => {
  expect((await run('--format', 'xml', 'routes.yaml')).code).toBe(2)
})
