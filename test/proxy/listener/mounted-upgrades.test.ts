import { EventEmitter } from 'node:events'
import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { connectionOf } from '../../../src/proxy/client/node-connection.ts'
import { acceptMountedUpgrades } from '../../../src/proxy/listener/mounted-upgrades.ts'

/** A server of others, with what is handed to it and what is Keyway's. */
function mount(path = '/llm') {
  const server = new EventEmitter()
  const handed: IncomingMessage[] = []
  const parsed: string[] = []
  const upgrades = acceptMountedUpgrades({
    server: server as unknown as Server,
    mount: path,
    route: (request) => void handed.push(request),
  })
  server.on('connection', (socket: Socket) => parsed.push(String(socket.read())))
  return { server, handed, parsed, upgrades }
}

interface Given {
  readonly method?: string
  readonly url?: string
  readonly upgrade?: string
  readonly connection?: string | null
  readonly rawHeaders?: readonly string[]
  readonly more?: Readonly<Record<string, string>>
}

const requestOf = ({
  method = 'GET',
  url = '/llm/x',
  upgrade = 'websocket',
  ...more
}: Given = {}) =>
  ({
    method,
    url,
    httpVersion: '1.1',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    headers: {
      upgrade,
      ...(more.connection === null ? {} : { connection: more.connection ?? 'Upgrade' }),
      ...more.more,
    },
    rawHeaders: more.rawHeaders ?? ['Host', 'a.test', 'Upgrade', upgrade],
  }) as unknown as IncomingMessage

/** As Node emits it, where all of the request has come. */
function emitUpgrade(
  server: EventEmitter,
  request: IncomingMessage,
  socket: Socket,
  head = NOTHING,
) {
  Object.assign(request, { socket })
  server.emit('upgrade', request, socket, head)
}

const NOTHING = Buffer.alloc(0)

test.each<{ name: string; given: Given; isOurs: boolean }>([
  { name: 'below the path', given: { url: '/llm/x' }, isOurs: true },
  { name: 'at the path', given: { url: '/llm' }, isOurs: true },
  { name: 'at the path, with a query', given: { url: '/llm?a' }, isOurs: true },
  { name: 'at a path that begins so', given: { url: '/llmx' }, isOurs: false },
  { name: 'elsewhere', given: { url: '/other' }, isOurs: false },
  { name: 'to something else', given: { upgrade: 'h2c' }, isOurs: false },
  { name: 'by another method', given: { method: 'POST' }, isOurs: false },
])('an upgrade $name is taken: $isOurs', ({ given, isOurs }) => {
  const { server, handed, parsed, upgrades } = mount()
  const request = requestOf(given)
  const socket = new Socket()
  emitUpgrade(server, request, socket, NOTHING)
  expect([handed.length, parsed.length]).toEqual(isOurs ? [1, 0] : [0, 1])
  expect(upgrades.handshakeOf(request)?.socket).toBe(isOurs ? socket : undefined)
  expect(upgrades.handshakeOf(requestOf())).toBeNull()
})

test('where somebody else listens for upgrades, theirs are left to them', () => {
  const { server, handed, parsed } = mount()
  server.on('upgrade', () => undefined)
  emitUpgrade(server, requestOf({ url: '/other' }), new Socket(), NOTHING)
  expect([handed, parsed]).toEqual([[], []])
})

test('afterwards the server is as it was', () => {
  const { server, upgrades } = mount()
  upgrades.stop()
  expect(server.listenerCount('upgrade')).toBe(0)
})

test('of several mounts each takes its own, and what is no one’s is parsed again once', () => {
  const { server, handed, parsed } = mount('/a')
  const others: IncomingMessage[] = []
  acceptMountedUpgrades({
    server: server as unknown as Server,
    mount: '/b',
    route: (request) => void others.push(request),
  })
  for (const url of ['/a', '/b', '/c']) emitUpgrade(server, requestOf({ url }), new Socket())
  expect([handed.length, others.length, parsed.length]).toEqual([1, 1, 1])
})

