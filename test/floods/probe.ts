import { Agent, get } from 'node:https'

const CLIENTS = 4
const PAUSE_MS = 5
const PATIENCE_MS = 5_000

/** What clients who mean well have seen. */
export interface Probed {
  readonly p99Ms: number
  readonly failures: number
}

/** Has a few clients ask again and again, each over its own connection. */
export async function probe(port: number, seconds: number): Promise<Probed> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS, rejectUnauthorized: false })
  const waits: number[] = []
  let failures = 0
  const end = performance.now() + seconds * 1_000
  const work = async (): Promise<void> => {
    while (performance.now() < end) {
      const started = performance.now()
      if (await ask(port, agent)) waits.push(performance.now() - started)
      else failures += 1
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, work))
  agent.destroy()
  waits.sort((a, b) => a - b)
  return { p99Ms: waits[Math.floor(waits.length * 0.99)] ?? Number.POSITIVE_INFINITY, failures }
}

function ask(port: number, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ port, host: '127.0.0.1', path: '/good', agent }, (response) => {
      response.on('end', () => resolve(response.statusCode === 200))
      response.on('error', () => resolve(false))
      response.resume()
    })
    request.setTimeout(PATIENCE_MS, () => request.destroy())
    request.on('error', () => resolve(false))
  })
}
