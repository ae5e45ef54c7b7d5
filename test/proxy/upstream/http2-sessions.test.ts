import { once } from 'node:events'
import http2, {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ServerHttp2Stream,
} from 'node:http2'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { BodySink } from '../../../src/http/message/body-source.ts'
import type { Call, OutgoingRequest } from '../../../src/proxy/upstream/call.ts'
import { Http2Sessions } from '../../../src/proxy/upstream/http2/http2-sessions.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { createTold, GET } from './told.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

interface Given {
  /** Streams that the upstream takes on one connection. */
  readonly streams?: number
  readonly maxAgeMs?: number
  /** What onBody answers. */
  readonly takesMore?: boolean
  /** What is spoken, as the handshake said. */
  readonly protocol?: string | false
  /** What Node's session reads: the socket itself, or what hands its bytes on. */
  readonly read?: (socket: Socket) => Duplex
}

/** Connections to an upstream that leaves each stream to its test. */
async function start(given: Given = {}) {
  const { streams: most, maxAgeMs = 60_000, takesMore = true, protocol = 'h2' } = given
  const { read = (socket) => socket } = given
  const settings = most === undefined ? {} : { maxConcurrentStreams: most }
  const server = http2.createServer({ settings })
  const streams: ServerHttp2Stream[] = []
  const sockets: Socket[] = []
  server.on('connection', (socket: Socket) => sockets.push(socket))
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined)
    Object.assign(stream, { asked: headers })
    streams.push(stream)
    server.emit('taken')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeAfter(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const clients: ClientHttp2Session[] = []
  const original = http2.connect
  vi.spyOn(http2, 'connect').mockImplementation(((...given: Parameters<typeof original>) => {
    const session = original(...given)
    clients.push(session)
    return session
  }) as typeof original)
  let opened = 0
  let isRefused = false
  const sessions = new Http2Sessions({
    origin: 'http://up.test',
    host: 'up.test',
    maxAgeMs,
    open: (_, onSocket) => {
      opened += 1
      if (isRefused) {
        onSocket(new Error('refused'), null)
        return
      }
      const socket = connect({ host: '127.0.0.1', port }, () =>
        onSocket(null, Object.assign(read(socket) as Socket, { alpnProtocol: protocol })),
      )
    },
  })
  /** Sends a request; all that is told of it, in order. */
  const send = (more: Partial<OutgoingRequest> = {}, onConnect: 'go on' | 'cancel' = 'go on') => {
    const { told, tell, tellError, heard } = createTold()
    let call: Call | null = null
    const handler = {
      onConnect: (one: Call) => {
        call = one
        if (onConnect === 'cancel') one.cancel()
      },
      onInterim: ({ status }: { status: number }) => tell(`interim ${status}`),
      onHead: ({ status, fields }: { status: number; fields: readonly string[] }) =>
        tell(`head ${status} ${fields.filter((_, i) => fields[i - (i % 2)] !== 'date')}`.trimEnd()),
      onBody: (bytes: Buffer) => {
        tell(`body ${bytes}`)
        return takesMore
      },
      onEnd: () => tell('end'),
      onError: tellError,
      onTunnel: () => tell('tunnel'),
    }
    sessions.send({ ...GET, ...more }, handler, () => tell('by HTTP/1.1'))
    return { told, heard, call: () => call as unknown as Call }
  }
  const stream = async (index = 0): Promise<ServerHttp2Stream> => {
    while (streams.length <= index) await once(server, 'taken')
    return streams[index] as ServerHttp2Stream
  }
  const refuse = (): void => {
    isRefused = true
  }
  return { sessions, send, stream, clients, sockets, refuse, opened: () => opened }
}

const answer = (stream: ServerHttp2Stream, status = 200): void => {
  stream.respond({ ':status': status, a: 'b' })
  stream.end('body')
}

const ANSWERED = ['head 200 a,b', 'body body', 'end']

