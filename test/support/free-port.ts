import { once } from 'node:events'
import { createServer } from 'node:net'

const FIRST = 12_000
const COUNT = 20_000

let latest = (process.pid * 101) % COUNT

/**
 * Finds a port that nobody listens on, another one each time. It is below those that the system gives
 * out by itself, so that no connection and no listener of a test beside this one takes it meanwhile.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    latest = (latest + 1) % COUNT
    if (await isFree(FIRST + latest)) return FIRST + latest
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
