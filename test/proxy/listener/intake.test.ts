import { expect, test } from 'vitest'
import { RequestReader } from '../../../src/http/message/request-reader.ts'
import { Intake } from '../../../src/proxy/listener/http1/intake.ts'

/** An intake that waits behind each request until a test lets it go on. */
function open() {
  const heard: string[] = []
  const state = { isReady: true }
  const listener = {
    onHead: ({ target }: { readonly target: string }) => {
      heard.push(target)
      state.isReady = false
    },
    onBody: () => undefined,
    onEnd: () => undefined,
  }
  const owner = {
    isReady: () => state.isReady,
    onBegin: () => void heard.push('begin'),
    onFault: ({ code }: { readonly code: string }) => void heard.push(code),
  }
  const intake = new Intake(owner, new RequestReader(listener, 1_024))
  const goOn = (): void => {
    state.isReady = true
    intake.goOn()
  }
  return { heard, state, intake, goOn }
}

const get = (target: string): Buffer => Buffer.from(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)

test('one request is read at a time, those behind it in their turn', () => {
  const { heard, intake, goOn } = open()
  intake.take(Buffer.concat([get('/1'), get('/2')]))
  intake.take(get('/3'))
  expect([heard, intake.isEmpty]).toEqual([['begin', '/1'], false])
  goOn()
  expect(heard).toEqual(['begin', '/1', 'begin', '/2'])
  goOn()
  expect(heard).toEqual(['begin', '/1', 'begin', '/2', 'begin', '/3'])
  expect(intake.isEmpty).toBe(true)
  goOn()
  expect(heard).toHaveLength(6)
})

test('nothing is read on while somebody is not ready', () => {
  const { heard, intake } = open()
  intake.take(Buffer.concat([get('/1'), get('/2')]))
  intake.goOn()
  expect(heard).toEqual(['begin', '/1'])
})

test('who goes on while a chunk is read does not read the next before it', () => {
  const { heard, state, intake } = open()
  const reader = new RequestReader(
    {
      onHead: ({ target }) => void heard.push(target),
      onBody: () => undefined,
      onEnd: () => own.goOn(),
    },
    1_024,
  )
  const owner = { isReady: () => state.isReady, onBegin: () => undefined, onFault: () => undefined }
  const own = new Intake(owner, reader)
  state.isReady = false
  own.take(Buffer.concat([get('/1'), get('/2')]))
  own.take(get('/3'))
  state.isReady = true
  own.goOn()
  expect(heard).toEqual(['/1', '/2', '/3'])
  expect(intake.isEmpty).toBe(true)
})

test.each([
  { bytes: 64 * 1024, isFull: false },
  { bytes: 64 * 1024 + 1, isFull: true },
])('$bytes bytes behind a request are too many: $isFull', ({ bytes, isFull }) => {
  const { intake } = open()
  intake.take(get('/1'))
  intake.take(Buffer.alloc(bytes))
  expect(intake.isFull).toBe(isFull)
  intake.clear()
  expect([intake.isFull, intake.isEmpty]).toEqual([false, true])
})

test('what was held is for whoever takes it', () => {
  const { intake } = open()
  intake.take(Buffer.concat([get('/1'), Buffer.from('one ')]))
  intake.take(Buffer.from('two'))
  expect(String(intake.takeAll())).toBe('one two')
  expect(intake.isEmpty).toBe(true)
})

test('bytes that are no request are told of, and dropped with what came with them', () => {
  const { heard, intake } = open()
  intake.take(Buffer.from('GET / HTTP/1.1\r\n bad\r\n\r\nmore'))
  expect(heard).toEqual(['begin', 'bad_message'])
  expect(intake.isEmpty).toBe(true)
})
