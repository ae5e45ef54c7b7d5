import { describe, expect, test } from 'vitest'
import { parseFlags } from '../../src/commands/command.ts'
import { usages } from '../../src/commands/usage/all.ts'
import { formatHelp, type Usage } from '../../src/commands/usage/usage.ts'
import { run } from './run.ts'

/** Flags as the help of a command shows them: each with the word for its value, if it takes one. */
function flagsIn(help: string): { flag: string; value: string | undefined }[] {
  return [...help.matchAll(/^ {2}(?:(-\w), | {4})(--[\w-]+)(?: ([A-Z]+))?/gm)].flatMap(
    ([, short, long = '', value]) =>
      [short, long].flatMap((flag) => (flag === undefined ? [] : [{ flag, value }])),
  )
}

function valueFor(usage: Usage, flag: string): string {
  return usage.flags[flag.replace(/^--/, '')]?.choices?.[0] ?? 'x'
}

function isTaken(args: readonly string[], usage: Usage): boolean {
  try {
    parseFlags(args, usage)
    return true
  } catch {
    return false
  }
}

describe.each(usages)('$name', (usage) => {
  const help = formatHelp(usage)

  test('every flag in its help is taken', () => {
    const refused = flagsIn(help).filter(({ flag, value }) => {
      const args = value === undefined ? [flag] : [flag, valueFor(usage, flag)]
      return !isTaken(args, usage)
    })
    expect(refused).toEqual([])
  })

  test('every flag that it takes is in its help', () => {
    const shown = flagsIn(help).map(({ flag }) => flag)
    const taken = Object.entries(usage.flags).flatMap(([name, { short }]) => [
      ...(short ? [`-${short}`] : []),
      `--${name}`,
    ])
    expect(shown).toEqual(taken)
  })

  test('its forms and examples use flags that it takes', () => {
    const written = [...usage.forms, ...usage.examples]
      .join(' ')
      .replaceAll(/curl .*?(?=keyway|$)/g, '')
    const used = [...written.matchAll(/(?<=[\s[])--?[a-zA-Z][\w-]*/g)].map(([flag]) => flag)
    const shown = new Set(flagsIn(help).map(({ flag }) => flag))
    expect(used.filter((flag) => !shown.has(flag))).toEqual([])
  })

  test('keyway help prints it, in lines that fit a screen', async () => {
    expect(await run(['help', usage.name])).toEqual({ code: 0, stdout: help, stderr: '' })
    const long = help.split('\n').filter((line) => line.length > 100)
    expect(long.filter((line) => !line.startsWith('  keyway'))).toEqual([])
  })
})

test('a value that is none of the choices', async () => {
  const { code, stderr } = await run(['check', '--format', 'xml'])
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr:
      'keyway: --format is text, json, github or sarif, not "xml"\nTry: keyway check --help\n',
  })
})

test('the help of check reads so', async () => {
  const { stdout } = await run(['check', '--help'])
  expect(
    stdout,
  ).toBe(`Says everything that is wrong or doubtful about a configuration, with its place.

Usage: keyway check [FILE…] [--format FORMAT] [--strict] [--secrets]

Options:
  -c, --config FILE   the configuration where no FILE is named; default: $KEYWAY_CONFIG, else
                      config/routes.yaml
      --format FORMAT how it is printed: text (default), json, github, sarif
      --strict        exit 1 where there is a warning, too
      --secrets       read the secrets and the files of client tokens too, and say which can not be
                      used

A FILE of - is standard input. Exits 1 where there is an error; warnings alone exit 0.
KEYWAY_CONFIG_LIMIT sets the size that a file may have; default: 1MiB.

Examples:
  keyway check
  keyway check config/examples/*.yaml
  keyway check --strict --format sarif > keyway.sarif
  git show main:config/routes.yaml | keyway check -
`)
})

test('without a command, every command is listed', async () => {
  const { code, stdout, stderr } = await run([])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^keyway: a command is missing\n/)
  const width = Math.max(...usages.map(({ name }) => name.length)) + 4
  for (const { name, summary } of usages)
    expect(stderr).toContain(`\n  ${name.padEnd(width)}${summary}\n`)
})
