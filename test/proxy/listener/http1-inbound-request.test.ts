import { expect, test } from 'vitest'
import { parseRequestHead } from '../../../src/http/message/parse-request-head.ts'
import {
  Http1InboundRequest,
  type RequestCarrier,
} from '../../../src/proxy/listener/http1/http1-inbound-request.ts'

/** A request whose connection writes down whether it is read. */
function open() {
  const reads: string[] = []
  const carrier = {
    pauseReading: () => reads.push('pause'),
    resumeReading: () => reads.push('resume'),
  }
  const head = parseRequestHead('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n')
  return { reads, request: new Http1InboundRequest(carrier as unknown as RequestCarrier, head) }
}

test('its client is listened to again with the last byte, to be heard if it leaves', () => {
  const { reads, request } = open()
  request.on('data', () => request.pause())
  request.on('end', () => undefined)
  request.push(Buffer.from('last bytes'))
  expect(reads).toEqual(['pause'])
  request.complete()
  expect(reads).toEqual(['pause', 'resume'])
  expect(request.isPaused()).toBe(false)
})

test('it is held until somebody asks for it, and read on then', () => {
  const { reads, request } = open()
  request.push(Buffer.from('early'))
  expect(reads).toEqual(['pause'])
  const taken: string[] = []
  request.on('data', (chunk) => taken.push(chunk.toString()))
  request.on('end', () => undefined)
  request.handOver()
  expect(taken).toEqual(['early'])
  expect(reads).toEqual(['pause', 'resume'])
})

test('whoever takes what came early may stop it again', () => {
  const { reads, request } = open()
  request.push(Buffer.from('early'))
  request.on('data', () => request.pause())
  request.on('end', () => undefined)
  request.handOver()
  expect(reads).toEqual(['pause', 'pause'])
  expect(request.isPaused()).toBe(true)
})

test('whoever took its body hears of the end once, and is let go of then', () => {
  const { request } = open()
  const heard: string[] = []
  request.on('data', (chunk) => heard.push(chunk.toString()))
  request.on('end', () => heard.push('end'))
  request.push(Buffer.from('all'))
  request.complete()
  request.push(Buffer.from('behind'))
  request.handOver()
  expect(heard).toEqual(['all', 'end'])
})

test('its fields are let go of where nobody will ask for them', () => {
  const { request } = open()
  expect(request.rawHeaders).toEqual(['Host', 'a', 'Content-Length', '9'])
  request.forgetHead()
  expect([request.rawHeaders, request.headers]).toEqual([[], {}])
})

const tick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

/** Writes down what of its body somebody gets who asks for it. */
function take(request: Http1InboundRequest): string[] {
  const taken: string[] = []
  request.on('data', (chunk) => taken.push(chunk.toString()))
  request.on('end', () => taken.push('END'))
  return taken
}

test.each([
  { name: 'the beginning of its body', isWhole: false, taken: ['one', 'two'] },
  { name: 'its whole body', isWhole: true, taken: ['one', 'two', 'END'] },
])('who asks for $name once it is here gets it in the next turn', async ({ isWhole, taken }) => {
  const { request } = open()
  request.push(Buffer.from('one'))
  request.push(Buffer.from('two'))
  if (isWhole) request.complete()
  const got = take(request)
  expect(got).toEqual([])
  await tick()
  expect(got).toEqual(taken)
  expect(request.isPaused()).toBe(false)
})

test('what comes between is not lost, nor out of its order', async () => {
  const { request } = open()
  request.push(Buffer.from('one'))
  const got = take(request)
  request.push(Buffer.from('two'))
  await tick()
  request.push(Buffer.from('three'))
  request.complete()
  expect(got).toEqual(['one', 'two', 'three', 'END'])
})

test('a request without a body is over for whoever asks for it', async () => {
  const { request } = open()
  request.complete()
  const got = take(request)
  await tick()
  expect(got).toEqual(['END'])
})

test('who stops it before anything came is not overheard', async () => {
  const { reads, request } = open()
  const got = take(request)
  request.pause()
  await tick()
  expect([reads, request.isPaused(), got]).toEqual([['pause'], true, []])
})

test('who has asked gets what comes at once, whatever else is dropped', () => {
  const { request } = open()
  const got = take(request)
  request.drop()
  request.push(Buffer.from('one'))
  request.complete()
  expect([got, request.isComplete]).toEqual([['one', 'END'], true])
})

test('what nobody has asked for is dropped with its answer', async () => {
  const { reads, request } = open()
  request.push(Buffer.from('one'))
  request.drop()
  expect(request.isPaused()).toBe(false)
  request.push(Buffer.from('two'))
  request.complete()
  const got = take(request)
  await tick()
  expect([got, reads, request.isComplete]).toEqual([[], ['pause'], true])
})

test('what is left of it is read away', () => {
  const { reads, request } = open()
  request.pause()
  request.readAway()
  expect([reads, request.isPaused()]).toEqual([['pause', 'resume'], false])
})

test('it says what its head says', () => {
  const { request } = open()
  expect(request).toMatchObject({
    method: 'POST',
    url: '/',
    originalUrl: '/',
    httpVersion: '1.1',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    isComplete: false,
  })
})
