import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import {
  Http1InboundResponse,
  UNSENT_BYTES,
} from '../../../src/proxy/listener/http1/http1-inbound-response.ts'

interface Given {
  readonly method?: string
  readonly minor?: number
  /** Bytes that wait in the socket. */
  readonly waiting?: number
  readonly needsDrain?: boolean
}

/** A response on a socket that writes down what it is given. */
function open({ method = 'GET', minor = 1, waiting = 0, needsDrain = false }: Given = {}) {
  const written: string[] = []
  const told: string[] = []
  const tell = (word: string) => () => void told.push(word)
  const socket = {
    remoteFamily: 'IPv4',
    writableLength: waiting,
    writableNeedDrain: needsDrain,
    write(bytes: string | Buffer, then?: unknown) {
      written.push(bytes.toString('latin1' as never))
      if (typeof then === 'function') then(null)
    },
    cork: tell('cork'),
    uncork: tell('uncork'),
    destroySoon: tell('destroy soon'),
    resetAndDestroy: tell('reset'),
  }
  const owner = { onAnswered: tell('answered'), onBrokenOff: tell('broken off') }
  const options = { client: { method, minor }, keepsAlive: true, keepAliveMs: 0 }
  const response = new Http1InboundResponse(owner, socket as unknown as Socket, options)
  response.on('close', tell('closed'))
  response.on('drain', tell('drained'))
  /** Everything behind the head. */
  const body = (): string => written.join('').replace(/^HTTP.*?\r\n\r\n/s, '')
  return { response, written, told, body }
}

type Opened = ReturnType<typeof open>

const begin = ({ response }: Opened, length?: number): void =>
  response.writeHead(200, null, length === undefined ? [] : ['Content-Length', String(length)])

test('a whole answer leaves in one write, its head first', () => {
  const opened = open()
  begin(opened, 5)
  expect([opened.written, opened.response.headersSent]).toEqual([[], true])
  opened.response.end('hello')
  expect(opened.written).toHaveLength(1)
  expect(opened.written[0]).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: 5\r\n.*\r\n\r\nhello$/s)
  expect(opened.told).toEqual(['closed', 'answered'])
  expect([opened.response.isEnded, opened.response.statusCode]).toEqual([true, 200])
})

test.each([
  {
    name: 'text of several bytes a sign',
    length: 4,
    end: ['h\u00e9!', 'utf8'],
    body: 'h\u00c3\u00a9!',
  },
  { name: 'text of a byte a sign', length: 3, end: ['h\u00e9!', 'latin1'], body: 'h\u00e9!' },
  { name: 'bytes', length: 2, end: [Buffer.from([0, 255])], body: '\u0000\u00ff' },
  { name: 'nothing', length: 0, end: [], body: '' },
  { name: 'text in chunks', end: ['hello'], body: '5\r\nhello\r\n0\r\n\r\n' },
  {
    name: 'bytes in chunks',
    end: [Buffer.alloc(17, 'a')],
    body: `11\r\n${'a'.repeat(17)}\r\n0\r\n\r\n`,
  },
  { name: 'nothing in chunks', end: [], body: '0\r\n\r\n' },
  { name: 'an empty text in chunks', end: [''], body: '0\r\n\r\n' },
] as const)('ended with $name', ({ end, body, ...more }) => {
  const opened = open()
  begin(opened, 'length' in more ? more.length : undefined)
  opened.response.end(...(end as unknown as [Buffer]))
  expect(opened.body()).toBe(body)
  expect(opened.told).toEqual(['closed', 'answered'])
})

test('pieces leave as they come, and whoever waits for one hears of it', () => {
  const opened = open()
  const written: unknown[] = []
  begin(opened)
  opened.response.write(Buffer.from('one'), (error) => void written.push(error))
  opened.response.write(Buffer.alloc(4_097, 'x'), (error) => void written.push(error))
  opened.response.write(Buffer.alloc(0))
  opened.response.end()
  expect(opened.body()).toBe(`3\r\none\r\n1001\r\n${'x'.repeat(4_097)}\r\n0\r\n\r\n`)
  expect(written).toEqual([null, null])
  expect(opened.told).toEqual(['cork', 'uncork', 'closed', 'answered'])
})

test('a head leaves with an empty piece, before there is a body', () => {
  const opened = open()
  begin(opened)
  opened.response.write(Buffer.alloc(0))
  expect(opened.written).toHaveLength(1)
  opened.response.write(Buffer.alloc(0))
  expect(opened.written).toHaveLength(1)
})

test.each([
  { method: 'HEAD', status: 200 },
  { method: 'GET', status: 204 },
  { method: 'GET', status: 304 },
])('$method answered $status has no body, whatever is written', ({ method, status }) => {
  const opened = open({ method })
  opened.response.writeHead(status, null, ['Content-Length', '5'])
  opened.response.write(Buffer.from('he'))
  opened.response.end('llo')
  expect([opened.body(), opened.told]).toEqual(['', ['closed', 'answered']])
})