test('requests that come while a connection is opened share it', async () => {
  const { send, stream, opened } = await start()
  const calls = [send(), send(), send()]
  for (const [index, { heard }] of calls.entries()) {
    answer(await stream(index))
    expect(await heard('end')).toEqual(ANSWERED)
  }
  expect(opened()).toBe(1)
})

test('a stream that is closed has nobody hear of it but Node', async () => {
  const { send, stream, clients } = await start()
  const first = send()
  answer(await stream(0))
  await first.heard('end')
  const request = vi.spyOn(clients[0] as ClientHttp2Session, 'request')
  const second = send()
  const client = request.mock.results[0]?.value as ClientHttp2Stream
  const untouched = ['newListener', 'pause', 'removeListener', 'error']
  answer(await stream(1))
  await once(client, 'close')
  await second.heard('end')
  expect(client.eventNames().filter((event) => !untouched.includes(String(event)))).toEqual([])
  expect(client.listenerCount('error')).toBe(1)
})

test('one that the upstream has no stream for takes another connection; the next the first again', async () => {
  const { send, stream, clients, opened } = await start({ streams: 1 })
  const first = send()
  const one = await stream(0)
  const client = clients[0] as ClientHttp2Session
  while (client.remoteSettings.maxConcurrentStreams !== 1) await once(client, 'remoteSettings')
  const second = send()
  const two = await stream(1)
  expect(opened()).toBe(2)
  answer(two)
  await second.heard('end')
  answer(one)
  await first.heard('end')
  const third = send()
  answer(await stream(2))
  await third.heard('end')
  expect(opened()).toBe(2)
})

test.each<{ name: string; end: (socket: Socket) => unknown }>([
  { name: 'ends', end: (socket) => socket.end() },
  { name: 'is reset', end: (socket) => socket.resetAndDestroy() },
])(
  'a whole response that is not read yet is handed on when its connection $name',
  async ({ end }) => {
    const { send, stream, clients, sockets } = await start({ takesMore: false })
    const { heard } = send()
    const taken = await stream()
    taken.respond({ ':status': 200, a: 'b' })
    taken.write('one')
    await heard('body one')
    taken.write('two')
    taken.end('three')
    await once(taken, 'close')
    await new Promise((resolve) => clients[0]?.ping(resolve))
    end(sockets[0] as Socket)
    // In one piece or in two, as Node likes.
    expect((await heard('end')).join().replaceAll(',body ', '')).toBe('body twothree,end')
  },
)

/** Hands on what a socket brings within calls of JavaScript: no tick passes between two frames. */
function withinCalls(socket: Socket): Duplex {
  const stream = new Duplex({
    read() {},
    write: (chunk: Buffer, _, onWritten) => void socket.write(chunk, () => onWritten()),
  })
  socket.on('data', (chunk: Buffer) => stream.push(chunk))
  socket.on('end', () => stream.push(null))
  return stream
}

test('a body that comes in one call with its head is told of behind it', async () => {
  const { send, stream } = await start({ read: withinCalls })
  const { heard } = send()
  answer(await stream())
  expect(await heard('end')).toEqual(ANSWERED)
})

test('a request that failed leaves its stream to the next', async () => {
  const { send, stream, clients, opened } = await start({ streams: 1 })
  const first = send()
  const one = await stream(0)
  const client = clients[0] as ClientHttp2Session
  while (client.remoteSettings.maxConcurrentStreams !== 1) await once(client, 'remoteSettings')
  one.close(http2.constants.NGHTTP2_REFUSED_STREAM)
  await first.heard('UPSTREAM_REFUSED')
  const second = send()
  answer(await stream(1))
  expect(await second.heard('end')).toEqual(ANSWERED)
  expect(opened()).toBe(1)
})

test('where no connection comes about all that wait are told, and the next tries again', async () => {
  const { send, refuse, opened } = await start()
  refuse()
  const calls = [send(), send()]
  expect(calls.map(({ told }) => told)).toEqual([['refused'], ['refused']])
  expect(opened()).toBe(2)
})

