// Serves from src/ as it is, and starts again at every change of it.
//
//   npm run dev [-- OPTIONS OF serve…]
//
// Node 22.18 and later run TypeScript by themselves; an older one is helped by tsc, which writes dist/
// at each change.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const serveArgs = process.argv.slice(2)
const [major, minor] = process.versions.node.split('.').map(Number)
const runsTypeScript = major > 22 || (major === 22 && minor >= 18)

const children = runsTypeScript
  ? [watch('--watch-path=src', 'src/cli.ts')]
  : [compile(), watch('--watch-path=dist', 'dist/cli.js')]

for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => {
    for (const child of children) child.end(signal)
  })

function watch(what, program) {
  const args = [what, '--watch-preserve-output', program, 'serve', ...serveArgs]
  const child = start(args, {})
  return { end: (signal) => child.kill(signal) }
}

// The compiler is a program within a program, of which the outer one hears no signal: both are a group.
function compile() {
  const flags = ['-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput']
  const child = start(['node_modules/typescript/bin/tsc', ...flags], { detached: true })
  return { end: (signal) => child.exitCode ?? child.signalCode ?? process.kill(-child.pid, signal) }
}

function start(args, options) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', ...options })
  child.on('exit', (code) => {
    process.exitCode ??= code ?? 0
    for (const each of children) each.end('SIGTERM')
  })
  return child
}
