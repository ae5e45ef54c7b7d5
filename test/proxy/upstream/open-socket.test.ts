import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { createSocketOpener } from '../../../src/proxy/upstream/open-socket.ts'
import type { TableTarget } from '../../../src/routing/table-upstream.ts'
import { compileText } from '../../support/compile-text.ts'
import { freePort } from '../../support/free-port.ts'
import { startTlsUpstream, startUpstream } from '../../support/recording-upstream.ts'
import { closeAfter } from '../../support/start-pair.ts'

afterEach(() => void vi.useRealTimers())

const folder = join(import.meta.dirname, '../../fixtures/tls')
const file = (name: string): string => join(folder, name)
const pem = (name: string): string => readFileSync(file(name), 'utf8')

/** The target of an upstream of the file. */
function targetOf(upstream: string): TableTarget {
  const { table } = compileText(`
version: 1
upstreams: { up: ${upstream} }
routes: [{ name: all, match: { path: /* }, upstream: up }]
`)
  const target = table.upstreams[0]?.targets[0]
  if (target === undefined) throw new Error('no target')
  return target
}

/** What opens connections to an upstream of the file. */
function opener(upstream: string, protocols: readonly string[] = ['http/1.1']) {
  const open = createSocketOpener(targetOf(upstream), protocols)
  /** Resolves to a socket, or the code of what went wrong, and how often either was told. */
  return () => {
    const told: (Socket | string)[] = []
    const first = new Promise<Socket | string>((resolve) =>
      open(null, (error, socket) => {
        const one = socket ?? (error as Error & { code: string }).code
        if (socket !== null) closeAfter(async () => void socket.destroy())
        told.push(one)
        resolve(one)
      }),
    )
    return { first, told }
  }
}

async function startTls(more: object = {}) {
  const upstream = await startTlsUpstream(
    { cert: pem('server.pem'), key: pem('server.key'), ...more },
    () => undefined,
  )
  closeAfter(upstream.close)
  return upstream
}

test.each([
  { host: 'localhost', tls: '', asked: 'localhost' },
  // No name is asked for by an address (RFC 6066 §3).
  { host: '127.0.0.1', tls: '', asked: false },
  { host: '127.0.0.1', tls: ', servername: localhost', asked: 'localhost' },
])('a handshake with $host$tls asks for $asked', async ({ host, tls, asked }) => {
  const upstream = await startTls()
  const url = `https://${host}:${upstream.port}`
  const open = opener(`{ url: '${url}', tls: { ca: '${file('ca.pem')}'${tls} } }`)
  expect(await open().first).toMatchObject({ authorized: true })
  const { socket } = await upstream.connection(0)
  expect((socket as TLSSocket).servername).toBe(asked)
})

test.each([
  { name: 'what both speak', protocols: ['h2', 'http/1.1'], spoken: 'h2' },
  { name: 'the one that is offered', protocols: ['http/1.1'], spoken: 'http/1.1' },
])('of the protocols $name is agreed on', async ({ protocols, spoken }) => {
  const upstream = await startTls({ ALPNProtocols: ['h2', 'http/1.1'] })
  const open = opener(`{ url: '${upstream.url}', tls: { ca: '${file('ca.pem')}' } }`, protocols)
  expect(await open().first).toMatchObject({ alpnProtocol: spoken })
})

test.each([
  { name: 'the certificate of the file', isNamed: true, subject: 'client TEST' },
  { name: 'none', isNamed: false, subject: undefined },
])('a client shows $name', async ({ isNamed, subject }) => {
  const upstream = await startTls({
    ca: pem('ca.pem'),
    requestCert: true,
    rejectUnauthorized: false,
  })
  const own = isNamed ? `, cert: '${file('client.pem')}', key: '${file('client.key')}'` : ''
  const open = opener(`{ url: '${upstream.url}', tls: { ca: '${file('ca.pem')}'${own} } }`)
  await open().first
  const { socket } = await upstream.connection(0)
  expect((socket as TLSSocket).getPeerCertificate().subject?.CN).toBe(subject)
})

test('the session of one handshake serves the next', async () => {
  const upstream = await startTls()
  const open = opener(`{ url: '${upstream.url}', tls: { ca: '${file('ca.pem')}' } }`)
  const first = (await open().first) as TLSSocket
  expect(first.isSessionReused()).toBe(false)
  const ticket = new Promise((resolve) => first.once('session', resolve))
  const { socket } = await upstream.connection(0)
  first.on('data', () => undefined)
  socket.write('x')
  await ticket
  expect(((await open().first) as TLSSocket).isSessionReused()).toBe(true)
})