test('an upstream that takes no request on a connection is connected to once, and it fails', async () => {
  const { send, opened } = await start({ streams: 0 })
  expect(await send().heard('ERR_HTTP2_ENDED')).toEqual(['ERR_HTTP2_ENDED'])
  expect(opened()).toBe(1)
})

test('an upstream without HTTP/2 is asked by HTTP/1.1, whoever waits', async () => {
  const { sessions, send, sockets } = await start({ protocol: 'http/1.1' })
  const calls = [send(), send()]
  for (const { heard } of calls) expect(await heard('by HTTP/1.1')).toEqual(['by HTTP/1.1'])
  expect(sessions.isHttp1).toBe(true)
  const [socket] = sockets as [Socket]
  if (!socket.closed) await once(socket, 'close')
})

test('a connection that is old takes no more requests, and ends with its last', async () => {
  const { send, stream, clients, opened } = await start({ maxAgeMs: 5_000 })
  send({ headersMs: 0 })
  const one = await stream(0)
  vi.advanceTimersByTime(5_000)
  const second = send({ headersMs: 0 })
  answer(await stream(1))
  await second.heard('end')
  expect(opened()).toBe(1)
  vi.advanceTimersByTime(1)
  const third = send()
  answer(await stream(2))
  expect(await third.heard('end')).toEqual(ANSWERED)
  expect(opened()).toBe(2)
  answer(one)
  const [client] = clients as [ClientHttp2Session]
  if (!client.destroyed) await once(client, 'close')
})

test('a quiet connection without a request is closed', async () => {
  const { send, stream, clients } = await start()
  const { heard } = send()
  answer(await stream())
  await heard('end')
  const [client] = clients as [ClientHttp2Session]
  client.emit('timeout')
  if (!client.destroyed) await once(client, 'close')
  expect(client.closed).toBe(true)
})

test('one that is closed is looked at no more', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearInterval', 'clearTimeout'] })
  const { send, stream, clients, sockets } = await start()
  const { heard } = send({ headersMs: 0 })
  await stream()
  const [client] = clients as [ClientHttp2Session]
  expect(vi.getTimerCount()).toBe(1)
  sockets[0]?.destroy()
  const closed = new Promise((resolve) => client.once('close', resolve))
  await heard('ERR_HTTP2_ENDED')
  await closed
  expect(vi.getTimerCount()).toBe(0)
})

test('a quiet one with a request goes on where it answers that it lives', async () => {
  const { send, stream, clients } = await start()
  const { heard } = send({ headersMs: 0 })
  const taken = await stream()
  const [client] = clients as [ClientHttp2Session]
  const ping = vi.spyOn(client, 'ping')
  client.emit('timeout')
  const isAnswered = ping.mock.results.length
  expect(isAnswered).toBe(1)
  // What is asked behind it is answered behind it.
  await new Promise((resolve) => client.ping(() => resolve(null)))
  vi.advanceTimersByTime(60_000)
  answer(taken)
  expect(await heard('end')).toEqual(ANSWERED)
})

test('and is given up where it does not', async () => {
  const { send, stream, clients, sockets } = await start()
  const { heard, told } = send({ headersMs: 0 })
  await stream()
  const [client] = clients as [ClientHttp2Session]
  sockets[0]?.pause()
  client.emit('timeout')
  vi.advanceTimersByTime(9_999)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(await heard('ERR_HTTP2_PING')).toEqual(['ERR_HTTP2_PING'])
})

test('a connection that just ends ends its requests', async () => {
  const { send, stream, sockets } = await start()
  const { heard } = send()
  await stream()
  sockets[0]?.end()
  expect(await heard('ERR_HTTP2_ENDED')).toEqual(['ERR_HTTP2_ENDED'])
})

