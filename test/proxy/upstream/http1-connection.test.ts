import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { BodySink } from '../../../src/http/message/body-source.ts'
import { ownUnread } from '../../../src/proxy/client/own-socket.ts'
import type { Call, OutgoingRequest } from '../../../src/proxy/upstream/call.ts'
import { Http1Connection } from '../../../src/proxy/upstream/http1/http1-connection.ts'
import type { OnSocket } from '../../../src/proxy/upstream/open-socket.ts'
import { ok, startUpstream, type UpstreamConnection } from '../../support/recording-upstream.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { createTold, GET } from './told.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))

afterEach(() => void vi.useRealTimers())

interface Given {
  readonly keepAliveMs?: number
  /** What onBody answers. */
  readonly takesMore?: boolean
  /** Whether whoever hears of the connection cancels at once. */
  readonly isUnwanted?: boolean
}

/** A connection to an upstream, and all that is told of it, in order. */
async function open({ keepAliveMs = 10_000, takesMore = true, isUnwanted = false }: Given = {}) {
  const upstream = await startUpstream()
  closeAfter(upstream.close)
  const { told, tell, tellError, heard } = createTold()
  let socket: Socket | null = null
  const lane = new Http1Connection({
    host: 'up.test',
    keepAliveMs,
    own: ownUnread,
    onClosed: () => tell('closed'),
    open: (reads, onSocket) => {
      socket = connect({
        host: '127.0.0.1',
        port: upstream.port,
        ...(reads && { onread: reads }),
      }).once('connect', () => onSocket(null, socket))
    },
  })
  let call: Call | null = null
  const tunnels: Socket[] = []
  const send = (more: Partial<OutgoingRequest> = {}): void =>
    lane.send(
      { ...GET, ...more },
      {
        onConnect(one) {
          call = one
          tell('connected')
          if (isUnwanted) one.cancel()
        },
        onInterim: ({ status }) => tell(`interim ${status}`),
        onHead: ({ status }) => tell(`head ${status}`),
        onBody(bytes) {
          tell(`body ${bytes}`)
          return takesMore
        },
        onEnd: () => tell('end'),
        onError: tellError,
        onTunnel(_, tunnel) {
          tunnels.push(tunnel)
          tell('tunnel')
        },
      },
    )
  const peer = (): Promise<UpstreamConnection> => upstream.connection(0)
  const isPaused = (): boolean => socket?.isPaused() ?? false
  return { lane, send, heard, peer, told, tunnels, upstream, isPaused, call: () => call as Call }
}

/** Sends a request and has it answered. */
async function answered(given: Given, fields: readonly string[] = []) {
  const opened = await open(given)
  opened.send()
  const peer = await opened.peer()
  await peer.head()
  peer.write(ok('a', fields))
  expect(await opened.heard('end')).toEqual(['connected', 'head 200', 'body a', 'end'])
  return { ...opened, connection: peer }
}

test('requests follow one another, each with its answer', async () => {
  const { lane, send, heard, connection, upstream } = await answered({})
  expect([lane.isClosed, lane.hasUnsent]).toEqual([false, false])
  send({ target: '/y', fields: ['a', 'b'] })
  expect(await connection.head(2)).toBe(
    'GET /y HTTP/1.1\r\nhost: up.test\r\nconnection: keep-alive\r\na: b\r\n\r\n',
  )
  connection.write('HTTP/1.1 103 E\r\n\r\nHTTP/1.1 204 N\r\n\r\n')
  expect(await heard('end')).toEqual(['connected', 'interim 103', 'head 204', 'end'])
  expect(upstream.connections).toHaveLength(1)
})

test.each([
  { name: "the file's time", keepAliveMs: 4_000, fields: [], closesAt: 4_000 },
  {
    name: "the upstream's, less two seconds",
    keepAliveMs: 10_000,
    fields: ['Keep-Alive: timeout=8'],
    closesAt: 6_000,
  },
  {
    name: 'half of a short one of the upstream',
    keepAliveMs: 10_000,
    fields: ['Keep-Alive: timeout=2'],
    closesAt: 1_000,
  },
  {
    name: "the file's, where that is the earlier",
    keepAliveMs: 4_000,
    fields: ['Keep-Alive: timeout=60'],
    closesAt: 4_000,
  },
  {
    name: "the upstream's alone",
    keepAliveMs: 0,
    fields: ['Keep-Alive: timeout=8'],
    closesAt: 6_000,
  },
])('an idle one is kept for $name', async ({ keepAliveMs, fields, closesAt }) => {
  const { lane, heard } = await answered({ keepAliveMs }, fields)
  vi.advanceTimersByTime(closesAt - 2)
  expect(lane.isClosed).toBe(false)
  vi.advanceTimersByTime(2)
  expect(lane.isClosed).toBe(true)
  expect(await heard('closed')).toEqual(['closed'])
})

