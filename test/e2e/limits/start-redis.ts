import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { freePort } from '../../support/free-port.ts'

/** A Redis server of a test's own, in memory. */
export interface RedisProcess {
  readonly port: number
  readonly url: string
  /** Every key with its type, as redis-cli writes them. */
  readonly dump: () => Promise<string>
  /** Has it answer nothing any more, though its connections stay. */
  readonly freeze: () => void
  readonly stop: () => Promise<void>
}

/** Starts a server, on a free port unless one is given; resolves when it takes connections. */
export async function startRedis(port?: number): Promise<RedisProcess> {
  const own = port ?? (await freePort())
  const args = ['--port', String(own), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] })
  await readiness(child)
  return {
    port: own,
    url: `redis://127.0.0.1:${own}`,
    async dump() {
      const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(own), 'keys', '*'])
      return stdout
    },
    freeze: () => void child.kill('SIGSTOP'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'close')
    },
  }
}

async function readiness(child: ChildProcess): Promise<void> {
  if (child.stdout === null) throw new Error('the log goes to a pipe')
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes('Ready to accept connections')) {
      child.stdout.resume()
      return
    }
  throw new Error('redis-server ended')
}
