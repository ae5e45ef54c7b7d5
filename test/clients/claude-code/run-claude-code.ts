import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What a session ended with. */
export interface ClaudeCodeRun {
  readonly exitCode: number | null
  /** What it printed, a JSON object a line. */
  readonly events: readonly SessionEvent[]
  readonly errors: string
}

/** A line of `--output-format stream-json`; the last one has the result. */
export interface SessionEvent {
  readonly type: string
  readonly subtype?: string
  readonly is_error?: boolean
  readonly result?: string
  readonly num_turns?: number
  readonly api_error_status?: number | null
}

/** How a session is run. */
export interface ClaudeCodeOptions {
  readonly home: string
  readonly prompt: string
  readonly env: Readonly<Record<string, string>>
  readonly args?: readonly string[]
}

const platform = `${process.platform}-${process.arch}`
const binary = process.platform === 'win32' ? 'claude.exe' : 'claude'
const paths = [platform, `${platform}-musl`].map((name) =>
  fileURLToPath(
    new URL(`./node_modules/@anthropic-ai/claude-code-${name}/${binary}`, import.meta.url),
  ),
)
// The wrapper in the package itself is a script for a newer Node; the binary needs none.
const claude = paths.find((path) => existsSync(path)) ?? 'claude-code is not installed'

// Nothing of the caller's environment, and nothing but the API is asked.
const quiet = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_TELEMETRY: '1',
  DISABLE_ERROR_REPORTING: '1',
  DISABLE_AUTOUPDATER: '1',
  DISABLE_BUG_COMMAND: '1',
}

/** Runs one session in print mode, with `home` for home and working directory. */
export async function runClaudeCode(options: ClaudeCodeOptions): Promise<ClaudeCodeRun> {
  const { home, prompt, env, args = [] } = options
  const format = ['--output-format', 'stream-json', '--verbose']
  const child = spawn(claude, ['-p', prompt, ...format, ...args], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, ...quiet, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 100_000,
  })
  let output = ''
  let errors = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const [exitCode] = await once(child, 'close')
  const events = output.split('\n').filter((line) => line.startsWith('{'))
  return { exitCode, events: events.map((line) => JSON.parse(line)), errors }
}
