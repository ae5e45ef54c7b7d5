import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { countedProgram, countingEnvironment, KILL } from '../coverage/collected.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

let built: string | null = null

const LEFT_IN = 'node_modules/.keyway-test-'

/** Removes what processes that were killed could not. */
function removeLeftovers(): void {
  for (const name of readdirSync(`${root}node_modules`)) {
    const pid = /^\.keyway-test-(\d+)$/.exec(name)?.[1]
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      rmSync(`${root}${LEFT_IN}${pid}`, { recursive: true, force: true })
  }
}

/**
 * Bundles the program as it is now, once for each test file that runs it. Out of the way of dist, which
 * is published; as deep as dist/bin, and gone with the process.
 */
export function bundleProgram(): string {
  if (built !== null) return built
  removeLeftovers()
  const folder = `${LEFT_IN}${process.pid}`
  execFileSync(process.execPath, ['scripts/bundle.mjs', folder], { cwd: root })
  process.once('exit', () => rmSync(`${root}${folder}`, { recursive: true }))
  built = `${root}${folder}/cli.cjs`
  return built
}

/** The program that tests run: bundled, but where its lines are counted. */
export function buildProgram(): string {
  return countedProgram ?? bundleProgram()
}

/** A line of the log. */
export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [field: string]: unknown
}

/** `keyway serve` as a process of its own. */
export interface KeywayProcess {
  readonly pid: number
  /** Lines of the log so far. */
  readonly lines: readonly LogLine[]
  readonly stderr: () => string
  /** Resolves to the first line with this message that nobody has waited for yet. */
  readonly until: (msg: string) => Promise<LogLine>
  readonly signal: (name: NodeJS.Signals) => void
  /** Reads the log no more, so that its pipe fills, or reads it on. */
  readonly pauseLog: () => void
  readonly resumeLog: () => void
  /** Resolves to the exit code; null: ended by a signal. */
  readonly exited: Promise<number | null>
}

/** What startKeyway may set. */
export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly nodeArgs?: readonly string[]
  /** Default: the bundle. */
  readonly program?: string
  /** Further arguments of serve. */
  readonly args?: readonly string[]
}

/** Starts `keyway serve` over a file. */
export function startKeyway(file: string, options: StartOptions = {}): KeywayProcess {
  const { env = {}, nodeArgs = [], program = buildProgram(), args = [] } = options
  const command = [...nodeArgs, program, 'serve', '--config', file, ...args]
  const child = spawn(process.execPath, command, {
    env: { PATH: process.env.PATH, ...countingEnvironment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log = followLog(child)
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  return {
    pid: child.pid ?? -1,
    lines: log.lines,
    stderr: () => stderr,
    until: log.until,
    pauseLog: log.pauseLog,
    resumeLog: log.resumeLog,
    signal: (name) => void child.kill(name === 'SIGKILL' ? KILL : name),
    exited: new Promise((resolve) => child.once('close', resolve)),
  }
}

type Log = Pick<KeywayProcess, 'lines' | 'until' | 'pauseLog' | 'resumeLog'>

function followLog(child: ChildProcess): Log {
  const lines: LogLine[] = []
  const taken = new Set<LogLine>()
  const waiting = new Set<() => void>()
  let hasEnded = false
  const wakeAll = (): void => {
    for (const wake of waiting) wake()
  }
  if (child.stdout === null) throw new Error('the log goes to a pipe')
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => {
    lines.push(JSON.parse(line))
    wakeAll()
  })
  child.once('close', () => {
    hasEnded = true
    wakeAll()
  })
  return {
    lines,
    pauseLog: () => void reader.pause(),
    resumeLog: () => void reader.resume(),
    until: (msg) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => line.msg === msg && !taken.has(line))
          if (found === undefined && !hasEnded) return
          waiting.delete(look)
          if (found === undefined) {
            reject(new Error(`ended without "${msg}"`))
            return
          }
          taken.add(found)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
  }
}

/** Number of open files and sockets of a process. */
export function countDescriptors(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}

/** Resident memory of a process. */
export function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}