test.each([
  { name: 'no head', bytes: '', ms: 1_000, until: 'connected', code: 'UPSTREAM_HEADERS_TIMEOUT' },
  {
    name: 'an interim response alone',
    bytes: 'HTTP/1.1 103 E\r\n\r\n',
    ms: 1_000,
    until: 'interim 103',
    code: 'UPSTREAM_HEADERS_TIMEOUT',
  },
  {
    name: 'half a body',
    bytes: 'HTTP/1.1 200 O\r\nContent-Length: 9\r\n\r\nhalf',
    ms: 3_000,
    until: 'body half',
    code: 'UPSTREAM_IDLE_TIMEOUT',
  },
])(
  'an upstream that falls silent with $name is waited for as long as the file says',
  async (row) => {
    const { lane, send, heard, peer } = await open()
    send()
    const connection = await peer()
    await connection.head()
    connection.write(row.bytes)
    await heard(row.until)
    vi.advanceTimersByTime(row.ms - 2)
    expect(lane.isClosed).toBe(false)
    vi.advanceTimersByTime(2)
    expect(lane.isClosed).toBe(true)
    expect(await heard('closed')).toEqual([row.code, 'closed'])
    await connection.closed()
  },
)

test('a later request has the time of its own head', async () => {
  const { send, heard, connection } = await answered({ keepAliveMs: 0 })
  send()
  await connection.head(2)
  await heard('connected')
  vi.advanceTimersByTime(1_000)
  expect(await heard('closed')).toEqual(['UPSTREAM_HEADERS_TIMEOUT', 'closed'])
})

test('a reader that stops is waited for, and goes on where it stopped', async () => {
  const { lane, send, heard, peer, call, told, isPaused } = await open({ takesMore: false })
  send()
  const connection = await peer()
  await connection.head()
  connection.write('HTTP/1.1 200 O\r\nContent-Length: 8\r\n\r\nhalf')
  await heard('body half')
  vi.advanceTimersByTime(60_000)
  expect([lane.isClosed, told, isPaused()]).toEqual([false, [], true])
  connection.write('re')
  call().resume()
  expect(await heard('body re')).toEqual(['body re'])
  expect(isPaused()).toBe(true)
  connection.write('st')
  call().resume()
  expect(await heard('end')).toEqual(['body st', 'end'])
  // Nobody has to ask once more for what comes next, and who stops then is heard too.
  expect(isPaused()).toBe(false)
  send()
  await connection.head(2)
  connection.write(ok('next').slice(0, -1))
  expect(await heard('body nex')).toEqual(['connected', 'head 200', 'body nex'])
  expect(isPaused()).toBe(true)
})

test('a request that nobody wants by the time of its connection is not written; the next one is', async () => {
  const { lane, send, heard, peer } = await open({ isUnwanted: true })
  send()
  expect(await heard('REQUEST_CANCELLED')).toEqual(['connected', 'REQUEST_CANCELLED'])
  expect(lane.isClosed).toBe(false)
  expect((await peer()).received()).toBe('')
  vi.advanceTimersByTime(10_000)
  expect(lane.isClosed).toBe(true)
})

test('one that is cancelled under way takes its connection along', async () => {
  const { lane, send, heard, peer, call } = await open()
  send()
  const connection = await peer()
  await connection.head()
  call().cancel()
  expect(lane.isClosed).toBe(true)
  expect(await heard('closed')).toEqual(['connected', 'REQUEST_CANCELLED', 'closed'])
  await connection.closed()
})

test.each([
  { name: 'a first request', count: 0, bytes: '', code: 'UPSTREAM_CLOSED' },
  { name: 'a later one', count: 1, bytes: '', code: 'UPSTREAM_STALE' },
  {
    name: 'a later one that it began to answer',
    count: 1,
    bytes: 'HTTP/1.1 2',
    code: 'RESPONSE_CUT',
  },
])('an upstream that closes on $name', async ({ count, bytes, code }) => {
  const { lane, send, heard, peer } = count === 0 ? await open() : await answered({})
  send()
  const connection = await peer()
  await connection.head(count + 1)
  connection.socket.end(bytes)
  expect(await heard('closed')).toEqual(['connected', code, 'closed'])
  expect(lane.isClosed).toBe(true)
})