/** A server of a Node that asks which upgrades are to be listeners', by default those of one that has any. */
function askingServer(
  choose: (this: EventEmitter, request: IncomingMessage) => boolean = function () {
    return this.listenerCount('upgrade') > 0
  },
) {
  const server = Object.assign(new EventEmitter(), { shouldUpgradeCallback: choose })
  const accept = (mount: string) =>
    acceptMountedUpgrades({ server: server as unknown as Server, mount, route: () => undefined })
  return { server, accept, ask: (given: Given) => server.shouldUpgradeCallback(requestOf(given)) }
}

const WITH_BODY = { 'content-length': '1' }

test.each<{ name: string; given: Given; plain: boolean; heard: boolean }>([
  { name: 'a WebSocket below one mount', given: { url: '/a' }, plain: true, heard: true },
  { name: 'a WebSocket below another', given: { url: '/b' }, plain: true, heard: true },
  { name: 'one with a body', given: { url: '/b', more: WITH_BODY }, plain: false, heard: false },
  { name: 'a WebSocket elsewhere', given: { url: '/c' }, plain: false, heard: true },
  { name: 'another upgrade', given: { url: '/a', upgrade: 'h2c' }, plain: false, heard: true },
])('$name is an upgrade: $plain, and where others listen: $heard', ({ given, plain, heard }) => {
  const { server, accept, ask } = askingServer()
  for (const path of ['/a', '/b']) accept(path)
  expect(ask(given)).toBe(plain)
  server.on('upgrade', () => undefined)
  expect(ask(given)).toBe(heard)
})

test('an application’s own say about upgrades holds for all but ours, and alone afterwards', () => {
  const choose = (request: IncomingMessage): boolean => request.url === '/ws'
  const { server, accept, ask } = askingServer(choose)
  const { stop } = accept('/a')
  expect(['/a', '/ws', '/c'].map((url) => ask({ url }))).toEqual([true, true, false])
  stop()
  expect(server.shouldUpgradeCallback).toBe(choose)
})

test('mounts that leave in the order they came leave nothing behind', () => {
  const { server, accept, ask } = askingServer()
  const mounts = [accept('/a'), accept('/b')]
  for (const { stop } of mounts) stop()
  expect(['/a', '/b', '/c'].map((url) => ask({ url }))).toEqual([false, false, false])
  server.on('upgrade', () => undefined)
  expect(ask({ url: '/c' })).toBe(true)
})

test.each([{ url: '/llm' }, { url: '/other' }])(
  'one whose body is still read is a request, the last of its connection: $url',
  (given) => {
    const { server, handed, parsed } = mount()
    const requests: [IncomingMessage, ServerResponse][] = []
    server.on('request', (...both) => void requests.push(both as never))
    const request = Object.assign(requestOf(given), { socket: new Socket() })
    const stream = new PassThrough()
    server.emit('upgrade', request, stream, NOTHING)
    expect([requests.length, handed, parsed]).toEqual([1, [], []])
    const [[, response]] = requests as [[IncomingMessage, ServerResponse]]
    expect([response.socket, response.shouldKeepAlive]).toEqual([request.socket, false])
    // As the socket does.
    stream.destroy(new Error('a failure'))
    response.emit('finish')
    expect(request.socket.writableEnded).toBe(true)
  },
)

test('a handshake behind a request that is not answered yet ends its connection', () => {
  const { server, handed } = mount()
  const socket = new Socket()
  connectionOf(socket).inTurn(() => {
    connectionOf(socket).occupant = { onClientGone: () => undefined } as never
  })
  emitUpgrade(server, requestOf(), socket, NOTHING)
  expect([socket.destroyed, handed]).toEqual([true, []])
})

