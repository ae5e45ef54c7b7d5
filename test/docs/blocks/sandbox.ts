import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { countedProgram, countingEnvironment } from '../../coverage/collected.ts'
import { freePort } from '../../support/free-port.ts'
import type { Block } from './read-blocks.ts'
import { ROOT } from './read-blocks.ts'

/** The ports that the documents name. */
const PORTS = [8080, 8081, 9901, 9902, 8000, 11434]

/** What a command came to. */
export interface Outcome {
  readonly status: number
  /** Both outputs, as they came; ports as the documents name them. */
  readonly printed: string
}

/** An empty home with `keyway` on its path, where the blocks of one page are run one after the other. */
export interface Sandbox {
  /** Writes a block that says `file=NAME`. */
  readonly write: (block: Block, name: string) => void
  readonly run: (block: Block, command: string) => Promise<Outcome>
  /** Starts a block that goes on in place of the last such one, and waits until it listens. */
  readonly start: (block: Block) => Promise<void>
  readonly close: () => Promise<void>
}

/** Creates a sandbox. */
export async function createSandbox(): Promise<Sandbox> {
  const home = mkdtempSync(join(tmpdir(), 'keyway-docs-'))
  const ports = await freePorts()
  const env = environmentOf(home, ports)
  const running: ChildProcess[] = []
  installKeyway(home)
  return {
    write(block, name) {
      const file = join(folderOf(home, block), name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, block.text)
    },
    async run(block, command) {
      // What one block exports the next ones have.
      const keep = `. ${home}/state; trap 'export -p > ${home}/state' EXIT; set -e`
      const script = `${keep}\n${toFreePorts(command, ports)}`
      const options = { cwd: folderOf(home, block), env, timeout: 30_000 }
      const { status, printed } = await execute(`{ ${script}\n} 2>&1`, options)
      return { status, printed: toNamedPorts(printed.replaceAll(home, '~'), ports) }
    },
    async start(block) {
      // One at a time: the next one may want the same ports.
      for (const child of running.splice(0)) await end(child)
      const child = spawn('sh', ['-c', `. ${home}/state; exec ${block.text.trim()}`], {
        cwd: folderOf(home, block),
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      running.push(child)
      await untilListening(child)
    },
    async close() {
      for (const child of running) await end(child)
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function environmentOf(home: string, ports: ReadonlyMap<number, number>): NodeJS.ProcessEnv {
  return {
    PATH: `${home}/bin:${process.env.PATH}`,
    HOME: home,
    ...countingEnvironment,
    NODE_OPTIONS: `${countingEnvironment.NODE_OPTIONS ?? ''} --require ${ROOT}test/docs/blocks/map-ports.cjs`,
    KEYWAY_DOCS_PORTS: JSON.stringify(Object.fromEntries(ports)),
  }
}

/** Blocks run in an empty folder, or `in=clone`, where the shipped files are. */
function folderOf(home: string, { options }: Block): string {
  return join(home, options.get('in') === 'clone' ? 'clone' : 'empty')
}

function installKeyway(home: string): void {
  for (const folder of ['bin', 'empty', 'clone']) mkdirSync(join(home, folder))
  for (const folder of ['config', 'schemas', 'deploy', 'package.json'])
    cpSync(join(ROOT, folder), join(home, 'clone', folder), { recursive: true })
  symlinkSync(join(ROOT, 'dist'), join(home, 'clone', 'dist'))
  const keyway = join(home, 'bin', 'keyway')
  const program = countedProgram ?? `${ROOT}dist/bin/cli.cjs`
  writeFileSync(keyway, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`)
  chmodSync(keyway, 0o755)
  writeFileSync(join(home, 'state'), '')
}

async function freePorts(): Promise<ReadonlyMap<number, number>> {
  const ports = new Map<number, number>()
  for (const port of PORTS) ports.set(port, await freePort())
  return ports
}

/** In what a client is told to ask; a file that a command writes keeps its ports. */
function toFreePorts(command: string, ports: ReadonlyMap<number, number>): string {
  return command.replaceAll(/(?<=\/\/(?:127\.0\.0\.1|localhost):)\d+/g, (port) =>
    String(ports.get(Number(port)) ?? port),
  )
}

function toNamedPorts(text: string, ports: ReadonlyMap<number, number>): string {
  let named = text
  for (const [port, free] of ports) named = named.replaceAll(`:${free}`, `:${port}`)
  return named
}

async function execute(
  script: string,
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly timeout: number },
): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', script], options, (error, stdout) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
      resolve({ status, printed: stdout })
    })
  })
}

async function untilListening(child: ChildProcess): Promise<void> {
  let log = ''
  await new Promise<void>((resolve, reject) => {
    child.on('exit', () => reject(new Error(`it did not listen: ${log}`)))
    child.stdout?.on('data', (chunk: Buffer) => {
      log += chunk
      if (log.includes('"msg":"listening"')) resolve()
    })
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}
