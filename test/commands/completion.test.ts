import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { run } from './run.ts'

/** A real shell at a terminal: how it starts, and how `keyway` becomes what prints its arguments. */
const SHELLS = {
  bash: {
    start: 'bash --norc --noprofile -i',
    prepare: `keyway() { printf '<%s>' "$@"; echo; }; . ./keyway.bash`,
  },
  zsh: {
    start: 'zsh -f -i',
    prepare: `autoload -U compinit; compinit -u -D; keyway() { printf '<%s>' "$@"; echo; }; . ./keyway.zsh`,
  },
  fish: {
    start: 'fish --no-config -i',
    prepare: `function keyway; printf '<%s>' $argv; echo; end; source ./keyway.fish`,
  },
} as const

/** What is typed behind `keyway `, TAB and all, and the arguments that it then gets. */
const TYPED = [
  { typed: 'che\t', args: '<check>' },
  { typed: 'check --form\tj\t', args: '<check><--format><json>' },
  { typed: 'test --format ju\t', args: '<test><--format><junit>' },
  { typed: 'diff --ex\t', args: '<diff><--exit-code>' },
  { typed: 'init gro\t', args: '<init><groq>' },
  { typed: 'completion fi\t', args: '<completion><fish>' },
  { typed: 'help pro\t', args: '<help><prove>' },
  { typed: 'serve -c rou\t', args: '<serve><-c><routes file.yaml>' },
  { typed: 'check rou\t', args: '<check><routes file.yaml>' },
]

function isMissing(shell: string): boolean {
  return process.env.CI === undefined && spawnSync(shell, ['--version']).error !== undefined
}

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (shell) => {
  test.skipIf(isMissing(shell))('completes at a terminal what the tables say', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyway-shell-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'routes file.yaml'), '')
    writeFileSync(join(folder, `keyway.${shell}`), (await run(['completion', shell])).stdout)
    const { start, prepare } = SHELLS[shell]
    const terminal = openTerminal(start, folder)
    terminal.type(`${prepare}; echo re''ady\n`)
    await terminal.until('ready')
    for (const { typed, args } of TYPED) {
      terminal.type(`keyway ${typed}\n`)
      await terminal.until(args)
    }
    terminal.type('exit\n')
    expect(await terminal.ended).toBe(0)
  })
})

interface Terminal {
  readonly type: (keys: string) => void
  /** Resolves once the text stands alone on a line; rejects where the shell ends before. */
  readonly until: (line: string) => Promise<void>
  readonly ended: Promise<number | null>
}

function openTerminal(command: string, cwd: string): Terminal {
  const env = { PATH: process.env.PATH, HOME: cwd, TERM: 'xterm', LANG: 'C.UTF-8' }
  const child = spawn('script', ['-qfec', command, '/dev/null'], { cwd, env })
  onTestFinished(() => void child.kill('SIGKILL'))
  let shown = ''
  let onMore = (): void => {}
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString()
    onMore()
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    type: (keys) => void child.stdin.write(keys),
    until: (line) =>
      new Promise((resolve, reject) => {
        onMore = () => {
          const at = shown.indexOf(`${line}\r\n`)
          if (at < 0) return
          shown = shown.slice(at + line.length)
          resolve()
        }
        onMore()
        void ended.then(() => reject(new Error(`no line "${line}" in: ${JSON.stringify(shown)}`)))
      }),
    ended,
  }
}

test.each([
  { args: [], says: 'completion wants a shell: bash, zsh, fish' },
  { args: ['bsh'], says: 'completion wants a shell: bash, zsh, fish; did you mean "bash"?' },
  { args: ['bash', 'zsh'], says: 'completion wants a shell: bash, zsh, fish' },
])('completion $args is wrong usage', async ({ args, says }) => {
  const { code, stderr } = await run(['completion', ...args])
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `keyway: ${says}\nTry: keyway completion --help\n`,
  })
})
