import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { run } from './run.ts'

const cwd = mkdtempSync(join(tmpdir(), 'keyway-source-'))
afterAll(() => rmSync(cwd, { recursive: true }))

const FILE = `version: 1
upstreams: { echo: builtin:echo }
routes: [{ name: echo, match: { path: /echo/* }, upstream: echo }]
tests: [{ name: it goes, request: { path: /echo/x }, expect: { route: echo } }]
`

test.each([
  { args: ['check', '-'], code: 0, stdout: '<stdin>: no errors, no warnings\n' },
  { args: ['test', '-'], code: 0, stdout: '1 passed, 0 failed\n' },
  { args: ['diff', '-', 'same.yaml'], code: 0, stdout: 'nothing differs\n' },
  { args: ['check', 'same.yaml', '-'], code: 0, stdout: '2 files: no errors, no warnings\n' },
])('$args reads standard input', async ({ args, code, stdout }) => {
  writeFileSync(join(cwd, 'same.yaml'), FILE)
  expect(await run(args, { cwd, input: FILE })).toEqual({ code, stdout, stderr: '' })
})

test.each([
  { args: ['check', '-', '-'], says: 'standard input can be read once' },
  { args: ['diff', '-', '-'], says: 'standard input can be read once' },
  { args: ['test', '-', '-'], says: 'standard input can be read once' },
  { args: ['test', '-', '--watch'], says: 'standard input does not change: --watch wants files' },
  { args: ['test', '--generate', 'a', 'b'], says: '--generate takes one file' },
  ...['coverage', 'watch'].map((flag) => ({
    args: ['test', '--generate', `--${flag}`],
    says: `--generate writes tests, and does not go with --${flag}`,
  })),
])('$args is wrong usage', async ({ args, says }) => {
  expect(await run(args, { cwd, input: FILE })).toEqual({
    code: 2,
    stdout: '',
    stderr: `keyway: ${says}\nTry: keyway ${args[0]} --help\n`,
  })
})

test.each([
  { env: {}, file: 'config/routes.yaml' },
  { env: { KEYWAY_CONFIG: '' }, file: 'config/routes.yaml' },
  { env: { KEYWAY_CONFIG: 'other.yaml' }, file: 'other.yaml' },
])('without a name the file is $file, and how to write it is said: $env', async ({ env, file }) => {
  expect(await run(['check'], { cwd, env })).toEqual({
    code: 1,
    stdout: `${file}:1:1 error unreadable-file there is no such file\n${file}: 1 error, no warnings\n`,
    stderr: `Write a starting one: keyway init --output ${file}\n`,
  })
})

test('whoever runs it by npx is told so', async () => {
  const { stderr } = await run(['check'], { cwd, env: { npm_command: 'exec' } })
  expect(stderr).toBe('Write a starting one: npx keyway-proxy init --output config/routes.yaml\n')
  const start = await run([], { cwd, env: { npm_command: 'exec' } })
  expect(start.stderr).toContain(`Start here, as there is no config/routes.yaml yet:
  npx keyway-proxy init anthropic openai --output config/routes.yaml
  npx keyway-proxy serve
`)
})

test('where there is a file nothing is said of a first one', async () => {
  writeFileSync(join(cwd, 'there.yaml'), FILE)
  const { stderr } = await run([], { cwd, env: { KEYWAY_CONFIG: 'there.yaml' } })
  expect(stderr).not.toContain('Start here')
  const other = await run(['check', '/nowhere.yaml'], { cwd })
  expect(other.stderr).toBe('')
})
