import { EventEmitter } from 'node:events'
import type { ServerHttp2Stream } from 'node:http2'
import { expect, test } from 'vitest'
import { InboundRequest } from '../../../src/proxy/listener/http2/http2-inbound-request.ts'

/** A stream that writes down what is done to it. */
class GivenStream extends EventEmitter {
  readonly done: string[] = []
  endAfterHeaders = false
  writableFinished = false
  close = (): void => void this.done.push('close')
  pause = (): void => void this.done.push('pause')
  resume = (): void => void this.done.push('resume')
  isPaused = (): boolean => this.done.at(-1) === 'pause'
}

function open(raw: readonly string[], state: Partial<GivenStream> = {}) {
  const stream = Object.assign(new GivenStream(), state)
  const pairs = raw.flatMap((name, at) => (at % 2 === 0 ? [[name, raw[at + 1]]] : []))
  const headers = Object.fromEntries(pairs)
  const request = new InboundRequest(stream as unknown as ServerHttp2Stream, headers, raw)
  return { stream, request }
}

const LINE = [':method', 'POST', ':path', '/a?b', ':scheme', 'https']

test.each<{ name: string; raw: string[]; fields: string[] }>([
  { name: 'its authority is its host', raw: [':authority', 'a.test'], fields: ['host', 'a.test'] },
  { name: 'a host without one stays', raw: ['host', 'a.test'], fields: ['host', 'a.test'] },
  {
    name: 'a host that says the same is one',
    raw: [':authority', 'a.test', 'host', 'a.test'],
    fields: ['host', 'a.test'],
  },
  {
    name: 'a host that says another thing is a second one',
    raw: [':authority', 'a.test', 'host', 'b.test'],
    fields: ['host', 'a.test', 'host', 'b.test'],
  },
  {
    name: 'the crumbs of a cookie are one, where the first stood',
    raw: ['cookie', 'a=1', 'x', 'y', 'cookie', 'b=2', 'cookie', 'c=3'],
    fields: ['cookie', 'a=1; b=2; c=3', 'x', 'y'],
  },
  {
    name: 'others stay as many as they are',
    raw: ['a', '1', 'a', '2'],
    fields: ['a', '1', 'a', '2'],
  },
])('$name', ({ raw, fields }) => {
  const { request } = open([...LINE, ...raw])
  expect(request.rawHeaders).toEqual(fields)
  expect([request.method, request.url]).toEqual(['POST', '/a?b'])
})

test('a request that names nothing asks for nothing', () => {
  const { request } = open([])
  expect([request.method, request.url, request.rawHeaders]).toEqual(['', '', []])
})

test.each<{ raw: string[]; isOver: boolean; coding: string | undefined }>([
  { raw: [], isOver: false, coding: 'chunked' },
  { raw: ['content-length', '5'], isOver: false, coding: undefined },
  { raw: [], isOver: true, coding: undefined },
])('$raw, over with its head: $isOver: its body is coded as $coding', ({ raw, isOver, coding }) => {
  const { request } = open(raw, { endAfterHeaders: isOver })
  expect(request.headers['transfer-encoding']).toBe(coding)
})

test('its stream alone is stopped and read, and is what is listened to', () => {
  const { stream, request } = open([])
  const heard: unknown[] = []
  request.on('data', (chunk) => heard.push(String(chunk)))
  request.on('end', () => heard.push('end'))
  stream.emit('data', Buffer.from('a'))
  stream.emit('end')
  expect(heard).toEqual(['a', 'end'])
  expect(request.isPaused()).toBe(false)
  request.pause()
  expect(request.isPaused()).toBe(true)
  request.resume()
  // The connection is others' too.
  request.socket.pause()
  request.socket.resume()
  request.socket.write('')
  expect(stream.done).toEqual(['pause', 'resume'])
})

test('its client is asked to send no more once it has the whole answer', () => {
  const { stream, request } = open([])
  request.socket.destroy()
  expect(stream.done).toEqual([])
  stream.emit('finish')
  expect(stream.done).toEqual(['close'])
  const answered = open([], { writableFinished: true })
  answered.request.socket.destroy()
  expect(answered.stream.done).toEqual(['close'])
})
