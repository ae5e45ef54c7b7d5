import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Attempt, type AttemptOwner } from '../../../src/proxy/exchange/delivery/attempt.ts'
import type { Recording } from '../../../src/proxy/exchange/recording/recording.ts'
import type { Bond } from '../../../src/proxy/upstream/bond.ts'
import type { Call, Lane } from '../../../src/proxy/upstream/call.ts'
import type { UpstreamPool } from '../../../src/proxy/upstream/upstream-pool.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const HEAD = { status: 200, reason: 'OK', fields: ['a', 'b'], version: '2' } as never

/** An attempt that was sent, and everything that it tells to anybody, in order. */
function send({
  connectMs = 5_000,
  connection = 'any' as 'any' | 'fresh',
  bond = null as Bond | null,
} = {}) {
  const told: string[] = []
  const tunnels: (() => void)[] = []
  const tell = (word: string) => () => void told.push(word)
  const pool = {
    target: { config: { limits: { connectMs } } },
    enter: tell('enter'),
    enterAfresh: tell('enter afresh'),
    leave: tell('leave the queue'),
    giveBack: tell('give back'),
    release: tell('release'),
  } as unknown as UpstreamPool
  const owner: AttemptOwner = {
    onInformation: (status) => void told.push(`interim ${status}`),
    onResponse: (status, reason, fields) => void told.push(`${status} ${reason} ${fields}`),
    onBytes: (chunk) => {
      told.push(`bytes ${chunk.length}`)
      return false
    },
    onEnd: tell('end'),
    onFailure: (error, stage) => void told.push(`${error.message} ${stage}`),
    onWaited: tell('waited'),
    onTunnel(status, _fields, _upstream, onClosed) {
      told.push(`tunnel ${status}`)
      tunnels.push(onClosed)
    },
  }
  const recording = { awaitUpstream: tell('await'), goOn: tell('go on') } as unknown as Recording
  const span = {
    onStatus: (status: number) => void told.push(`span ${status}`),
    onError: (code: string) => void told.push(`span ${code}`),
    end: tell('span ends'),
  }
  const attempt = new Attempt(pool, owner, recording)
  const call: Call = { cancel: tell('cancel'), resume: tell('resume') }
  const lane = { send: tell('send') } as unknown as Lane
  attempt.send({ outgoing: {}, span } as never, connection, bond)
  /** What was told since it was asked last. */
  const news = (): string[] => told.splice(0)
  const connect = (): void => {
    attempt.onLane(lane)
    attempt.onConnect(call)
    news()
  }
  return { attempt, lane, call, news, connect, tunnels }
}

test('a request waits for a connection, and takes its place to the last byte of its answer', () => {
  const { attempt, lane, call, news } = send()
  expect(news()).toEqual(['enter'])
  attempt.onLane(lane)
  attempt.onConnect(call)
  expect(news()).toEqual(['await', 'send'])
  attempt.onInterim({ status: 103, reason: '', fields: [] } as never)
  attempt.onHead(HEAD)
  expect(attempt.responseVersion).toBe('2')
  expect(attempt.onBody(Buffer.alloc(3))).toBe(false)
  attempt.resume()
  expect(news()).toEqual(['interim 103', 'span 200', 'go on', '200 OK a,b', 'bytes 3', 'resume'])
  attempt.onEnd()
  expect(news()).toEqual(['give back', 'span ends', 'release', 'end'])
  attempt.resume()
  attempt.cancel()
  attempt.discard()
  expect([news(), vi.getTimerCount()]).toEqual([[], 0])
})

test('a new connection is asked for where it is wanted', () => {
  expect(send({ connection: 'fresh' }).news()).toEqual(['enter afresh'])
})

test('no connection in time is told, once', () => {
  const { news } = send()
  news()
  vi.advanceTimersByTime(4_999)
  expect(news()).toEqual([])
  vi.advanceTimersByTime(10_000)
  expect(news()).toEqual(['waited'])
})

test('with a connection, or without a limit, there is no such time', () => {
  const { connect, news } = send()
  connect()
  vi.advanceTimersByTime(10_000)
  expect(news()).toEqual([])
  send({ connectMs: 0 })
  expect(vi.getTimerCount()).toBe(0)
})

