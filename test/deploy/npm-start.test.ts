import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

const program = `
process.once('SIGTERM', () => process.exit(0))
setInterval(() => {}, 1000)
console.log('pid', process.pid)
`

test('npm start hands SIGTERM on to the server, which is not left behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyway-npm-start-'))
  await copyFile(new URL('../../package.json', import.meta.url), join(folder, 'package.json'))
  await mkdir(join(folder, 'dist/bin'), { recursive: true })
  await writeFile(join(folder, 'dist/bin/cli.cjs'), program)
  const npm = spawn('npm', ['start', '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output] = await once(npm.stdout, 'data')
  onTestFinished(async () => {
    killIfThere(Number(/pid (\d+)/.exec(String(output))?.[1]))
    await rm(folder, { recursive: true })
  })

  npm.kill('SIGTERM')
  const [code] = await once(npm, 'exit')
  expect(code).toBe(0)
})

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // As it should be: it ended by itself.
  }
}
