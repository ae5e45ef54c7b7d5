import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

/** What clients saw. */
export interface Load {
  /** Requests that were answered right. */
  readonly answered: () => number
  /** What was wrong with the others, one line each. */
  readonly failures: readonly string[]
  /** Lets every client finish the request it is at, then closes the connections. */
  readonly stop: () => Promise<void>
}

/** Starts clients that each send one request after another on a connection of their own. */
export function startLoad(proxy: string, clients: number): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const failures: string[] = []
  let answered = 0
  let isStopping = false
  async function run(): Promise<void> {
    while (!isStopping) {
      const failure = await exchange(`${proxy}/load`, agent).catch((error) => `${error}`)
      if (failure === null) answered++
      else failures.push(failure)
    }
  }
  const running = Array.from({ length: clients }, run)
  return {
    answered: () => answered,
    failures,
    async stop() {
      isStopping = true
      await Promise.all(running)
      agent.destroy()
    },
  }
}

/** One POST; null, or what was wrong: a status, or a response edited by another configuration than the request. */
function exchange(url: string, agent: Agent): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: 'POST' }, (response) => {
      const { 'x-seen': seen, 'x-by-response': edited } = response.headers
      text(response).then((body) => {
        const isRight = response.statusCode === 200 && seen === edited && body === seen
        resolve(isRight ? null : `${response.statusCode} ${seen} ${edited} ${body}`)
      }, reject)
    })
    sent.on('error', reject)
    sent.end('{}')
  })
}

/** Opens event streams; each resolves, when it has ended, to null or to what was wrong with it. */
export async function openStreams(
  proxy: string,
  count: number,
): Promise<readonly Promise<string | null>[]> {
  const agent = new Agent({ keepAlive: false })
  const opened = Array.from({ length: count }, (_, index) =>
    openStream(`${proxy}/stream/${index}`, agent),
  )
  return (await Promise.all(opened)).map(({ ended }) => ended)
}

function openStream(url: string, agent: Agent): Promise<{ ended: Promise<string | null> }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent }, (response) => {
      const ended = text(response).then(wrongOrder, (error) => `${url}: ${error}`)
      // Wrapped, as a promise that resolves to a promise would wait for the end of the stream.
      resolve({ ended })
    })
    sent.on('error', reject)
    sent.end()
  })
}

function wrongOrder(body: string): string | null {
  const events = body.split('\n\n').map((event) => event.replace('data: ', ''))
  const wanted = [...events.slice(0, -2).keys()].map(String)
  const isWhole = events.slice(0, -2).join() === wanted.join() && events.at(-2) === 'end'
  return isWhole ? null : `events ${events.join()}`
}
