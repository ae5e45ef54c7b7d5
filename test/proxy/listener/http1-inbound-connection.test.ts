import { expect, test, vi } from 'vitest'
import type { Occupant } from '../../../src/proxy/client/connections.ts'
import { accept } from './accepted-connection.ts'

const get = (target: string, fields = ''): string =>
  `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`

const tick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

const occupant = (): Occupant => ({
  onClientGone: vi.fn<() => void>(),
  onBadMessage: vi.fn<() => boolean>(() => true),
  onShutdown: vi.fn<() => void>(),
})

/** A connection on which one request is under way. */
function occupied(text: string) {
  const accepted = accept({})
  accepted.send(text)
  const connection = accepted.asked[0]?.[0].connection
  if (connection === undefined) throw new Error('no request came')
  const one = occupant()
  connection.occupant = one
  return { ...accepted, connection, one }
}

test.each([
  { name: 'HTTP/1.1', text: get('/'), isKept: true },
  { name: 'one that is to close', text: get('/', 'Connection: close\r\n'), isKept: false },
  { name: 'HTTP/1.0', text: 'GET / HTTP/1.0\r\n\r\n', isKept: false },
  {
    name: 'HTTP/1.0 that is to stay',
    text: 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
    isKept: true,
  },
])('a connection of $name outlives its answer: $isKept', async ({ text, isKept }) => {
  const { asked, done, send, answer } = accept({})
  send(text)
  answer()
  expect(done.some((what) => what === 'destroy soon')).toBe(!isKept)
  send(get('/2'))
  await tick()
  expect(asked).toHaveLength(isKept ? 2 : 1)
})

test('an answer that says that its connection ends does end it', async () => {
  const { asked, done, send, answer } = accept({})
  send(get('/1'))
  const [first] = asked
  if (first !== undefined) first[1].shouldKeepAlive = false
  send(get('/2'))
  answer()
  await tick()
  expect([asked.length, done.includes('end')]).toEqual([1, true])
})

test.each([
  { name: 'its connection', fields: [], isKept: false },
  { name: 'its length', fields: ['Content-Length', '4'], isKept: true },
])('after a body whose end is that of $name the connection is kept: $isKept', async (row) => {
  const { asked, done, send } = accept({})
  send('GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
  const response = asked[0]?.[1]
  response?.writeHead(200, null, [...row.fields])
  response?.write(Buffer.from('body'))
  response?.end()
  expect(done.includes('destroy soon')).toBe(!row.isKept)
  send(get('/2'))
  await tick()
  expect(asked).toHaveLength(row.isKept ? 2 : 1)
})

test('what is sent behind a request waits for its answer, and leaves in its turn', async () => {
  const { asked, send, answer } = accept({})
  send(get('/1') + get('/2'))
  send(get('/3'))
  expect(asked.map(([{ url }]) => url)).toEqual(['/1'])
  answer()
  await tick()
  expect(asked.map(([{ url }]) => url)).toEqual(['/1', '/2'])
  answer()
  await tick()
  expect(asked.map(([{ url }]) => url)).toEqual(['/1', '/2', '/3'])
})

test('nothing is served behind a request whose end could be taken to be elsewhere', async () => {
  const { asked, connection, send, answer } = occupied(get('/1') + get('/2'))
  connection.closeBehind()
  answer()
  send(get('/3'))
  await tick()
  expect(asked).toHaveLength(1)
})

test('who leaves a connection does not turn out who has it by then', () => {
  const { connection, one } = occupied(get('/1'))
  connection.leave(occupant())
  expect(connection.occupant).toBe(one)
  connection.leave(one)
  expect(connection.occupant).toBeNull()
})

test('a client that sends too much behind a request is not read on until that is answered', () => {
  const { asked, done, send } = accept({})
  send(get('/1'))
  send('x'.repeat(64 * 1024 + 1))
  const before = done.length
  asked[0]?.[0].resume()
  expect(done.slice(before)).toEqual([])
})

test('nor when the next request is, as long as there is as much behind it', async () => {
  const { asked, done, send, answer } = accept({})
  send(get('/1'))
  send(get('/2') + 'x'.repeat(64 * 1024 + 1))
  answer()
  await tick()
  expect([asked.length, done.at(-1)]).toEqual([2, 'pause'])
})

test('a tunnel to elsewhere is refused, and nothing behind it is served', () => {
  const { asked, refused, send } = accept({})
  send(`CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n${get('/')}`)
  expect([refused, asked]).toEqual([['connect_refused'], []])
})

const CHUNKS = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'

test.each([
  { name: 'no chunk', bytes: 'zz\r\n', code: 'bad_body' },
  {
    name: 'a chunk with long extensions',
    bytes: `1;${'x'.repeat(20_000)}\r\n`,
    code: 'chunk_extensions_too_large',
  },
])('whoever reads a body hears that it is $name', ({ bytes, code }) => {
  const { one, refused, send } = occupied(CHUNKS)
  send(bytes)
  expect(one.onBadMessage).toHaveBeenCalledExactlyOnceWith(code)
  expect(refused).toEqual([])
})

test('a body that is wrong after its answer ends the connection, without a second answer', () => {
  const { asked, one, done, refused, send, answer } = occupied(CHUNKS)
  send('1\r\na\r\n')
  asked[0]?.[0].on('data', () => undefined)
  answer()
  send('zz\r\n')
  expect([done.includes('end'), refused]).toEqual([true, []])
  expect(one.onBadMessage).not.toHaveBeenCalled()
})

test('bytes that are no request are answered', () => {
  const { refused, send } = accept({})
  send('GET / HTTP/1.1\r\n bad\r\n\r\n')
  expect(refused).toEqual(['bad_message'])
})

test.each([
  { sent: 'GET / HT', refused: ['bad_message'] },
  { sent: '', refused: [] },
  { sent: get('/'), refused: [] },
])('a client that ends its side amid $sent is answered $refused', ({ sent, refused: expected }) => {
  const { socket, refused, done, send } = accept({})
  if (sent !== '') send(sent)
  socket.emit('end')
  expect(refused).toEqual(expected)
  expect(done.some((what) => what === 'end' || what === 'destroy soon')).toBe(true)
})

test('whoever serves a request hears that its client ended its side, and that its connection is closed', () => {
  const { socket, connection, one } = occupied(get('/'))
  const closed: string[] = []
  connection.bond = { close: () => void closed.push('closed') } as never
  socket.emit('end')
  expect(one.onClientGone).toHaveBeenCalledTimes(1)
  socket.emit('close')
  expect(one.onClientGone).toHaveBeenCalledTimes(2)
  expect([closed, connection.occupant]).toEqual([['closed'], null])
})
