import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { showsColours } from '../../src/commands/reports/colours.ts'
import { runCommand } from '../../src/commands/run-command.ts'
import { run } from './run.ts'

let cwd = ''

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'keyway-terminal-'))
})

afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const ROUTE = `version: 1
upstreams: { echo: builtin:echo }
routes:
  - { name: a, match: { path: /a/* }, upstream: echo }
`

describe('colours are shown', () => {
  test.each([
    { name: 'on a terminal', isTTY: true, env: {}, shown: true },
    { name: 'nowhere else', isTTY: false, env: {}, shown: false },
    { name: 'not where NO_COLOR is set', isTTY: true, env: { NO_COLOR: '1' }, shown: false },
    { name: 'not on a dumb terminal', isTTY: true, env: { TERM: 'dumb' }, shown: false },
    {
      name: 'where FORCE_COLOR asks for them',
      isTTY: false,
      env: { FORCE_COLOR: '1' },
      shown: true,
    },
    { name: 'not where FORCE_COLOR is 0', isTTY: true, env: { FORCE_COLOR: '0' }, shown: false },
  ])('$name', ({ isTTY, env, shown }) => {
    expect(showsColours({ isTTY }, env)).toBe(shown)
  })
})

test('check paints a severity and its carets', async () => {
  writeFileSync(join(cwd, 'f.yaml'), `${ROUTE}tests: { a: b }\n`)
  let stdout = ''
  const code = await runCommand(['check', 'f.yaml'], {
    stdout: (text) => {
      stdout += text
    },
    stderr: () => {},
    env: {},
    cwd,
    colours: { stdout: true, stderr: true },
  })
  expect(code).toBe(1)
  expect(stdout).toContain('f.yaml:5:8 \x1b[31merror\x1b[0m wrong-type tests: must be a list')
  expect(stdout).toContain('\x1b[2m      |\x1b[0m        \x1b[31m^')
  expect(stdout).toContain('f.yaml: \x1b[31m1 error\x1b[0m, no warnings')
})

test('test says nothing of passed and failed where there is no file', async () => {
  const { code, stdout, stderr } = await run(['test', 'none.yaml'], { cwd })
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: 'none.yaml: there is no such file\n',
  })
})

describe('check --secrets', () => {
  const FILE = `version: 1
secrets:
  there: { file: there.key }
  gone: { file: gone.key }
  unset: { env: UNSET }
  pool: { pool: [{ file: there.key }, { file: gone.key }] }
clients:
  tokens: { ci: { file: ci.sha256 } }
${ROUTE.replace('version: 1\n', '')}`

  beforeEach(() => {
    writeFileSync(join(cwd, 'f.yaml'), FILE)
    writeFileSync(join(cwd, 'there.key'), 'FAKE-KEY\n')
  })

  test('names each secret that can not be used, with its place', async () => {
    const { code, stdout } = await run(['check', 'f.yaml', '--secrets'], { cwd })
    const lines = stdout.split('\n').filter((line) => line.includes('unusable-secret'))
    expect(code).toBe(1)
    expect(lines.map((line) => line.split(';')[0])).toEqual([
      `f.yaml:4:3 error unusable-secret secrets.gone: the secret "gone" can't be used: its file is missing`,
      `f.yaml:5:3 error unusable-secret secrets.unset: the secret "unset" can't be used: environment variable UNSET is not set`,
      `f.yaml:6:39 error unusable-secret secrets.pool.pool[1]: the secret "pool[1]" can't be used: its file is missing`,
      `f.yaml:8:13 error unusable-secret clients.tokens.ci: the token of the client "ci" can't be used: its file is missing`,
    ])
  })

  test('warns of what stands around one', async () => {
    writeFileSync(join(cwd, 'there.key'), '"FAKE-KEY"\n')
    const { stdout } = await run(['check', 'f.yaml', '--secrets'], { cwd })
    const lines = stdout.split('\n').filter((line) => line.includes('wrapped-secret'))
    const what = 'is sent as it stands: it stands in quotes, which would be sent with it'
    expect(lines.map((line) => line.split(';')[0])).toEqual([
      `f.yaml:3:3 warning wrapped-secret secrets.there: the secret "there" ${what}`,
      `f.yaml:6:18 warning wrapped-secret secrets.pool.pool[0]: the secret "pool[0]" ${what}`,
    ])
  })

  test('without it, nothing is read', async () => {
    const { code, stdout } = await run(['check', 'f.yaml'], { cwd })
    expect({ code, isTold: stdout.includes('unusable-secret') }).toEqual({ code: 0, isTold: false })
  })
})

describe('explain prints no credential', () => {
  const KEY = 'sk-proj-FAKE0123456789abcdefFAKE'

  beforeEach(() => writeFileSync(join(cwd, 'f.yaml'), ROUTE))

  test('of a curl command in one argument', async () => {
    const command = `curl http://127.0.0.1/a/x -H 'authorization: Bearer ${KEY}'`
    const { code, stdout, stderr } = await run(['explain', '-c', 'f.yaml', command], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain('GET /a/x')
    expect(stdout).toMatch(/credential\s+openai/)
    expect(stdout + stderr).not.toContain(KEY)
  })

  test.each([
    { name: 'a header without -H', args: ['/a', `authorization: Bearer ${KEY}`] },
    { name: 'an option that curl does not have', args: ['curl', `--${KEY}`, '/a'] },
    { name: 'a method that is none', args: ['-X', KEY, '/a'] },
    { name: 'a command that is cut off', args: [`curl /a -H 'x-api-key: ${KEY}`] },
  ])('of $name, which is wrong usage', async ({ args }) => {
    const { code, stdout, stderr } = await run(['explain', '-c', 'f.yaml', ...args], { cwd })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).not.toContain('FAKE')
  })

  test('a method in small letters is told', async () => {
    const { code, stderr } = await run(['explain', '-c', 'f.yaml', '-X', 'post', '/a'], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('the method "post" would be sent as it stands, and answered 400')
  })
})
