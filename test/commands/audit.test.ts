import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { GENESIS, writeAuditLine } from '../../src/audit/audit-line.ts'
import { run } from './run.ts'

let folder = ''
let file = ''

const first = writeAuditLine({ outcome: 'used' }, GENESIS)
const second = writeAuditLine({ outcome: 'refused' }, first.link)
const third = writeAuditLine({ outcome: 'used' }, second.link)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyway-audit-'))
  file = join(folder, 'audit.jsonl')
})

afterEach(() => rmSync(folder, { recursive: true }))

const LONE_HASH = '1'.repeat(64)

test.each([
  {
    name: 'a trail that is whole',
    text: first.text + second.text,
    args: [],
    code: 0,
    stdout: `FILE: ok, 2 lines, number 1 to 2, the last has the hash ${second.link.hash}\n`,
  },
  { name: 'an empty one', text: '', args: [], code: 0, stdout: 'FILE: ok, it holds no lines\n' },
  {
    name: 'one that goes on from another',
    text: third.text,
    args: ['--after', second.link.hash],
    code: 0,
    stdout: `FILE: ok, 1 line, number 3 to 3, the last has the hash ${third.link.hash}\n`,
  },
  {
    name: 'a line that was edited',
    text: first.text + second.text.replace('refused', 'used') + third.text,
    args: [],
    code: 1,
    stdout: 'FILE:2: edited: its hash is not that of its text; the 1 before it are intact\n',
  },
  {
    name: 'a line that is missing',
    text: first.text + third.text,
    args: [],
    code: 1,
    stdout: 'FILE:2: removed: before it is missing number 2; the 1 before it are intact\n',
  },
  {
    name: 'one whose end is missing, by a hash that was kept',
    text: first.text,
    args: ['--holds', second.link.hash],
    code: 1,
    stdout: `FILE: cut: no line has the hash ${second.link.hash}\n`,
  },
  {
    name: 'a hash that is there',
    text: first.text + second.text,
    args: ['--holds', first.link.hash],
    code: 0,
    stdout: `FILE: ok, 2 lines, number 1 to 2, the last has the hash ${second.link.hash}\n`,
  },
])('$name', async ({ text, args, code, stdout }) => {
  writeFileSync(file, text)
  const outcome = await run(['audit', 'verify', file, ...args])
  expect(outcome).toEqual({ code, stdout: stdout.replace('FILE', file), stderr: '' })
})

test('for programs', async () => {
  writeFileSync(file, first.text + third.text)
  const { code, stdout } = await run(['audit', 'verify', '--format', 'json', file])
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toEqual({
    isIntact: false,
    lines: 1,
    first: 1,
    last: first.link,
    isFound: true,
    break: { file, line: 2, kind: 'removed', reason: 'before it is missing number 2' },
  })
})

test('a hash that no line has, for programs', async () => {
  writeFileSync(file, first.text)
  const args = ['audit', 'verify', '--format', 'json', '--holds', LONE_HASH, file]
  const { code, stdout } = await run(args)
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ isIntact: false, isFound: false, break: null })
})

test('several files are one trail, and named all', async () => {
  writeFileSync(file, first.text)
  writeFileSync(`${file}.2`, second.text)
  const { stdout } = await run(['audit', 'verify', file, `${file}.2`])
  expect(stdout).toBe(
    `${file} ${file}.2: ok, 2 lines, number 1 to 2, the last has the hash ${second.link.hash}\n`,
  )
})

test('a file that is not there', async () => {
  const { code, stderr } = await run(['audit', 'verify', file])
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `keyway: ${file}: there is no such file\n`,
  })
})

test.each([
  { args: ['audit'], stderr: 'keyway: audit takes an action: verify\n' },
  {
    args: ['audit', 'verfy', 'x'],
    stderr: 'keyway: unknown action "verfy"; did you mean "verify"?\n',
  },
  { args: ['audit', 'verify'], stderr: 'keyway: audit verify takes the files of a trail\n' },
  {
    args: ['audit', 'verify', 'x', '--after', LONE_HASH.slice(1)],
    stderr: 'keyway: --after takes a SHA-256 in hex, 64 small digits\n',
  },
  {
    args: ['audit', 'verify', 'x', '--holds', `${LONE_HASH}1`],
    stderr: 'keyway: --holds takes a SHA-256 in hex, 64 small digits\n',
  },
  {
    args: ['audit', 'verify', 'x', '--after', `x${LONE_HASH}`],
    stderr: 'keyway: --after takes a SHA-256 in hex, 64 small digits\n',
  },
])('wrong usage: $args', async ({ args, stderr }) => {
  expect(await run(args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `${stderr}Try: keyway audit --help\n`,
  })
})
