import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/commands/check.ts'
import { UsageError } from '../../src/commands/command.ts'

const FINE = `version: 1
upstreams: { echo: builtin:echo }
routes:
  - { name: echo, match: { path: /echo/* }, upstream: echo }
`
const WARNS = FINE.replace('upstreams: {', 'upstreams: { other: builtin:echo,')
const FAILS = FINE.replace('upstream: echo }', 'upstream: ecko }')

async function run(
  args: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<{ code: number; out: string }> {
  const cwd = mkdtempSync(join(tmpdir(), 'keyway-check-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text)
  let out = ''
  const stdout = (text: string): void => {
    out += text
  }
  const code = await check(args, { stdout, stderr: stdout, env: {}, cwd })
  return { code, out }
}

const rows: {
  name: string
  args: string[]
  files: Record<string, string>
  code: number
  out: string
}[] = [
  {
    name: 'a fine file',
    args: ['a.yaml'],
    files: { 'a.yaml': FINE },
    code: 0,
    out: 'a.yaml: no errors, no warnings\n',
  },
  {
    name: 'warnings alone are no failure',
    args: ['--config', 'a.yaml'],
    files: { 'a.yaml': WARNS },
    code: 0,
    out: `a.yaml:2:14 warning unused-upstream upstreams.other: the upstream "other" is not used; remove it, or name it where it is wanted
    2 | upstreams: { other: builtin:echo, echo: builtin:echo }
      |              ^^^^^
a.yaml: no errors, 1 warning
`,
  },
  {
    name: 'several files, all of them checked',
    args: ['a.yaml', 'b.yaml', 'c.yaml'],
    files: { 'a.yaml': FAILS, 'c.yaml': FINE },
    code: 1,
    out: `a.yaml:4:55 error undefined-upstream routes[0].upstream: there is no upstream "ecko"; did you mean "echo"?
    4 |   - { name: echo, match: { path: /echo/* }, upstream: ecko }
      |                                                       ^^^^
b.yaml:1:1 error unreadable-file there is no such file
3 files: 2 errors, no warnings
`,
  },
]

describe('keyway check', () => {
  test.each(rows)('$name', async ({ args, files, code, out }) => {
    expect(await run(args, files)).toEqual({ code, out })
  })

  test('as JSON', async () => {
    const { code, out } = await run(['--format', 'json', 'a.yaml'], { 'a.yaml': FAILS })
    expect(code).toBe(1)
    expect(JSON.parse(out)).toEqual({
      files: ['a.yaml'],
      errors: 1,
      warnings: 0,
      diagnostics: [
        {
          file: 'a.yaml',
          line: 4,
          column: 55,
          length: 4,
          code: 'undefined-upstream',
          severity: 'error',
          path: 'routes[0].upstream',
          message: 'there is no upstream "ecko"',
          hint: 'did you mean "echo"?',
          sourceLine: '  - { name: echo, match: { path: /echo/* }, upstream: ecko }',
        },
      ],
    })
  })

  test.each([
    ['--format', 'xml'],
    ['--limit', 'much'],
    ['--fromat', 'json'],
  ])('wrong usage: %s %s', async (...args) => {
    await expect(run(args, {})).rejects.toThrow(UsageError)
  })
})
