// Serves from src/ as it is, and starts again at every change of it.
//
//   npm run dev [-- OPTIONS OF serve…]
//
// Node 22.18 and later run TypeScript by themselves; an older one is helped by tsc, which writes dist/
// at each change.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)
const [major, minor] = process.versions.node.split('.').map(Number)
const runsTypeScript = major > 22 || (major === 22 && minor >= 18)

const children = runsTypeScript
  ? [node('--watch-path=src', 'src/cli.ts')]
  : [
      start('npx', ['tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput']),
      node('--watch-path=dist', 'dist/cli.js'),
    ]

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    for (const child of children) child.kill(signal)
  })

function node(watch, program) {
  return start(process.execPath, [watch, '--watch-preserve-output', program, 'serve', ...args])
}

function start(command, commandArgs) {
  const child = spawn(command, commandArgs, { cwd: root, stdio: 'inherit' })
  child.on('exit', (code) => {
    process.exitCode ??= code ?? 0
    for (const other of children) if (other !== child) other.kill()
  })
  return child
}