test('closed it lets what is under way finish', async () => {
  const { sessions, send, stream, clients } = await start()
  const { heard } = send()
  const taken = await stream()
  sessions.close()
  answer(taken)
  expect(await heard('end')).toEqual(ANSWERED)
  const [client] = clients as [ClientHttp2Session]
  if (!client.destroyed) await once(client, 'close')
})

test('fields leave as they came, Host as the authority, and credentials for no table', async () => {
  const { send, stream, clients } = await start()
  send()
  expect(((await stream(0)) as unknown as { asked: object }).asked).toMatchObject({
    ':authority': 'up.test',
  })
  const request = vi.spyOn(clients[0] as ClientHttp2Session, 'request')
  send({
    method: 'POST',
    target: '/x?a=1',
    fields: ['Host', 'other.test', 'X-Api-Key', 'FAKE', 'A', '1', 'a', '2', 'a', '3'],
    body: Buffer.from('hello'),
  })
  const taken = await stream(1)
  expect((taken as unknown as { asked: object }).asked).toMatchObject({
    ':method': 'POST',
    ':path': '/x?a=1',
    ':authority': 'other.test',
    'x-api-key': 'FAKE',
    a: '1, 2, 3',
  })
  const [headers, options] = request.mock.calls[0] as [Record<symbol, string[]>, object]
  expect(headers[http2.sensitiveHeaders]).toEqual(
    expect.arrayContaining(['authorization', 'x-api-key']),
  )
  expect(options).toEqual({ endStream: false })
  let body = ''
  taken.on('data', (chunk: Buffer) => {
    body += chunk
  })
  await once(taken, 'end')
  expect(body).toBe('hello')
})

test.each([
  { name: 'to HEAD', method: 'HEAD', status: 200 },
  { name: 'that says that nothing has changed', method: 'GET', status: 304 },
])('an answer $name may announce a body that does not come', async ({ method, status }) => {
  const { send, stream } = await start()
  const { heard } = send({ method })
  const taken = await stream()
  taken.respond({ ':status': status, 'content-length': '5' }, { endStream: true })
  expect(await heard('end')).toEqual([`head ${status} content-length,5`, 'end'])
})

test('what belongs to a connection is no part of an answer', async () => {
  const { send, stream } = await start()
  const { heard } = send()
  const taken = await stream()
  taken.respond({ ':status': 407, 'proxy-authenticate': 'Basic', trailer: 'b', a: 'b' })
  taken.end()
  expect(await heard('end')).toEqual(['head 407 a,b', 'end'])
})

test('an answer that comes in parts is told of part by part', async () => {
  const { send, stream } = await start()
  const { heard } = send()
  const taken = await stream()
  taken.additionalHeaders({ ':status': 103, link: '</a>' })
  expect(await heard('interim 103')).toEqual(['interim 103'])
  taken.respond({ ':status': 201, connection: undefined, a: 'b' })
  expect(await heard('head 201 a,b')).toEqual(['head 201 a,b'])
  taken.write('x')
  expect(await heard('body x')).toEqual(['body x'])
  taken.end()
  expect(await heard('end')).toEqual(['end'])
})

test.each([
  { name: 'with no head', isBegun: false, ms: 1_000, code: 'UPSTREAM_HEADERS_TIMEOUT' },
  { name: 'amid its body', isBegun: true, ms: 3_000, code: 'UPSTREAM_IDLE_TIMEOUT' },
])('an upstream that falls silent $name is waited for as long as the file says', async (row) => {
  const { send, stream } = await start()
  const { heard, told } = send()
  const taken = await stream()
  if (row.isBegun) {
    taken.respond({ ':status': 200 })
    taken.write('x')
    await heard('body x')
  }
  vi.advanceTimersByTime(row.ms - 2)
  expect(told).toEqual([])
  vi.advanceTimersByTime(2)
  expect(told).toEqual([row.code])
  if (!taken.closed) await once(taken, 'close')
  expect(taken.rstCode).toBe(http2.constants.NGHTTP2_CANCEL)
})

