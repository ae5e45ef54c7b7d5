import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { compileLoader, cores } from './machine.mjs'
import { key } from './workload.mjs'

/**
 * Opens event streams through a proxy to an upstream in the same process, on the load's core.
 * `next` lets the process go on to its next step and returns that step's numbers.
 */
export async function openStreams({ upstreamPort, proxyPort, requests, streams, seconds, rates }) {
  const program = compileLoader('streams')
  const numbers = [upstreamPort, proxyPort, requests, key, streams, seconds, ...rates].map(String)
  const command = ['sh', '-c', 'ulimit -n $(ulimit -Hn) && exec taskset -c "$@"', 'sh']
  const [file, ...args] = [...command, `${cores.load}`, program, ...numbers]
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const read = async () => JSON.parse((await lines.next()).value ?? 'null')
  const opened = await read()
  return {
    opened,
    next() {
      child.stdin.write('\n')
      return read()
    },
    async close() {
      if (child.exitCode !== null) return
      child.kill()
      await once(child, 'exit')
    },
  }
}
