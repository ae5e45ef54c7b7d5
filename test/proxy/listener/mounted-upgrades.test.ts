import { EventEmitter } from 'node:events'
import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
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
    },
    rawHeaders: more.rawHeaders ?? ['Host', 'a.test', 'Upgrade', upgrade],
  }) as unknown as IncomingMessage

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
  server.emit('upgrade', request, socket, NOTHING)
  expect([handed.length, parsed.length]).toEqual(isOurs ? [1, 0] : [0, 1])
  expect(upgrades.handshakeOf(request)?.socket).toBe(isOurs ? socket : undefined)
  expect(upgrades.handshakeOf(requestOf())).toBeNull()
})

test('where somebody else listens for upgrades, theirs are left to them', () => {
  const { server, handed, parsed } = mount()
  server.on('upgrade', () => undefined)
  server.emit('upgrade', requestOf({ url: '/other' }), new Socket(), NOTHING)
  expect([handed, parsed]).toEqual([[], []])
})

test('afterwards the server is as it was', () => {
  const { server, upgrades } = mount()
  upgrades.stop()
  expect(server.listenerCount('upgrade')).toBe(0)
})

test('a handshake behind a request that is not answered yet ends its connection', () => {
  const { server, handed } = mount()
  const socket = new Socket()
  connectionOf(socket).inTurn(() => {
    connectionOf(socket).occupant = { onClientGone: () => undefined } as never
  })
  server.emit('upgrade', requestOf(), socket, NOTHING)
  expect([socket.destroyed, handed]).toEqual([true, []])
})

test.each(['websocket', 'h2c'])(
  'an upgrade to %s behind a request of others that is not answered yet ends its connection',
  (upgrade) => {
    const { server, handed, parsed } = mount()
    const socket = new Socket()
    new ServerResponse(requestOf()).assignSocket(socket)
    server.emit('upgrade', requestOf({ upgrade }), socket, NOTHING)
    expect([socket.destroyed, handed, parsed]).toEqual([true, [], []])
  },
)

test('a handshake whose connection fails is closed', () => {
  const { server } = mount()
  const socket = new Socket()
  server.emit('upgrade', requestOf(), socket, NOTHING)
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
  server.emit('upgrade', requestOf({ ...given, upgrade: 'h2c' }), new Socket(), Buffer.from('body'))
  expect(parsed).toEqual([text])
})

/** A handshake on a socket that a test brings bytes to. */
function shakeHands(head = NOTHING) {
  const { server, upgrades } = mount()
  const socket = new Socket()
  const request = requestOf()
  server.emit('upgrade', request, socket, head)
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