test.each([
  {
    name: 'nobody listens',
    url: async () => `http://127.0.0.1:${await freePort()}`,
    code: 'ECONNREFUSED',
  },
  {
    name: 'nobody listens, by TLS',
    url: async () => `https://127.0.0.1:${await freePort()}`,
    code: 'ECONNREFUSED',
  },
  {
    name: 'nobody is trusted',
    url: async () => (await startTls()).url,
    code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  },
])('where $name that is told, once', async ({ url, code }) => {
  const { first, told } = opener(`{ url: '${await url()}' }`)()
  expect(await first).toBe(code)
  await new Promise(setImmediate)
  expect(told).toEqual([code])
})

test('a peer that closes amid the handshake is told of', async () => {
  const upstream = await startUpstream(({ socket }) => void socket.end())
  closeAfter(upstream.close)
  const { first } = opener(`{ url: '${upstream.url.replace('http', 'https')}' }`)()
  expect(await first).toBe('ECONNRESET')
})

test('an outbound proxy that closes without an answer is told of', async () => {
  const proxy = await startUpstream(async (connection) => {
    await connection.until('\r\n\r\n')
    connection.socket.end()
  })
  closeAfter(proxy.close)
  const { first } = opener(`{ url: 'http://up.test', proxy: '${proxy.url}' }`)()
  expect(await first).toBe('UPSTREAM_CLOSED')
})

test('through an outbound proxy the connection is handed over once the tunnel is there', async () => {
  const proxy = await startUpstream(async (connection) => {
    await connection.until('\r\n\r\n')
    connection.write('HTTP/1.1 200 OK\r\n\r\n')
  })
  closeAfter(proxy.close)
  const { first, told } = opener(`{ url: 'http://up.test', proxy: '${proxy.url}' }`)()
  const socket = (await first) as Socket
  socket.write('through')
  await (await proxy.connection(0)).until('through')
  expect(told).toEqual([socket])
})

test.each([
  { name: 'as the file says', limits: 'connect: 2s', isWaitedFor: false },
  { name: 'for as long as it takes', limits: 'connect: 0s', isWaitedFor: true },
])('a peer that says nothing is waited for $name', async ({ limits, isWaitedFor }) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const upstream = await startUpstream()
  closeAfter(upstream.close)
  const url = upstream.url.replace('http', 'https')
  const { first, told } = opener(`{ url: '${url}', limits: { ${limits} } }`)()
  const connection = await upstream.connection(0)
  vi.advanceTimersByTime(1_999)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(told).toEqual(isWaitedFor ? [] : ['UPSTREAM_CONNECT_TIMEOUT'])
  if (isWaitedFor) connection.socket.destroy()
  else await connection.closed()
  await first
})

test("what breaks after it was handed over is nobody else's", async () => {
  const upstream = await startUpstream()
  closeAfter(upstream.close)
  const { first, told } = opener(`{ url: '${upstream.url}' }`)()
  const socket = (await first) as Socket
  socket.destroy(new Error('broken'))
  await new Promise((resolve) => socket.once('close', resolve))
  expect(told).toEqual([socket])
})

test.each([
  { name: 'come behind what whoever waited for it writes first', use: () => undefined, set: 2 },
  {
    name: 'are not set where it is closed at once',
    use: (socket: Socket) => void socket.destroy(),
    set: 0,
  },
])("a socket's options $name", async ({ use, set }) => {
  const upstream = await startUpstream()
  closeAfter(upstream.close)
  const noDelay = vi.spyOn(Socket.prototype, 'setNoDelay')
  const keepAlive = vi.spyOn(Socket.prototype, 'setKeepAlive')
  onTestFinished(() => {
    noDelay.mockRestore()
    keepAlive.mockRestore()
  })
  const countSet = (socket: Socket): number =>
    [...noDelay.mock.contexts, ...keepAlive.mock.contexts].filter((one) => one === socket).length
  const open = createSocketOpener(targetOf(`{ url: '${upstream.url}' }`), ['http/1.1'])
  const counts = await new Promise<readonly number[]>((resolve) =>
    open(null, (_, socket) => {
      if (socket === null) throw new Error('no socket')
      closeAfter(async () => void socket.destroy())
      const before = countSet(socket)
      use(socket)
      setImmediate(() => resolve([before, countSet(socket)]))
    }),
  )
  expect(counts).toEqual([0, set])
})
