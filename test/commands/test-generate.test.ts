import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyway-generate-'))
afterAll(() => rmSync(folder, { recursive: true }))
const shipped = fileURLToPath(new URL('../../config/examples', import.meta.url))
const examples = readdirSync(shipped).filter((name) => /^[a-z0-9-]+\.yaml$/.test(name))

const FILE = `version: 1
secrets: { pod: { env: POD } }
clients: { tokens: { ci: { file: ci.sha256 } }, required: false }
upstreams: { up: { url: https://api.example.com, accepts: [openai, unknown] } }
routes:
  - name: a
    match: { path: /a/*, methods: [POST, PUT] }
    upstream: up
    rules:
      - { name: seen, if: { header: { x-team: red } }, request: { set: { x-seen: '1' } }, continue: true }
      - { name: ci, if: { client: { name: ci } }, use: { header: authorization, scheme: Bearer, value: '\${secret.pod}' } }
      - { name: key, if: { credential: { kind: openai } }, use: x-api-key, else: { reject: 403 } }
tests:
  - name: ci
    request: { method: POST, path: /a/x, client: { name: ci } }
    expect: { route: a, rule: ci }
`

describe('test --generate', () => {
  test('writes a test for each class of decisions, which a person can read', async () => {
    writeFileSync(join(folder, 'own.yaml'), FILE)
    const { code, stdout } = await run(['test', '--generate', 'own.yaml'], { cwd: folder })
    expect(code).toBe(0)
    expect(stdout).toContain(`
  - name: "route a, rule ci: to up with secret pod"
    request: { method: POST, path: /a, headers: { x-team: red }, client: { name: ci } }
    expect: { route: a, rule: ci, upstream: up, path: /a, headers: { authorization: "Bearer \${secret.pod}" } }
`)
    expect(stdout).toContain(`
    expect: { route: a, rule: key, upstream: up, path: /a, headers: { authorization: null, x-api-key: sk-proj-TEST } }
`)
    expect(stdout).toContain('expect: { route: a, rule: key, status: 403 }')
    expect(stdout).toContain('expect: { route: null, rule: null, status: 404 }')
  })

  test.each(examples)('what it writes for %s passes', async (name) => {
    cpSync(join(shipped, name), join(folder, name))
    const file = name.replace(/\.yaml$/, '.generated.test.yaml')
    const generated = await run(['test', '--generate', name], { cwd: folder })
    writeFileSync(join(folder, file), generated.stdout)
    const { code, stdout, stderr } = await run(['test', name], { cwd: folder })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^\d+ passed, 0 failed$/m)
  })
})

describe('test --coverage', () => {
  test('names what no test reaches, with a request that would', async () => {
    writeFileSync(join(folder, 'covered.yaml'), FILE)
    const { code, stdout } = await run(['test', '--coverage', 'covered.yaml'], { cwd: folder })
    expect(code).toBe(0)
    expect(stdout).toBe(`1 passed, 0 failed
covered.yaml: the tests reach 2 of 5 routes, rules and branches; not
  route "a", rule "seen"
    curl -X POST -H 'x-team: red' -H 'x-keyway-token: client:ci' http://127.0.0.1:8080/a # client:ci stands for the token of "ci"
  route "a", rule "key"
    curl -X POST -H 'x-team: red' -H 'authorization: Bearer sk-proj-' http://127.0.0.1:8080/a
  route "a", rule "key", its else
    curl -X POST -H 'x-team: red' http://127.0.0.1:8080/a
`)
  })

  test('the tests that --generate writes reach everything', async () => {
    const generated = await run(['test', '--generate', 'covered.yaml'], { cwd: folder })
    writeFileSync(join(folder, 'covered.generated.test.yaml'), generated.stdout)
    const flags = ['test', '--coverage', '--format', 'json', 'covered.yaml']
    const { stdout } = await run(flags, { cwd: folder })
    expect(JSON.parse(stdout)).toMatchObject({ reached: 5, all: 5, unreached: [] })
  })
})