test('an upstream that switches unasked has failed', async () => {
  const { lane, send, heard, peer } = await open()
  send()
  const connection = await peer()
  await connection.head()
  connection.write('HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  await heard('closed')
  expect(lane.isClosed).toBe(true)
})

test.each([
  { name: 'short', bytes: 5 },
  { name: 'long', bytes: 20_000 },
])('a request with a $name body leaves byte for byte', async ({ bytes }) => {
  const { send, heard, peer } = await open()
  send({ method: 'POST', fields: ['X-Name', 'caf\xe9'], body: Buffer.alloc(bytes, 0xe9) })
  const connection = await peer()
  const end = `\r\nX-Name: caf\xe9\r\ncontent-length: ${bytes}\r\n\r\n${'\xe9'.repeat(bytes)}`
  expect((await connection.until(end)).endsWith(end)).toBe(true)
  connection.write(ok(''))
  await heard('end')
})

test('an upstream that says what nobody asked for is closed', async () => {
  const { lane, heard, connection } = await answered({})
  connection.write(ok('unasked'))
  expect(await heard('closed')).toEqual(['closed'])
  expect(lane.isClosed).toBe(true)
})

test('so is one that ends between requests', async () => {
  const { lane, heard, connection } = await answered({})
  connection.socket.end()
  expect(await heard('closed')).toEqual(['closed'])
  expect(lane.isClosed).toBe(true)
})

test('an upstream that goes no further is asked nothing more', async () => {
  const { lane, heard } = await answered({}, ['Connection: close'])
  expect(lane.isClosed).toBe(true)
  expect(await heard('closed')).toEqual(['closed'])
})

/** A body that is still on its way, of so many bytes. */
function bodyOf(length: number | null) {
  const sinks: BodySink[] = []
  const resumed = vi.fn<() => void>()
  const source = { length, isKept: false, pipeTo: (one: BodySink) => void sinks.push(one) }
  return { body: { ...source, resume: resumed }, sink: () => sinks[0] as BodySink, resumed }
}

test.each([
  { name: 'with a length', length: 4, framed: 'content-length: 4\r\n\r\nbody' },
  {
    name: 'without one',
    length: null,
    framed: 'transfer-encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n',
  },
])('a body $name leaves as it comes', async ({ length, framed }) => {
  const { lane, send, heard, peer } = await open()
  const { body, sink } = bodyOf(length)
  send({ method: 'POST', body })
  const connection = await peer()
  await connection.head()
  // As long as it comes the upstream has nothing to answer.
  vi.advanceTimersByTime(900)
  expect(sink().write(Buffer.from('bo'))).toBe(true)
  vi.advanceTimersByTime(900)
  sink().write(Buffer.from('dy'))
  sink().end()
  expect(await connection.until(framed)).toContain('POST /x')
  connection.write(ok(''))
  expect(await heard('end')).toEqual(['connected', 'head 200', 'end'])
  expect(lane.isClosed).toBe(false)
})

test('an upstream that answers before the body is whole is asked nothing more', async () => {
  const { lane, send, heard, peer } = await open()
  const { body, sink } = bodyOf(4)
  send({ method: 'POST', body })
  const connection = await peer()
  await connection.head()
  connection.write(ok(''))
  await heard('end')
  expect(lane.isClosed).toBe(true)
  expect(sink().write(Buffer.from('body'))).toBe(true)
})

test.each([
  { name: 'longer', pieces: ['bod', 'y!'] },
  { name: 'shorter', pieces: ['bod'] },
])('a body that is $name than it said is broken off', async ({ pieces }) => {
  const { lane, send, heard, peer } = await open()
  const { body, sink } = bodyOf(4)
  send({ method: 'POST', body })
  const connection = await peer()
  await connection.head()
  for (const piece of pieces) sink().write(Buffer.from(piece))
  sink().end()
  expect(await heard('closed')).toEqual(['connected', 'REQUEST_LENGTH', 'closed'])
  expect(lane.isClosed).toBe(true)
  expect(connection.received()).not.toContain('!')
})

test('a client that is slow with its body is waited for; an upstream that is slow to answer is not', async () => {
  const { lane, send, heard, peer, told } = await open()
  const { body, sink } = bodyOf(4)
  send({ method: 'POST', body })
  await (await peer()).head()
  told.length = 0
  vi.advanceTimersByTime(60_000)
  expect([lane.isClosed, told]).toEqual([false, []])
  sink().write(Buffer.from('body'))
  sink().end()
  vi.advanceTimersByTime(1_000)
  expect(await heard('closed')).toEqual(['UPSTREAM_HEADERS_TIMEOUT', 'closed'])
})

/** More than sockets and kernel hold. */
const muchOf = (): Buffer => Buffer.alloc(32 * 1024 * 1024)

test('a body goes on once the upstream has read what came before', async () => {
  const { send, peer, heard } = await open()
  const { body, sink, resumed } = bodyOf(null)
  const isResumed = new Promise<void>((resolve) => void resumed.mockImplementation(resolve))
  send({ method: 'POST', body })
  const connection = await peer()
  await connection.head()
  expect(sink().write(muchOf())).toBe(false)
  await isResumed
  sink().end()
  connection.write(ok(''))
  expect(await heard('end')).toEqual(['connected', 'head 200', 'end'])
})

test('an upstream that reads nothing is waited for no longer than for its answer', async () => {
  const { send, heard, peer } = await open()
  const { body, sink, resumed } = bodyOf(null)
  send({ method: 'POST', body })
  const { socket, head } = await peer()
  await head()
  socket.pause()
  expect(sink().write(muchOf())).toBe(false)
  vi.advanceTimersByTime(1_000)
  expect(await heard('closed')).toEqual(['connected', 'UPSTREAM_HEADERS_TIMEOUT', 'closed'])
  expect(resumed).not.toHaveBeenCalled()
})

test('a connection that switches is handed on, with what came behind its head', async () => {
  const { lane, send, heard, peer, tunnels } = await open()
  send({ upgrade: 'websocket' })
  const connection = await peer()
  await connection.head()
  connection.write('HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nfirst')
  expect(await heard('tunnel')).toEqual(['connected', 'tunnel'])
  expect(lane.isClosed).toBe(true)
  const [tunnel] = tunnels as [Socket]
  const chunks: Buffer[] = []
  tunnel.on('data', (chunk: Buffer) => void chunks.push(chunk))
  const received = (): string => Buffer.concat(chunks).toString()
  tunnel.resume()
  while (received() !== 'first') await once(tunnel, 'data')
  connection.write('second')
  while (received() !== 'firstsecond') await once(tunnel, 'data')
  tunnel.write('back')
  await connection.until('back')
  // No time of its own ends it.
  vi.advanceTimersByTime(3_600_000)
  expect(tunnel.destroyed).toBe(false)
  tunnel.destroy()
  await connection.closed()
})

/** A connection that its test opens by hand. */
function opening() {
  const openers: OnSocket[] = []
  const told: string[] = []
  const lane = new Http1Connection({
    host: 'up.test',
    keepAliveMs: 0,
    onClosed: () => void told.push('closed'),
    own: ownUnread,
    open: (_, onSocket) => void openers.push(onSocket),
  })
  const tell = (word: string) => () => void told.push(word)
  lane.send(GET, {
    onConnect: tell('connected'),
    onInterim: tell('interim'),
    onHead: tell('head'),
    onBody: () => true,
    onEnd: tell('end'),
    onError: (error) => void told.push(error.message),
    onTunnel: tell('tunnel'),
  })
  return { lane, told, onSocket: openers[0] as OnSocket }
}

test('where no connection comes about the request fails, and nothing more is asked', () => {
  const { lane, told, onSocket } = opening()
  onSocket(new Error('refused'), null)
  expect([lane.isClosed, told]).toEqual([true, ['refused']])
})

test('one that is closed while it is opened is not used', async () => {
  const upstream = await startUpstream()
  closeAfter(upstream.close)
  const { lane, told, onSocket } = opening()
  const socket = connect({ host: '127.0.0.1', port: upstream.port })
  await once(socket, 'connect')
  lane.close()
  onSocket(null, socket)
  expect(socket.destroyed).toBe(true)
  expect(told).toEqual(['the upstream closed the connection before it had answered', 'closed'])
  expect(upstream.connections[0]?.received() ?? '').toBe('')
})
