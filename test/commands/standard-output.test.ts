import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { countingEnvironment } from '../coverage/collected.ts'
import { buildProgram } from '../support/keyway-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyway-output-'))
afterAll(() => rmSync(folder, { recursive: true }))

writeFileSync(join(folder, 'good.yaml'), 'version: 1\n')
writeFileSync(join(folder, 'bad.yaml'), 'version: 2\n')

const env = { PATH: process.env.PATH, ...countingEnvironment }

/** Runs it with the reader of one stream gone before it writes; resolves to its exit code. */
function unread(stream: 'stdout' | 'stderr', args: readonly string[]): Promise<number | null> {
  const child = spawn(process.execPath, [buildProgram(), ...args], { cwd: folder, env })
  child[stream].destroy()
  return new Promise((resolve) => child.once('close', resolve))
}

test.each([
  { args: ['check', 'good.yaml'], code: 0 },
  { args: ['check', 'bad.yaml'], code: 1 },
  { args: ['check', '--format', 'json', 'bad.yaml'], code: 1 },
])('$args ends as it would where nobody reads what it prints: $code', async ({ args, code }) => {
  expect(await unread('stdout', args)).toBe(code)
})

test('wrong usage is that where nobody reads what is said of it', async () => {
  expect(await unread('stderr', ['chek'])).toBe(2)
})

// The device takes nothing, as a full disk does.
test.each(['--help', 'schema', 'check good.yaml'])(
  '%s fails where what it prints can not be written',
  (args) => {
    const command = `exec "${process.execPath}" "${buildProgram()}" ${args} > /dev/full`
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, env })
    expect(stderr.toString()).toBe("keyway: standard output can't be written (ENOSPC)\n")
    expect(status).toBe(1)
  },
)