test.each([
  { name: 'more at its end', write: 'hel', end: 'lo!', body: 'hel' },
  { name: 'more in a piece', write: 'hello!', end: '', body: '' },
  { name: 'less', write: 'hel', end: '', body: 'hel' },
])(
  'an answer of $name than it has announced is broken off, and nothing is taken for the next',
  (row) => {
    const opened = open()
    begin(opened, 5)
    opened.response.write(Buffer.from(row.write))
    opened.response.end(row.end)
    expect(opened.body()).toBe(row.body)
    expect(opened.told).toEqual(['closed', 'destroy soon', 'broken off'])
  },
)

test('exactly what was announced, in pieces', () => {
  const opened = open()
  begin(opened, 5)
  opened.response.write(Buffer.from('hel'))
  opened.response.write(Buffer.from('lo'))
  opened.response.end()
  expect([opened.body(), opened.told]).toEqual(['hello', ['closed', 'answered']])
})

test.each([
  { name: 'with a length or in chunks', given: {}, ending: 'destroy soon' },
  { name: 'whose end is that of the connection', given: { minor: 0 }, ending: 'reset' },
])('an answer $name that is broken off can be told from a whole one', ({ given, ending }) => {
  const opened = open(given)
  begin(opened)
  opened.response.breakOff()
  opened.response.breakOff()
  opened.response.end('x')
  expect(opened.response.write(Buffer.from('x'))).toBe(true)
  expect([opened.written.length, opened.body()]).toEqual([1, ''])
  expect(opened.told).toEqual(['closed', ending, 'broken off'])
})

test('an answer of HTTP/1.0 that has a length is reset too, lest it be taken for whole', () => {
  const opened = open({ minor: 0 })
  begin(opened, 5)
  opened.response.breakOff()
  expect(opened.told).toEqual(['closed', 'reset', 'broken off'])
})

test('its sender is stopped while more waits than two reads bring', () => {
  const [some, many] = [open({ waiting: UNSENT_BYTES }), open({ waiting: UNSENT_BYTES + 1 })]
  for (const opened of [some, many]) begin(opened)
  expect(some.response.write(Buffer.from('x'))).toBe(true)
  expect(many.response.write(Buffer.from('x'))).toBe(false)
  many.response.drained()
  expect(many.told).toEqual(['drained'])
  many.response.end()
  many.response.drained()
  expect(many.told).toEqual(['drained', 'closed', 'answered'])
})

test.each([
  { name: 'a client of HTTP/1.1', given: {}, isSent: true },
  { name: 'a client of HTTP/1.0, which knows none', given: { minor: 0 }, isSent: false },
  { name: 'a client that does not read', given: { needsDrain: true }, isSent: false },
])('an interim response to $name: $isSent', ({ given, isSent }) => {
  const { response, written } = open(given)
  response.inform(103, 'Early Hints', ['Link', '</a>'])
  expect(written).toEqual(isSent ? ['HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'] : [])
})

test('an interim response that holds what no field may is left out', () => {
  const { response, written } = open()
  response.inform(103, 'Early Hints', ['Link', 'a\u0000b'])
  expect(written).toEqual([])
})

test('a client that waits to be asked for its body is asked', () => {
  const { response, written } = open()
  response.writeContinue()
  expect(written).toEqual(['HTTP/1.1 100 Continue\r\n\r\n'])
})

test('of a client that is gone whoever waits for the end hears, once', () => {
  const { response, told } = open()
  response.abandon()
  response.abandon()
  response.end('x')
  expect(told).toEqual(['closed'])
})

test('what a tunnel has taken over is written no more', () => {
  const opened = open()
  opened.response.detach()
  opened.response.end('x')
  opened.response.breakOff()
  expect([opened.written, opened.told]).toEqual([[], []])
})

test('a server that is closing tells its client so', () => {
  const opened = open()
  opened.response.setHeader()
  begin(opened, 0)
  opened.response.end()
  expect(opened.written[0]).toMatch(/\r\nconnection: close\r\n/i)
  expect(opened.response.shouldKeepAlive).toBe(false)
})

test('a date of its own, and the words of its status', () => {
  const opened = open()
  opened.response.writeHead(404, null, ['Content-Length', '0'])
  opened.response.end()
  expect(opened.written[0]).toMatch(
    /^HTTP\/1\.1 404 Not Found\r\n.*\r\nDate: [A-Z][a-z]{2}, .* GMT\r\n/s,
  )
  const own = open()
  own.response.sendDate = false
  own.response.writeHead(299, 'Own\u0000Words', ['Content-Length', '0'])
  own.response.end()
  expect(own.written[0]).toMatch(/^HTTP\/1\.1 299 /)
  expect(own.written[0]).not.toMatch(/Date|\u0000/)
})