test.each(['websocket', 'h2c'])(
  'an upgrade to %s behind a request of others that is not answered yet ends its connection',
  (upgrade) => {
    const { server, handed, parsed } = mount()
    const socket = new Socket()
    new ServerResponse(requestOf()).assignSocket(socket)
    emitUpgrade(server, requestOf({ upgrade }), socket, NOTHING)
    expect([socket.destroyed, handed, parsed]).toEqual([true, [], []])
  },
)

test('a handshake whose connection fails is closed', () => {
  const { server } = mount()
  const socket = new Socket()
  emitUpgrade(server, requestOf(), socket, NOTHING)
  socket.emit('error', new Error('a failure'))
  expect(socket.destroyed).toBe(true)
})

test.each<{ name: string; given: Given; text: string }>([
  {
    name: 'all else stays as it was written',
    given: { url: '/a?b', rawHeaders: ['Host', 'a', 'Upgrade', 'h2c', 'X', 'y', 'x', 'Z'] },
    text: 'GET /a?b HTTP/1.1\r\nHost: a\r\nX: y\r\nx: Z\r\n\r\nbody',
  },
  {
    name: 'what its connection is besides stays too',
    given: {
      connection: 'Upgrade, HTTP2-Settings, close,, x-own',
      rawHeaders: ['Connection', 'Upgrade, HTTP2-Settings, close, x-own', 'HTTP2-Settings', 'AAA'],
    },
    text: 'GET /llm/x HTTP/1.1\r\nConnection: close, x-own\r\n\r\nbody',
  },
  {
    name: 'a connection that was not named is not',
    given: { connection: null, rawHeaders: [] },
    text: 'GET /llm/x HTTP/1.1\r\n\r\nbody',
  },
])('another upgrade is parsed again without it: $name', ({ given, text }) => {
  const { server, parsed } = mount()
  emitUpgrade(server, requestOf({ ...given, upgrade: 'h2c' }), new Socket(), Buffer.from('body'))
  expect(parsed).toEqual([text])
})

test('one whose body has been read with its head is a request, until its client leaves', () => {
  const { server, parsed } = mount()
  const requests: IncomingMessage[] = []
  server.on('request', (request) => void requests.push(request))
  const request = Object.assign(requestOf({ upgrade: 'h2c' }), { readableLength: 1 })
  const socket = new Socket()
  emitUpgrade(server, request, socket)
  expect([requests, parsed, socket.isPaused()]).toEqual([[request], [], false])
  socket.emit('end')
  expect(socket.destroyed).toBe(true)
})

/** A handshake on a socket that a test brings bytes to. */
function shakeHands(head = NOTHING) {
  const { server, upgrades } = mount()
  const socket = new Socket()
  const request = requestOf()
  emitUpgrade(server, request, socket, head)
  const handshake = upgrades.handshakeOf(request)
  return { socket, takeEarly: () => handshake?.takeEarly() }
}

test('what a client sends ahead of its answer goes on, and what comes then is left to the tunnel', () => {
  const { socket, takeEarly } = shakeHands(Buffer.from('one '))
  socket.emit('data', Buffer.from('two'))
  expect(String(takeEarly())).toBe('one two')
  expect(socket.isPaused()).toBe(true)
  socket.emit('data', Buffer.alloc(100_000))
  socket.emit('end')
  expect(socket.destroyed).toBe(false)
})

test.each([
  { head: 0, more: 16 * 1024, isCut: false },
  { head: 0, more: 16 * 1024 + 1, isCut: true },
  { head: 1, more: 16 * 1024, isCut: true },
])('$head and $more bytes ahead of an answer cut a client off: $isCut', ({ head, more, isCut }) => {
  const { socket } = shakeHands(Buffer.alloc(head))
  socket.emit('data', Buffer.alloc(more))
  expect(socket.destroyed).toBe(isCut)
})

test('a client that ends its side before it is answered is closed', () => {
  const { socket } = shakeHands()
  socket.emit('end')
  expect(socket.destroyed).toBe(true)
})
