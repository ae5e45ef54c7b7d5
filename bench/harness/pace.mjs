import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { compileLoader, cores } from './machine.mjs'

const run = promisify(execFile)

/** Sends requests at a fixed rate, whatever the answers do, and returns how long they took. */
export async function pace({ program, requests, rate, seconds, connections }) {
  const loader = compileLoader('paced')
  const numbers = [program.port, requests, rate, seconds, connections].map(String)
  const { stdout } = await run('taskset', ['-c', `${cores.load}`, loader, ...numbers])
  const result = JSON.parse(stdout)
  return {
    p50Ms: result.p50,
    p99Ms: result.p99,
    maxMs: result.max,
    failures: result.refused + result.failed,
  }
}
