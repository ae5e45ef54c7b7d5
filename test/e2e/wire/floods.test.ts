import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { openHttp2, request } from '../../floods/http2-frames.ts'
import { connectRaw, exchangeRaw, requestBytes } from '../../support/raw-client.ts'
import { always, ok, type Script } from '../../support/recording-upstream.ts'
import { type Pair, startPair } from '../../support/start-pair.ts'
import { connectHttp2, tlsServer } from '../inbound/start-tls.ts'

const MIB = 1024 * 1024
const STREAMS = 10

/** What one client that does not read may have the proxy take; the kernel's buffers are most of it. */
const MOST_BYTES = 64 * MIB

/** An upstream that sends the same bytes on and on, as fast as they are taken. */
function endless(head: string, bytes: Buffer): Script {
  return async ({ socket, head: awaitHead }) => {
    await awaitHead()
    socket.write(head)
    const pour = (): void => {
      while (!socket.destroyed && socket.write(bytes));
    }
    socket.on('drain', pour)
    pour()
  }
}

const takenOf = (socket: Socket): number => socket.bytesWritten - socket.writableLength

function taken({ upstream }: Pair): number {
  return upstream.connections.reduce((sum, { socket }) => sum + takenOf(socket), 0)
}

/** Waits until nothing more is taken from the upstream, by answers to others instead of by a clock. */
async function untilStill(pair: Pair, ask: () => Promise<unknown>): Promise<number> {
  for (let before = -1; ; ) {
    for (let turn = 0; turn < 50; turn += 1) await ask()
    const now = taken(pair)
    if (now === before) return now
    expect(now).toBeLessThan(MOST_BYTES)
    before = now
  }
}

const floods: readonly { readonly name: string; readonly script: Script }[] = [
  {
    name: 'a body without end',
    script: endless('HTTP/1.1 200 OK\r\n\r\n', Buffer.alloc(64 * 1024, 'b')),
  },
  {
    name: 'a body in chunks of one byte without end',
    script: endless(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
      Buffer.from('1\r\nb\r\n'.repeat(10_000)),
    ),
  },
]

test.each(floods)(
  '$name is taken no further than a client of HTTP/1.1 reads',
  async ({ script }) => {
    const pair = await startPair({ script })
    const client = await connectRaw(pair.address)
    client.socket.pause()
    client.write(requestBytes('GET /up/x'))
    await pair.upstream.connection(0)
    const bytes = await untilStill(pair, () =>
      exchangeRaw(pair.address, requestBytes('GET /nowhere')),
    )
    expect(bytes).toBeGreaterThan(0)
    client.socket.destroy()
    await pair.upstream.connections[0]?.closed()
  },
)

test('a body without end is taken no further than a client of HTTP/2 reads, on every stream', async () => {
  const pair = await startPair({ ...floods[0], server: tlsServer() })
  const other = await connectHttp2(pair.address)
  // Its windows are as large as they may be, and nothing is read off it.
  const socket = await openHttp2(pair.address.port, 2 ** 30)
  for (let stream = 0; stream < STREAMS; stream += 1) socket.write(request(2 * stream + 1, '/up/x'))
  await pair.upstream.connection(STREAMS - 1)
  const bytes = await untilStill(
    pair,
    () => new Promise((resolve) => other.ping(() => resolve(null))),
  )
  expect(bytes).toBeGreaterThan(0)
  socket.destroy()
  await Promise.all(pair.upstream.connections.map((connection) => connection.closed()))
  // But the other's.
  await expect.poll(pair.proxy.stats).toMatchObject({ connections: 1, inFlight: 0 })
})

test('requests in a pipeline are asked for one by one, however many there are', async () => {
  const { address, upstream } = await startPair({ script: always(ok('served')) })
  const one = requestBytes('GET /up/x', ['Connection: keep-alive'])
  const last = requestBytes('GET /up/last')
  const answers = await exchangeRaw(address, one.repeat(1_000) + last)
  expect(answers.match(/served/g)).toHaveLength(1_001)
  expect(upstream.connections).toHaveLength(1)
})