test('a reader that stops is waited for, and goes on where it stopped', async () => {
  const { send, stream } = await start({ takesMore: false })
  const { heard, told, call } = send()
  const taken = await stream()
  taken.respond({ ':status': 200 })
  taken.write('x')
  await heard('body x')
  vi.advanceTimersByTime(60_000)
  taken.end('y')
  expect(told).toEqual([])
  call().resume()
  expect(await heard('body y')).toEqual(['body y'])
  call().resume()
  expect(await heard('end')).toEqual(['end'])
})

test('one that is cancelled is broken off, and told of no more', async () => {
  const { send, stream } = await start()
  const { heard, told, call } = send()
  const taken = await stream()
  call().cancel()
  expect(told).toEqual(['REQUEST_CANCELLED'])
  if (!taken.closed) await once(taken, 'close')
  expect(taken.rstCode).toBe(http2.constants.NGHTTP2_CANCEL)
  await heard('REQUEST_CANCELLED')
  expect(told).toEqual([])
})

test('a body leaves as it comes, and is waited for', async () => {
  const { send, stream } = await start()
  const sinks: BodySink[] = []
  const body = {
    length: null,
    isKept: false,
    pipeTo: (sink: BodySink) => void sinks.push(sink),
    resume: () => undefined,
  }
  const { heard, told } = send({ method: 'POST', body })
  const taken = await stream()
  let received = ''
  taken.on('data', (chunk: Buffer) => {
    received += chunk
    taken.emit('got')
  })
  const [sink] = sinks as [BodySink]
  vi.advanceTimersByTime(60_000)
  expect(told).toEqual([])
  expect(sink.write(Buffer.from('one'))).toBe(true)
  while (received !== 'one') await once(taken, 'got')
  vi.advanceTimersByTime(900)
  sink.write(Buffer.from('two'))
  sink.end()
  await once(taken, 'end')
  // The time for the answer counts from its last byte.
  vi.advanceTimersByTime(900)
  expect([received, told]).toEqual(['onetwo', []])
  answer(taken)
  expect(await heard('end')).toEqual(ANSWERED)
})

test('an answer before the body is whole ends it', async () => {
  const { send, stream } = await start()
  const sinks: BodySink[] = []
  const pipeTo = (sink: BodySink): void => void sinks.push(sink)
  const body = { length: null, isKept: false, pipeTo, resume: () => undefined }
  const { heard } = send({ method: 'POST', body })
  const taken = await stream()
  answer(taken)
  expect(await heard('end')).toEqual(ANSWERED)
  expect(sinks[0]?.write(Buffer.from('more'))).toBe(true)
  sinks[0]?.end()
  if (!taken.closed) await once(taken, 'close')
})

test('a body waits while the upstream takes nothing, and goes on when it does', async () => {
  const { send, stream } = await start()
  const sinks: BodySink[] = []
  let onResume = (): void => undefined
  const resumed = new Promise<void>((resolve) => {
    onResume = resolve
  })
  const pipeTo = (sink: BodySink): void => void sinks.push(sink)
  const body = { length: null, isKept: false, pipeTo, resume: onResume }
  const { told } = send({ method: 'POST', body })
  const taken = await stream()
  expect(sinks[0]?.write(Buffer.alloc(8 * 1024 * 1024))).toBe(false)
  taken.resume()
  await resumed
  vi.advanceTimersByTime(60_000)
  expect(told).toEqual([])
})

test('an upstream that takes nothing of a body is waited for as long as the file says', async () => {
  const { send, stream } = await start()
  const sinks: BodySink[] = []
  const pipeTo = (sink: BodySink): void => void sinks.push(sink)
  const body = { length: null, isKept: false, pipeTo, resume: () => undefined }
  const { told } = send({ method: 'POST', body })
  await stream()
  expect(sinks[0]?.write(Buffer.alloc(8 * 1024 * 1024))).toBe(false)
  vi.advanceTimersByTime(998)
  expect(told).toEqual([])
  vi.advanceTimersByTime(2)
  expect(told).toEqual(['UPSTREAM_HEADERS_TIMEOUT'])
})

