import { EventEmitter } from 'node:events'
import type { ServerHttp2Stream } from 'node:http2'
import { expect, test } from 'vitest'
import { InboundResponse } from '../../../src/proxy/listener/http2/http2-inbound-response.ts'

/** A stream that writes down what it is given. */
class GivenStream extends EventEmitter {
  readonly done: unknown[] = []
  destroyed = false
  closed = false
  writableEnded = false
  session: unknown = { state: { outboundQueueSize: 0 } }
  /** Whether Node refuses a field that stands there twice. */
  isStrict = false
  respond(headers: Readonly<Record<string, unknown>>, options: unknown): void {
    if (this.isStrict && Array.isArray(headers.age))
      throw Object.assign(new Error('twice'), { code: 'ERR_HTTP2_HEADER_SINGLE_VALUE' })
    this.done.push({ ...headers }, options)
  }
  additionalHeaders = (headers: object): void => void this.done.push({ ...headers })
  sendTrailers = (): void => void this.done.push('trailers')
  write = (chunk: Buffer): boolean => this.done.push(`write ${chunk}`) === 0
  end = (...rest: unknown[]): void => void this.done.push(['end', ...rest])
  close = (code: number): void => void this.done.push(`close ${code}`)
}

function open(state: Partial<GivenStream> = {}, method = 'GET') {
  const stream = Object.assign(new GivenStream(), state)
  const response = new InboundResponse(stream as unknown as ServerHttp2Stream, method)
  return { stream, response }
}

const CHUNK = Buffer.from('a')

test.each<{ status: number; given: string[]; sent: Record<string, unknown> }>([
  { status: 200, given: ['A', 'b', 'C', 'd'], sent: { ':status': 200, a: 'b', c: 'd' } },
  {
    status: 200,
    given: ['A', '1', 'a', '2', 'A', '3'],
    sent: { ':status': 200, a: ['1', '2', '3'] },
  },
  { status: 200, given: ['Connection', 'x', 'Keep-Alive', 'y'], sent: { ':status': 200 } },
  { status: 599, given: [], sent: { ':status': 599 } },
  { status: 600, given: [], sent: { ':status': 500 } },
  { status: 205, given: ['Content-Length', '5'], sent: { ':status': 205 } },
  {
    status: 206,
    given: ['Content-Length', '5'],
    sent: { ':status': 206, 'content-length': '5' },
  },
])('a $status with $given is sent as $sent', ({ status, given, sent }) => {
  const { stream, response } = open()
  expect(response.headersSent).toBe(false)
  response.writeHead(status, null, given)
  expect(stream.done[0]).toEqual(sent)
  expect([response.headersSent, response.statusCode]).toEqual([true, status])
})

test.each([
  { name: 'a name that is none', fields: ['a b', 'c'] },
  { name: 'an empty name', fields: ['', 'c'] },
  { name: 'a line end in a value', fields: ['a', 'b\nc'] },
  { name: 'a nought in a value', fields: ['a', 'b\0'] },
])('$name is sent nowhere', ({ fields }) => {
  const { stream, response } = open()
  expect(() => response.writeHead(200, null, fields)).toThrow('a field no HTTP may carry')
  expect(() => response.inform(103, '', fields)).toThrow('a field no HTTP may carry')
  expect(stream.done).toEqual([])
})

test('a field that may stand there once holds what came several times, and each cookie is its own', () => {
  const { stream, response } = open({ isStrict: true })
  response.writeHead(200, null, ['Age', '1', 'Set-Cookie', 'a', 'Age', '2', 'Set-Cookie', 'b'])
  expect(stream.done[0]).toEqual({ ':status': 200, age: '1, 2', 'set-cookie': ['a', 'b'] })
})

test('whatever else a head fails of is a failure', () => {
  const { stream, response } = open()
  stream.respond = () => {
    throw new TypeError('a defect')
  }
  expect(() => response.writeHead(200, null, [])).toThrow('a defect')
})

test.each([
  { method: 'GET', status: 200, hasBody: true },
  { method: 'HEAD', status: 200, hasBody: false },
  { method: 'GET', status: 204, hasBody: false },
  { method: 'GET', status: 205, hasBody: false },
  { method: 'GET', status: 304, hasBody: false },
])('$method answered $status has a body: $hasBody', ({ method, status, hasBody }) => {
  const { stream, response } = open({}, method)
  response.sendDate = false
  response.writeHead(status, null, [])
  expect(stream.done[1]).toEqual({ waitForTrailers: hasBody, sendDate: false })
  // A full stream says so; where there is no body, nobody has to wait for anything.
  expect(response.write(CHUNK)).toBe(!hasBody)
  response.end('b', 'latin1')
  expect(stream.done.slice(2)).toEqual(hasBody ? ['write a', ['end', 'b', 'latin1']] : [])
})

test('it ends with bytes or without', () => {
  const [one, other] = [open(), open()]
  one.response.end(CHUNK)
  other.response.end()
  expect([one.stream.done, other.stream.done]).toEqual([[['end', CHUNK, 'utf8']], [['end']]])
})

test('an empty piece is none', () => {
  const { stream, response } = open()
  expect(response.write(Buffer.alloc(0))).toBe(true)
  expect(stream.done).toEqual([])
})

test.each<{ name: string; state: Partial<GivenStream> }>([
  { name: 'destroyed', state: { destroyed: true } },
  { name: 'closed', state: { closed: true } },
])('to a stream that is $name nothing is written, and nobody waits for it', ({ state }) => {
  const { stream, response } = open(state)
  response.writeContinue()
  response.inform(103, '', [])
  response.writeHead(200, null, [])
  expect(response.write(CHUNK)).toBe(true)
  response.end()
  response.breakOff()
  expect(stream.done).toEqual([])
})

test('one that has ended is not written to', () => {
  const { stream, response } = open({ writableEnded: true })
  expect(response.write(CHUNK)).toBe(true)
  response.end()
  expect(stream.done).toEqual([])
})

test.each([
  { waiting: 31, isSent: true },
  { waiting: 32, isSent: false },
])(
  'an interim response behind $waiting frames that wait is sent: $isSent',
  ({ waiting, isSent }) => {
    const { stream, response } = open({ session: { state: { outboundQueueSize: waiting } } })
    response.inform(103, 'Words', ['Link', '</a>'])
    expect(stream.done).toEqual(isSent ? [{ ':status': 103, link: '</a>' }] : [])
  },
)

test('a client that waits to be asked for its body is asked', () => {
  const { stream, response } = open()
  response.writeContinue()
  expect(stream.done).toEqual([{ ':status': 100 }])
})

test('one that is broken off is reset, and not ended first as if it were whole', () => {
  const [whole, broken] = [open(), open()]
  whole.stream.emit('wantTrailers')
  expect(whole.stream.done).toEqual(['trailers'])
  broken.response.breakOff()
  broken.stream.emit('wantTrailers')
  expect(broken.stream.done).toEqual(['close 2'])
})

test('it is its stream that is listened to, and that becomes no tunnel', () => {
  const { stream, response } = open()
  const heard: string[] = []
  response.on('drain', () => heard.push('drain'))
  response.on('close', () => heard.push('close'))
  stream.emit('drain')
  stream.emit('close')
  expect(heard).toEqual(['drain', 'close'])
  expect(() => response.detach()).toThrow('HTTP/2 has no upgrade')
})
