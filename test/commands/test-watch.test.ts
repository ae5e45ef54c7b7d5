import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runCommand } from '../../src/commands/run-command.ts'

let folder: string
let output = ''
let wake = (): void => undefined

beforeEach(() => {
  output = ''
  folder = mkdtempSync(join(tmpdir(), 'keyway-test-watch-'))
  save('routes.yaml', config('x-api-key'))
})

afterEach(() => rmSync(folder, { recursive: true }))

const save = (name: string, text: string): void => writeFileSync(join(folder, name), text)

const expected = 'request: { path: /v1, headers: { authorization: Bearer TEST } }'

function config(use: string): string {
  return `version: 1
upstreams: { up: 'https://api.example.com' }
routes: [{ name: all, match: { path: /* }, upstream: up, rules: [{ use: ${use} }] }]
tests: [{ name: inside, ${expected}, expect: { headers: { x-api-key: TEST } } }]
`
}

function write(text: string): void {
  output += text
  wake()
}

const watching = (): Promise<number> =>
  runCommand(['test', '--watch', 'routes.yaml'], {
    stdout: write,
    stderr: write,
    env: {},
    cwd: folder,
  })

/** Resolves when this was printed since the last time. */
async function printed(text: string): Promise<void> {
  while (!output.includes(text)) {
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  }
  output = ''
}

/** Saves until it is seen: what changes before the watcher's first look is no change to it. */
async function saved(name: string, text: string, shown: string): Promise<void> {
  const look = (): boolean => {
    save(name, text)
    return output.includes(shown)
  }
  await expect.poll(look, { interval: 300, timeout: 15_000 }).toBe(true)
  output = ''
}

/** What a terminal's Ctrl-C does, without its end for the process of the tests. */
const interrupt = (): void => void process.emit('SIGINT')

test('runs now, and after each change of the file; exits as the last run says', async () => {
  const exited = watching()
  await printed('watching; end with Ctrl-C')
  await saved('routes.yaml', config('authorization bearer'), '1 failed')
  await saved('routes.yaml', 'version: 2\n', 'routes.yaml:1:10 error')
  await saved('routes.yaml', config('x-api-key'), '1 passed')
  interrupt()
  expect(await exited).toBe(0)
})

test('runs after a change of a test file beside it', async () => {
  save(
    'routes.more.test.yaml',
    `version: 1\ntests: [{ name: outside, ${expected}, expect: { status: 404 } }]\n`,
  )
  const exited = watching()
  await printed('watching; end with Ctrl-C')
  await saved(
    'routes.more.test.yaml',
    `version: 1\ntests: [{ name: outside, ${expected}, expect: { route: no } }]\n`,
    '1 failed',
  )
  await saved(
    'routes.more.test.yaml',
    `version: 1\ntests: [{ name: outside, ${expected}, expect: { route: all } }]\n`,
    '2 passed',
  )
  interrupt()
  expect(await exited).toBe(0)
})