test('a connection that has said how many requests it takes has no clock for that any more', async () => {
  const { send, stream } = await start()
  const { heard, told } = send({ headersMs: 0 })
  const taken = await stream()
  vi.advanceTimersByTime(60_000)
  expect(told).toEqual([])
  answer(taken)
  expect(await heard('end')).toEqual(ANSWERED)
})

test.each([
  { name: 'amid its body', isBegun: true, code: http2.constants.NGHTTP2_CANCEL },
  { name: 'before its head', isBegun: false, code: http2.constants.NGHTTP2_CANCEL },
  { name: 'before its head, as if all were said', isBegun: false, code: 0 },
])('an answer that is broken off $name is no whole one', async ({ isBegun, code }) => {
  const { send, stream, sockets } = await start()
  const { heard } = send()
  const taken = await stream()
  if (isBegun) {
    taken.respond({ ':status': 200 })
    taken.write('x')
    await heard('body x')
  }
  // Node itself ends a stream before it resets it.
  const reset = [0, 0, 4, 3, 0, 0, 0, 0, taken.id as number, 0, 0, 0, code]
  sockets[0]?.write(Buffer.from(reset))
  expect(await heard('ERR_HTTP2_STREAM_BROKEN')).toEqual(['ERR_HTTP2_STREAM_BROKEN'])
})

test('nobody hears of what comes after a request was cancelled', async () => {
  const { send, stream, clients } = await start()
  send()
  await stream(0)
  const request = vi.spyOn(clients[0] as ClientHttp2Session, 'request')
  const { told, call } = send()
  await stream(1)
  const value = request.mock.results[0]?.value as ClientHttp2Stream
  call().cancel()
  value.emit('headers', {}, 0, [':status', '103'])
  value.emit('response', {}, 0, [':status', '200'])
  value.emit('data', Buffer.from('x'))
  value.emit('end')
  expect(told).toEqual(['REQUEST_CANCELLED'])
})

test('a request that nobody wants by the time of its connection is not sent', async () => {
  const { send, stream, clients } = await start()
  send()
  await stream(0)
  const request = vi.spyOn(clients[0] as ClientHttp2Session, 'request')
  expect(send({}, 'cancel').told).toEqual(['REQUEST_CANCELLED'])
  expect(request).not.toHaveBeenCalled()
})

test('one that HTTP/2 can not carry fails, and leaves the connection to others', async () => {
  const { send, stream, clients } = await start()
  const { heard } = send()
  const taken = await stream()
  const refused = send({ fields: ['connection', 'x'] })
  expect(refused.told).toEqual(['ERR_HTTP2_INVALID_CONNECTION_HEADERS'])
  answer(taken)
  expect(await heard('end')).toEqual(ANSWERED)
  expect(clients).toHaveLength(1)
})

test('an upstream is told to push nothing, and how much it may send ahead', async () => {
  const { send, stream, clients } = await start()
  send()
  await stream()
  const [client] = clients as [ClientHttp2Session]
  while (client.pendingSettingsAck) await once(client, 'localSettings')
  expect(client.localSettings).toMatchObject({ enablePush: false, initialWindowSize: 262_144 })
  expect(client.listenerCount('error')).toBe(1)
})

test('one that is still opened when all are closed serves who waits for it, and closes', async () => {
  const { sessions, send, stream, clients } = await start()
  const { heard } = send()
  sessions.close()
  const one = await stream(0)
  const client = clients[0] as ClientHttp2Session
  answer(one)
  expect(await heard('end')).toEqual(ANSWERED)
  if (!client.destroyed) await once(client, 'close')
})
