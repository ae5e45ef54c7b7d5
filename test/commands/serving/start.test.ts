import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { run } from '../run.ts'

let folder = ''

/** What would follow the signals of this process. */
const listeners = new Map<string, (signal: string) => void>()

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyway-start-'))
  listeners.clear()
  vi.spyOn(process, 'on').mockImplementation(((event: string, listener: () => void) => {
    listeners.set(event, listener)
    return process
  }) as unknown as typeof process.on)
})

afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

const HEAD = 'version: 1\nserver: { listen: 127.0.0.1:0, admin: off }\n'

function write(text: string, name = 'routes.yaml'): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const serve = (args: readonly string[], env: Record<string, string> = {}) =>
  run(['serve', ...args], { cwd: folder, env })

test.each(['0', '1025', '-1', '1.5', 'many', '01234', ''])(
  '--workers "%s" is wrong usage',
  async (workers) => {
    expect(await serve([`--workers=${workers}`])).toEqual({
      code: 2,
      stdout: '',
      stderr: `keyway: --workers takes a number from 1 to 1024 or "auto", not "${workers}"\nTry: keyway serve --help\n`,
    })
  },
)

test('an argument is wrong usage', async () => {
  expect(await serve(['routes.yaml'])).toMatchObject({
    code: 2,
    stderr: 'keyway: serve takes no arguments, but got "routes.yaml"\nTry: keyway serve --help\n',
  })
})

test.each([
  { name: 'one that is named', args: ['--config', '/nowhere/r.yaml'], env: {}, hint: '' },
  {
    name: 'the one that is read unasked',
    args: [],
    env: { KEYWAY_CONFIG: '/nowhere/r.yaml' },
    hint: 'Write a starting one: keyway init --output /nowhere/r.yaml\n',
  },
])('a file that is not there ends the start: $name', async ({ args, env, hint }) => {
  expect(await serve(args, env)).toEqual({
    code: 1,
    stdout: '',
    stderr: `keyway: /nowhere/r.yaml: there is no such file\n${hint}`,
  })
})

test('of very many findings the first are printed, errors before warnings', async () => {
  const doubtful = Array.from(
    { length: 30 },
    (_, index) => `  u${index}: { url: 'https://a.test', tls: { insecure: true } }\n`,
  )
  const wrong = Array.from(
    { length: 30 },
    (_, index) => `  - { name: r${index}, match: { path: /${index} }, upstream: none }\n`,
  )
  const file = write(`${HEAD}upstreams:\n${doubtful.join('')}routes:\n${wrong.join('')}`)
  const { code, stderr } = await serve(['--config', file])
  expect(code).toBe(1)
  const found = [...stderr.matchAll(/ (error|warning) (\S+) /g)].map(([, severity]) => severity)
  expect(found).toEqual([
    ...Array.from({ length: 30 }, () => 'error'),
    ...Array.from({ length: 20 }, () => 'warning'),
  ])
  expect(stderr).toMatch(new RegExp(`\\n10 more findings: keyway check ${file} prints all\\n$`))
})

test('exactly as many findings as are printed leave nothing to be told of', async () => {
  const wrong = Array.from(
    { length: 50 },
    (_, index) => `  - { name: r${index}, match: { path: /${index} }, upstream: none }\n`,
  )
  const file = write(`${HEAD}upstreams: {}\nroutes:\n${wrong.join('')}`)
  const { stderr } = await serve(['--config', file])
  expect(stderr.match(/ error /g)).toHaveLength(50)
  expect(stderr).not.toContain('more findings')
})

test('an address in use ends the start with a line', async () => {
  const server = createServer()
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const file = write(`version: 1
server: { listen: 127.0.0.1:${port}, admin: off }
upstreams: { echo: builtin:echo }
routes: [{ name: all, match: { path: /* }, upstream: echo }]
`)
  expect(await serve(['--config', file])).toEqual({
    code: 1,
    stdout: '',
    stderr: `keyway: can't listen on 127.0.0.1:${port} (server.listen): another process listens there (EADDRINUSE)\n`,
  })
})

/** A file as this process's standard output; gives the lines in it. */
function writeOutput(): () => unknown[] {
  const path = join(folder, 'output')
  const fd = openSync(path, 'w')
  const own = process.stdout.fd
  Object.assign(process.stdout, { fd })
  onTestFinished(() => {
    Object.assign(process.stdout, { fd: own })
    closeSync(fd)
  })
  return () => {
    const lines = readFileSync(path, 'utf8').split('\n')
    return lines.slice(0, -1).map((line) => JSON.parse(line))
  }
}

test('what it serves is told in one line, and a signal ends it', async () => {
  const file = write(`${HEAD}upstreams: { echo: builtin:echo }
routes: [{ name: all, match: { path: /* }, upstream: echo }]
`)
  const told = writeOutput()
  const ended = serve(['--config', file])
  await expect.poll(told, { timeout: 15_000 }).toHaveLength(1)
  listeners.get('SIGTERM')?.('SIGTERM')
  expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(told()).toMatchObject([
    {
      level: 'info',
      listen: expect.stringMatching(/^127\.0\.0\.1:[1-9]\d*$/),
      admin: 'off',
      config: file,
      generation: 1,
      routes: 1,
      msg: 'listening',
    },
    { level: 'info', signal: 'SIGTERM', msg: 'draining' },
    { level: 'info', msg: 'drained' },
  ])
})
