import { expect, test } from 'vitest'
import { runCommand } from '../../src/commands/run-command.ts'

async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const out = { stdout: '', stderr: '' }
  const code = await runCommand(args, {
    stdout: (text) => {
      out.stdout += text
    },
    stderr: (text) => {
      out.stderr += text
    },
    env: {},
    cwd: process.cwd(),
  })
  return { code, ...out }
}

test.each([
  {
    name: 'a command misspelt',
    args: ['serv'],
    says: 'unknown command "serv"; did you mean "serve"?',
    of: '',
  },
  {
    name: 'a command that is none',
    args: ['toString'],
    says: 'unknown command "toString"',
    of: '',
  },
  {
    name: 'a flag misspelt before any command',
    args: ['--versoin'],
    says: 'unknown flag "--versoin"; did you mean "--version"?',
    of: '',
  },
  {
    name: "a command's flag misspelt",
    args: ['serve', '--confg', 'x.yaml'],
    says: 'unknown flag "--confg"; did you mean "--config"?',
    of: 'serve ',
  },
  {
    name: 'a flag without its value',
    args: ['serve', '--config'],
    says: "option '-c, --config <value>' argument missing",
    of: 'serve ',
  },
  {
    name: 'an argument too many',
    args: ['schema', 'x'],
    says: 'schema takes no arguments, but got "x"',
    of: 'schema ',
  },
  {
    name: 'help of a command that is none',
    args: ['help', 'chekc'],
    says: 'unknown command "chekc"; did you mean "check"?',
    of: '',
  },
  {
    name: 'a flag that is none, before any command',
    args: ['--zzzz'],
    says: 'unknown flag "--zzzz"',
    of: '',
  },
  {
    name: "a command's flag before it",
    args: ['--config=x.yaml', 'check'],
    says: 'the command comes first: keyway COMMAND --config=x.yaml',
    of: '',
  },
  {
    name: 'a setting of the file as a flag',
    args: ['serve', '--port', '8080'],
    says: 'unknown flag "--port"; the file says it: server.listen',
    of: 'serve ',
  },
  {
    name: 'a short flag that is none',
    args: ['check', '-z'],
    says: 'unknown flag "-z"',
    of: 'check ',
  },
  {
    name: 'a value for a flag that takes none',
    args: ['check', '--strict=yes'],
    says: "option '--strict' does not take an argument",
    of: 'check ',
  },
  {
    name: 'a value that is none of three',
    args: ['diff', '--format', 'xml', 'a', 'b'],
    says: '--format is text, json, markdown, github or sarif, not "xml"',
    of: 'diff ',
  },
])('wrong usage exits 2: $name', async ({ args, says, of }) => {
  const stderr = `keyway: ${says}\nTry: keyway ${of}--help\n`
  expect(await run(...args)).toEqual({ code: 2, stdout: '', stderr })
})

test.each([
  { name: 'overview', args: ['--help'], first: 'Keyway: a reverse proxy' },
  { name: 'help as a command', args: ['help', 'serve'], first: 'Runs the proxy' },
  {
    name: 'serve',
    args: ['serve', '--help'],
    first: 'Runs the proxy and applies changes of the file while it runs.',
  },
  {
    name: 'check',
    args: ['check', '--help'],
    first: 'Says everything that is wrong or doubtful about a configuration, with its place.',
  },
  {
    name: 'explain',
    args: ['explain', '--help'],
    first:
      'Says which route and rule take a request, why, and how its headers would leave. Sends nothing.',
  },
  {
    name: 'test',
    args: ['test', '--help'],
    first:
      'Runs the tests of a configuration, and of the *.test.yaml files beside it; prints what differed.',
  },
  {
    name: 'diff',
    args: ['diff', '--help'],
    first: 'Says in words what differs between two configurations, and which of the requests under',
  },
  {
    name: 'schema',
    args: ['schema', '--help'],
    first: 'Prints the JSON Schema of the configuration file, for editors and other tools.',
  },
  {
    name: 'init',
    args: ['init', '--help'],
    first: 'Prints a starting configuration that passes check and test.',
  },
])('help: $name', async ({ args, first }) => {
  const { code, stdout, stderr } = await run(...args)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.startsWith(first)).toBe(true)
  expect(stdout).toMatch(/^Usage: keyway /m)
  expect(stdout.split('\n').filter((line) => line.length > 110)).toEqual([])
})

test.each([['-h'], ['help'], ['--help']])('%s is the overview', async (word) => {
  const [{ code, stdout, stderr }, overview] = [await run(word), await run('--help')]
  expect({ code, stderr, stdout }).toEqual({ code: 0, stderr: '', stdout: overview.stdout })
  expect(stdout).toContain('Keyway: a reverse proxy')
})

test('-h is help of the command that it stands behind', async () => {
  const { code, stdout } = await run('check', 'x.yaml', '-h')
  expect({ code, stdout }).toEqual({ code: 0, stdout: (await run('help', 'check')).stdout })
})

test('what stands behind -- is no flag', async () => {
  const { code, stdout } = await run('check', '--', '--help')
  expect(code).toBe(1)
  expect(stdout).toContain('--help:1:1 error unreadable-file')
})

test('a failure of the program itself is not wrong usage', async () => {
  const io = { stdout: () => undefined, stderr: () => undefined, env: {}, cwd: process.cwd() }
  const stdout = (): never => {
    throw new RangeError('x')
  }
  await expect(runCommand(['schema'], { ...io, stdout })).rejects.toThrow(RangeError)
})

test('-V is --version', async () => {
  expect(await run('-V')).toEqual(await run('--version'))
})

test("a help flag after `curl` is curl's", async () => {
  const { code, stderr } = await run('explain', 'curl', '--help', 'http://proxy.test/echo/x')
  expect(code).toBe(2)
  expect(stderr).toContain("curl's --help sends no request")
})

test('the version', async () => {
  expect(await run('--version')).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\nnode \d+\.\d+\.\d+\n$/),
    stderr: '',
  })
})

test('the schema is JSON Schema', async () => {
  const { code, stdout } = await run('schema')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    title: 'Keyway',
    $id: expect.stringContaining('routes.v1'),
  })
})