test.each([
  { name: 'before there is a connection', hasCall: false, stage: 'connecting' },
  { name: 'on its connection', hasCall: true, stage: 'exchanging' },
])('a failure $name', ({ hasCall, stage }) => {
  const { attempt, lane, call, news } = send()
  attempt.onLane(lane)
  if (hasCall) attempt.onConnect(call)
  news()
  attempt.onError(Object.assign(new Error('broken'), { code: 'ECONNRESET' }))
  expect(news()).toEqual([
    'span ECONNRESET',
    'give back',
    'span ends',
    'release',
    'go on',
    `broken ${stage}`,
  ])
})

test('cancelled while it waits it gives its place back at once', () => {
  const { attempt, news } = send()
  news()
  attempt.cancel()
  expect(news()).toEqual(['leave the queue', 'span ends', 'release'])
  attempt.cancel()
  expect([news(), vi.getTimerCount()]).toEqual([[], 0])
})

test('cancelled on its way to a connection nothing is written, and nobody is told', () => {
  const { attempt, lane, call, news } = send()
  attempt.onLane(lane)
  attempt.cancel()
  news()
  attempt.onConnect(call)
  expect(news()).toEqual(['cancel'])
  attempt.onError(new Error('cancelled'))
  expect(news()).toEqual(['span Error', 'give back', 'span ends', 'release'])
})

test('cancelled on its connection it is broken off, once', () => {
  const { attempt, connect, news } = send()
  connect()
  attempt.cancel()
  attempt.cancel()
  expect(news()).toEqual(['cancel'])
})

test('the rest of an answer that nobody wants is read away, and keeps the connection', () => {
  const { attempt, connect, news } = send()
  connect()
  attempt.discard()
  expect(attempt.onBody(Buffer.alloc(65_536))).toBe(true)
  expect(news()).toEqual([])
  attempt.onEnd()
  expect(news()).toEqual(['give back', 'span ends', 'release'])
  expect(vi.getTimerCount()).toBe(0)
})

test('a rest that breaks off by itself is told to nobody', () => {
  const { attempt, connect, news } = send()
  connect()
  attempt.discard()
  attempt.onError(new Error('broken'))
  expect(news()).toEqual(['span Error', 'give back', 'span ends', 'release'])
})

test('a rest that is too long is broken off', () => {
  const { attempt, connect, news } = send()
  connect()
  attempt.discard()
  attempt.onBody(Buffer.alloc(65_537))
  expect(news()).toEqual(['cancel'])
})

test('so is one that takes too long', () => {
  const { attempt, connect, news } = send()
  connect()
  attempt.discard()
  vi.advanceTimersByTime(999)
  expect(news()).toEqual([])
  vi.advanceTimersByTime(1)
  expect(news()).toEqual(['cancel'])
  attempt.onError(new Error('cancelled'))
  expect(news()).toEqual(['span Error', 'give back', 'span ends', 'release'])
})

test('a tunnel keeps its place until it is closed', () => {
  const { attempt, connect, news, tunnels } = send()
  connect()
  attempt.onTunnel({ status: 101, fields: [] } as never, {} as never)
  expect(news()).toEqual(['span 101', 'go on', 'tunnel 101'])
  tunnels[0]?.()
  expect(news()).toEqual(['give back', 'span ends', 'release'])
})

test('a bound connection is taken at once, and goes back to its client', () => {
  const told: unknown[] = []
  const lane = { send: () => void told.push('send') } as unknown as Lane
  const bond = { take: () => lane, keep: (...words: unknown[]) => void told.push(words[1]) }
  const { attempt, call, news } = send({ bond: bond as unknown as Bond })
  expect(news()).toEqual(['await'])
  attempt.onConnect(call)
  attempt.onEnd()
  expect(told).toEqual(['send', lane])
  expect(news()).toEqual(['span ends', 'release', 'end'])
})

test('a client whose bond holds no connection yet waits for one', () => {
  const bond = { take: () => null } as unknown as Bond
  expect(send({ bond }).news()).toEqual(['enter'])
})
