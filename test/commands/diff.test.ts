import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyway-diff-'))
afterAll(() => rmSync(folder, { recursive: true }))

const config = (use: string): string => `version: 1
upstreams: { up: 'https://api.example.com' }
routes:
  - { name: all, match: { path: /* }, upstream: up, rules: [{ name: only, use: ${use} }] }
tests:
  - name: a key
    request: { path: /v1, headers: { authorization: Bearer opaque-TEST } }
    expect: { route: all }
`

beforeAll(() => {
  writeFileSync(join(folder, 'old.yaml'), config('x-api-key'))
  writeFileSync(join(folder, 'new.yaml'), config('authorization bearer'))
  writeFileSync(join(folder, 'bad.yaml'), 'version: 1\nroutes: [{ name: x }]\n')
})

const diff = (...args: string[]) => run(['diff', ...args], { cwd: folder })

test('what differs in words and in decisions', async () => {
  const { code, stdout, stderr } = await diff('old.yaml', 'new.yaml')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toContain('rule "only"')
  expect(stdout).toContain('"a key"')
  expect(stdout).not.toContain('opaque-TEST')
})

test('as JSON', async () => {
  const { code, stdout } = await diff('--format', 'json', 'old.yaml', 'new.yaml')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ decisions: [{ test: 'a key' }] })
})

test('--exit-code tells whether requests are decided otherwise', async () => {
  expect((await diff('--exit-code', 'old.yaml', 'new.yaml')).code).toBe(1)
  expect((await diff('--exit-code', 'old.yaml', 'old.yaml')).code).toBe(0)
})

test('and where there is no telling', async () => {
  const kinds = 'credentials: { own: { prefixes: [own-FAKE-] } }\nupstreams:'
  writeFileSync(join(folder, 'kinds.yaml'), config('x-api-key').replace('upstreams:', kinds))
  const args = ['old.yaml', 'kinds.yaml', '--format', 'json']
  const { code, stdout } = await diff('--exit-code', ...args)
  expect(JSON.parse(stdout)).toMatchObject({ classes: [], undetermined: [expect.any(String)] })
  expect(code).toBe(1)
  expect((await diff(...args)).code).toBe(0)
})

test('secrets and clients that are not at hand are stood in for', async () => {
  const text = (rule: string): string => `version: 1
secrets: { own: { file: /nowhere } }
clients: { tokens: { ci: { file: /nowhere } } }
upstreams: { up: 'https://api.example.com' }
routes:
  - { name: all, match: { path: /* }, upstream: up, rules: [{ name: ${rule}, use: { header: x-api-key, value: '\${secret.own}' } }] }
tests:
  - { name: inside, request: { path: /v1, client: { name: ci } }, expect: { route: all } }
`
  writeFileSync(join(folder, 'one.yaml'), text('one'))
  writeFileSync(join(folder, 'two.yaml'), text('two'))
  const { stdout } = await diff('--format', 'json', 'one.yaml', 'two.yaml')
  expect(JSON.parse(stdout).decisions).toEqual([
    { test: 'inside', differences: [{ what: 'rule', before: 'one', after: 'two' }] },
  ])
})

test('equal files', async () => {
  expect(await diff('old.yaml', 'old.yaml')).toEqual({
    code: 0,
    stdout: expect.stringContaining('nothing differs'),
    stderr: '',
  })
})

test.each([
  { name: 'a bad second file', files: ['old.yaml', 'bad.yaml'], stderr: 'bad.yaml:2:10 error' },
  { name: 'a bad first file', files: ['bad.yaml', 'old.yaml'], stderr: 'bad.yaml:2:10 error' },
  {
    name: 'a second file that is not there',
    files: ['old.yaml', 'none.yaml'],
    stderr: 'none.yaml: there is no such file',
  },
])('$name exits 1, with what is wrong', async ({ files, stderr }) => {
  const outcome = await diff(...files)
  expect(outcome).toMatchObject({ code: 1, stdout: '' })
  expect(outcome.stderr).toContain(stderr)
})

test.each([
  { name: 'one file', args: ['old.yaml'] },
  { name: 'three files', args: ['old.yaml', 'new.yaml', 'old.yaml'] },
  { name: 'a format that is none', args: ['--format', 'xml', 'old.yaml', 'new.yaml'] },
])('$name: wrong usage', async ({ args }) => {
  expect(await diff(...args)).toMatchObject({ code: 2, stdout: '' })
})

test('what is wrong with both files is told of the old one first', async () => {
  writeFileSync(join(folder, 'worse.yaml'), 'version: 1\nroutes: [{ nam: x }]\n')
  const { code, stderr } = await diff('bad.yaml', 'worse.yaml')
  expect(code).toBe(1)
  expect(stderr.indexOf('bad.yaml:')).toBe(0)
  expect(stderr.indexOf('worse.yaml:')).toBeGreaterThan(0)
})

test('long files are told as short ones are', async () => {
  const long = (use: string): string => `${config(use)}# ${'x'.repeat(70_000)}\n`
  writeFileSync(join(folder, 'long.yaml'), long('x-api-key'))
  writeFileSync(join(folder, 'longer.yaml'), long('authorization bearer'))
  const [short, whole] = [
    await diff('old.yaml', 'new.yaml'),
    await diff('long.yaml', 'longer.yaml'),
  ]
  expect(whole).toEqual(short)
})
