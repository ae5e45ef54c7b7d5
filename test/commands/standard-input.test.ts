import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { countingEnvironment } from '../coverage/collected.ts'
import { buildProgram } from '../support/keyway-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyway-input-'))
afterAll(() => rmSync(folder, { recursive: true }))

const CONFIG = `version: 1
upstreams: { echo: builtin:echo }
routes:
  - { name: echo, match: { path: /echo/* }, upstream: echo, rules: [use x-api-key] }
tests:
  - { name: it goes, request: { path: /echo/x }, expect: { route: echo } }
`
writeFileSync(join(folder, 'old.yaml'), CONFIG)

const LONG = CONFIG.replace('version: 1', `version: 1\n#${' '.repeat(300_000)}`)
const BAD = CONFIG.replace('upstream: echo,', 'upstream: ecko,')

function keyway(args: readonly string[], input: string): readonly [number | null, string] {
  const env = { PATH: process.env.PATH, ...countingEnvironment }
  const options = { cwd: folder, input, encoding: 'utf8', env } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [buildProgram(), ...args], options)
  return [status, stdout + stderr]
}

test.each([
  { args: ['check', '-'], input: CONFIG, code: 0, out: '<stdin>: no errors, no warnings\n' },
  {
    args: ['check', '--config', '-'],
    input: LONG,
    code: 0,
    out: '<stdin>: no errors, no warnings\n',
  },
  {
    args: ['check', 'old.yaml', '-'],
    input: CONFIG,
    code: 0,
    out: '2 files: no errors, no warnings\n',
  },
  { args: ['test', '-'], input: CONFIG, code: 0, out: '1 passed, 0 failed\n' },
  { args: ['diff', 'old.yaml', '-'], input: CONFIG, code: 0, out: 'nothing differs\n' },
  { args: ['check', '-', '-'], input: CONFIG, code: 2, out: 'standard input can be read once' },
  { args: ['test', '-', '--watch'], input: CONFIG, code: 2, out: 'standard input does not change' },
  { args: ['check', '-'], input: BAD, code: 1, out: '<stdin>:4:55 error undefined-upstream' },
  { args: ['check', '-'], input: '', code: 1, out: '<stdin>:1:1 error' },
  { args: ['prove', '-'], input: CONFIG, code: 0, out: "<stdin>: Keyway's own promises\n" },
  { args: ['explain', '-c', '-', '/echo/x'], input: CONFIG, code: 0, out: 'echo' },
])('$args reads what comes in', ({ args, input, code, out }) => {
  const [status, printed] = keyway(args, input)
  expect(status, printed).toBe(code)
  expect(printed).toContain(out)
})

test('more than a file may have is refused, and not read to its end', () => {
  const endless = `yes '#' | "${process.execPath}" "${buildProgram()}" check -`
  const { status, stdout } = spawnSync('sh', ['-c', endless], { cwd: folder, encoding: 'utf8' })
  expect(status).toBe(1)
  expect(stdout).toContain('<stdin>:1:1 error')
  expect(stdout).toContain('more than 1048576 bytes')
})
