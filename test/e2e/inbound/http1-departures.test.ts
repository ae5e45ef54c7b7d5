import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { expect, test } from 'vitest'
import type { NormalAddress } from '../../../src/config/shapes/normal-config.ts'
import { type RecordingUpstream, startUpstream } from '../../support/recording-upstream.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { oneRoute, startProxy, type TestProxy } from '../../support/start-proxy.ts'
import { ca, tlsServer } from './start-tls.ts'

/** A client's connection, and the one below it. */
interface Client {
  readonly socket: Socket
  readonly plain: Socket
}

interface Pair extends TestProxy {
  readonly upstream: RecordingUpstream
}

const POST = 'POST /up/x HTTP/1.1\r\nHost: a\r\n'
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`
const GET = 'GET /up/x HTTP/1.1\r\nHost: a\r\n\r\n'
const UPGRADE =
  'GET /up/x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n'

/** Moments of a connection: what is sent, what reaches the upstream of it, and what it answers. */
const moments = [
  { name: 'before a byte', sent: '' },
  { name: 'amid empty lines', sent: '\r\n\r' },
  { name: 'amid a head', sent: 'GET /up/x HTTP/1.1\r\nHost: ' },
  { name: 'amid a short body', sent: `${POST}Content-Length: 9\r\n\r\nfour` },
  { name: 'amid a long body', sent: `${POST}Content-Length: 90000\r\n\r\nfour`, reaches: 'four' },
  { name: 'amid chunks', sent: `${CHUNKED}4\r\nfour\r\n`, reaches: 'four' },
  { name: 'amid a trailer', sent: `${CHUNKED}4\r\nfour\r\n0\r\nA: `, reaches: 'four' },
  { name: 'before the answer', sent: GET, reaches: '\r\n\r\n' },
  { name: 'before the answer, with another behind', sent: GET + GET, reaches: '\r\n\r\n' },
  {
    name: 'amid the answer',
    sent: GET,
    reaches: '\r\n\r\n',
    answer: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nfour',
  },
  {
    name: 'amid an answer of HTTP/1.0',
    sent: 'GET /up/x HTTP/1.0\r\n\r\n',
    reaches: '\r\n\r\n',
    answer: 'HTTP/1.1 200 OK\r\n\r\nfour',
  },
  {
    name: 'behind an early answer, amid the body',
    sent: `${POST}Content-Length: 90000\r\n\r\nfour`,
    reaches: 'four',
    answer: 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour',
  },
  { name: 'before an upgrade is answered', sent: UPGRADE, reaches: '\r\n\r\n' },
  {
    name: 'before an upgrade is answered, early bytes sent',
    sent: `${UPGRADE}\x81\0`,
    reaches: '\r\n\r\n',
  },
  {
    name: 'amid a tunnel',
    sent: UPGRADE,
    reaches: '\r\n\r\n',
    answer:
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nfour',
    isTunnel: true,
  },
  {
    name: 'behind the answer',
    sent: GET,
    reaches: '\r\n\r\n',
    answer: 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour',
    isKept: true,
  },
]

const kinds: readonly {
  readonly by: string
  readonly connect: (address: NormalAddress) => Promise<Client>
}[] = [
  { by: 'tcp', connect: connectPlain },
  { by: 'a unix socket', connect: connectPlain },
  { by: 'tls', connect: connectSecure },
]

const ways: readonly { readonly way: string; readonly leave: (client: Client) => void }[] = [
  { way: 'ends', leave: ({ socket }) => void socket.end() },
  { way: 'closes', leave: ({ socket }) => void socket.destroy() },
  { way: 'resets', leave: ({ plain }) => void plain.resetAndDestroy() },
]

async function connectPlain(address: NormalAddress): Promise<Client> {
  const socket = connect('socketPath' in address ? { path: address.socketPath } : address)
  await once(socket, 'connect')
  return { socket, plain: socket }
}

async function connectSecure(address: NormalAddress): Promise<Client> {
  const { socket: plain } = await connectPlain(address)
  const socket = connectTls({ socket: plain, ca, servername: 'localhost' })
  await once(socket, 'secureConnect')
  return { socket, plain }
}

/** A proxy whose upstream answers each request with what `answers` has last. */
async function start(by: string, answers: readonly string[]): Promise<Pair> {
  const upstream = await startUpstream(async (connection) => {
    await connection.head()
    connection.write(answers.at(-1) ?? '')
  })
  closeAfter(upstream.close)
  const folder = mkdtempSync(join(tmpdir(), 'keyway-'))
  const listen =
    by === 'a unix socket'
      ? { socketPath: join(folder, 'proxy.sock') }
      : { host: '127.0.0.1', port: 0 }
  const server = by === 'tls' ? tlsServer() : ''
  const proxy = await startProxy(oneRoute(upstream.url, { server }), listen)
  closeAfter(async () => {
    await proxy.close()
    rmSync(folder, { recursive: true })
  })
  return { ...proxy, upstream }
}

const cases = kinds.flatMap((kind) =>
  ways
    .filter(({ way }) => kind.by !== 'a unix socket' || way !== 'resets')
    .map((way) => ({ ...kind, ...way })),
)

test.each(cases)(
  'whoever $way by $by is noticed, at whatever moment',
  async ({ by, way, connect: open, leave }) => {
    const answers: string[] = []
    const { address, proxy, upstream } = await start(by, answers)
    for (const { name, sent, reaches, answer = '', isKept = false, isTunnel = false } of moments) {
      answers.push(answer)
      const count = upstream.connections.length
      const { socket, plain } = await open(address)
      socket.on('error', () => undefined)
      plain.on('error', () => undefined)
      let received = ''
      socket.on('data', (chunk: Buffer) => {
        received += chunk.toString('latin1')
      })
      socket.write(Buffer.from(sent, 'latin1'))
      const connection = reaches === undefined ? null : await upstream.connection(count)
      await connection?.until(reaches as string)
      if (answer !== '') while (!received.includes('four')) await once(socket, 'data')
      leave({ socket, plain })
      if (!isKept) await connection?.closed()
      // A tunnel carries the end of one side on, and lives until the other ends too.
      if (isTunnel) connection?.socket.end()
      await expect
        .poll(() => ({ name, ...proxy.stats() }), { timeout: 20_000 })
        .toMatchObject({ name, connections: 0, inFlight: 0 })
      expect(received.match(/x-keyway-error: \w+/g)).toEqual(
        way === 'ends' && name === 'amid a head' ? ['x-keyway-error: bad_message'] : null,
      )
      socket.destroy()
      plain.destroy()
    }
  },
)
