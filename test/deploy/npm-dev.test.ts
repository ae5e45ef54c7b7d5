import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'

const root = new URL('../../', import.meta.url)

const LASTING = `setInterval(() => {}, 1000)
console.log('pid ' + process.pid)
`

/** As the compiler is: a program that waits for another one. */
const COMPILER = `import { execFileSync } from 'node:child_process'
console.log('pid ' + process.pid)
execFileSync(process.execPath, ['dist/cli.js'], { stdio: 'inherit' })
`

test('npm run dev leaves nothing behind that it started', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyway-npm-dev-'))
  for (const part of ['scripts', 'src', 'dist', 'node_modules/typescript/bin'])
    await mkdir(join(folder, part), { recursive: true })
  for (const file of ['package.json', 'scripts/dev.mjs'])
    await copyFile(new URL(file, root), join(folder, file))
  for (const program of ['src/cli.ts', 'dist/cli.js'])
    await writeFile(join(folder, program), LASTING)
  const bin = join(folder, 'node_modules/typescript')
  await writeFile(join(bin, 'package.json'), '{ "type": "module" }')
  await writeFile(join(bin, 'bin/tsc'), COMPILER)

  const npm = spawn('npm', ['run', 'dev', '--silent'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pids = new Set<number>()
  const lines = createInterface({ input: npm.stdout })
  lines.on('line', (line) => pids.add(Number(line.slice('pid '.length))))
  onTestFinished(async () => {
    for (const pid of pids) killIfThere(pid)
    await rm(folder, { recursive: true })
  })
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const runsTypeScript = major > 22 || (major === 22 && minor >= 18)
  const started = runsTypeScript ? 1 : 3
  while (pids.size < started) await once(lines, 'line')

  npm.kill('SIGTERM')
  // Its output ends with the last process that could write there.
  await once(npm, 'close')
  expect(pids.size).toBe(started)
})

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // As it should be: it ended by itself.
  }
}
