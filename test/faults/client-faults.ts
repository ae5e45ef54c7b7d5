import { once } from 'node:events'
import type { Connection } from '../fuzz/connection.ts'
import { connectClient, type Listener, printRequest, readOutcome } from './exchange.ts'
import { answer, type FaultyUpstream, type UpstreamFault } from './faulty-upstream.ts'

/** One fault of a client: resolves to null, or to what was not right. */
export interface ClientCase extends UpstreamFault {
  readonly name: string
  readonly run: (listener: Listener, id: string, upstream: FaultyUpstream) => Promise<string | null>
}

const LARGE = 8_000_000

/** Writes a part of a request, waits for the upstream where told to, and is gone; the upstream must hear of it. */
function vanish(
  part: (path: string) => string,
  leave: (connection: Connection) => void,
): (name: string) => ClientCase['run'] {
  return (name) => async (listener, id, upstream) => {
    const connection = connectClient(listener)
    await once(connection.socket, connection.opening)
    connection.socket.write(part(`/up/${name}/${id}`))
    await untilAsked(upstream, id)
    leave(connection)
    await upstream.closed(id)
    return upstream.executions(id) <= 1 ? null : 'executed twice'
  }
}

/** Requests that stop before their body does may never reach the upstream. */
async function untilAsked(upstream: FaultyUpstream, id: string): Promise<void> {
  for (let waits = 0; upstream.executions(id) === 0 && waits < 20; waits += 1)
    await new Promise((resolve) => setTimeout(resolve, 10))
}

const reset = ({ carrier }: Connection): void => void carrier.resetAndDestroy()
const close = ({ socket }: Connection): void => void socket.destroy()

const PARTS: Readonly<Record<string, (path: string) => string>> = {
  'amid-its-head': (path) => printRequest(path, 0).slice(0, -4),
  'before-its-body': (path) => printRequest(path, 100_000).slice(0, -100_000),
  'amid-its-body': (path) => printRequest(path, 100_000).slice(0, -1_000),
  'before-the-answer': (path) => printRequest(path, 0),
}

const vanishing: readonly ClientCase[] = Object.entries(PARTS).flatMap(([when, part]) =>
  Object.entries({ resets: reset, closes: close }).map(([how, leave]) => {
    const name = `client-${how}-${when}`
    return { name, run: vanish(part, leave)(name) }
  }),
)

/** Faults of clients. */
export const CLIENT_CASES: readonly ClientCase[] = [
  ...vanishing,
  {
    name: 'client-resets-amid-the-answer',
    onRequest: (socket) =>
      void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGE}\r\n\r\nsome`),
    async run(listener, id, upstream) {
      const { socket, carrier } = connectClient(listener)
      socket.write(printRequest(`/up/client-resets-amid-the-answer/${id}`, 0))
      await once(socket, 'data')
      carrier.resetAndDestroy()
      await upstream.closed(id)
      return null
    },
  },
  {
    name: 'client-reads-slowly',
    onRequest: (socket) =>
      void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${LARGE}\r\n\r\n${'x'.repeat(LARGE)}`),
    async run(listener, id) {
      const { socket } = connectClient(listener)
      socket.write(printRequest(`/up/client-reads-slowly/${id}`, 0))
      let bytes = 0
      for await (const chunk of socket) {
        bytes += (chunk as Buffer).length
        if (bytes >= LARGE + 40) break
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      socket.destroy()
      return bytes >= LARGE + 40 ? null : `only ${bytes} bytes`
    },
  },
  {
    name: 'client-writes-slowly',
    onRequest: (socket, id) => void socket.write(answer(id)),
    async run(listener, id, upstream) {
      const { socket } = connectClient(listener)
      const outcome = readOutcome(socket, id)
      for (const piece of printRequest(`/up/client-writes-slowly/${id}`, 50).match(/.{1,4}/gs) ??
        []) {
        socket.write(piece)
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
      const got = await outcome
      socket.destroy()
      return got === 'answer' && upstream.executions(id) === 1 ? null : `${got}`
    },
  },
  {
    name: 'client-stops-amid-its-body',
    async run(listener, id, upstream) {
      const { socket } = connectClient(listener)
      socket.write(printRequest(`/up/client-stops-amid-its-body/${id}`, 100).slice(0, -10))
      const got = await readOutcome(socket, id)
      socket.destroy()
      return got === 408 && upstream.executions(id) === 0 ? null : `${got}`
    },
  },
  {
    name: 'client-stops-amid-its-head',
    async run(listener, id) {
      const { socket } = connectClient(listener)
      socket.write(printRequest(`/up/client-stops-amid-its-head/${id}`, 0).slice(0, -4))
      const got = await readOutcome(socket, id)
      socket.destroy()
      return got === 408 ? null : `${got}`
    },
  },
]
