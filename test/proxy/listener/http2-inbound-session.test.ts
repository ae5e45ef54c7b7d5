import { EventEmitter } from 'node:events'
import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import type { ServerLimits } from '../../../src/config/shapes/normal-config.ts'
import { followSession } from '../../../src/proxy/listener/http2/http2-inbound-session.ts'
import { stopClock } from '../../support/stopped-clock.ts'

/** A session that writes down how it is ended. */
class GivenSession extends EventEmitter {
  readonly done: string[] = []
  readonly socket = {
    bytesRead: 0,
    bytesWritten: 0,
    _handle: { writeQueueSize: 0, _parent: { writeQueueSize: 0 } },
    destroy: () => void this.done.push('destroy socket'),
  }
  closed = false
  destroyed = false
  destroy = (code: number): void => {
    this.destroyed = true
    this.done.push(`destroy ${code}`)
  }
  close = (): void => void this.done.push('close')
  goaway = (code: number, last: number): void => void this.done.push(`goaway ${code} ${last}`)
}

function open(limits: Partial<ServerLimits> = {}) {
  const session = new GivenSession()
  const inbound = followSession(
    session as unknown as ServerHttp2Session,
    session.socket as unknown as Socket,
    {
      ...{ headersTimeoutMs: 0, keepAliveMs: 0, bodyIdleMs: 0 },
      ...limits,
    } as ServerLimits,
  )
  /** A stream that ends, by default as a whole one does. */
  const request = (end: object = {}): EventEmitter => {
    const state = { rstCode: 0, aborted: false, writableFinished: true, ...end }
    const stream = Object.assign(new EventEmitter(), state)
    inbound.take(stream as unknown as ServerHttp2Stream)
    return stream
  }
  return { session, inbound, request }
}

const turn = (): Promise<void> => new Promise(setImmediate)

test.each([
  { name: 'by a code', end: { rstCode: 8 } },
  { name: 'by NO_ERROR', end: { aborted: true } },
  { name: 'before all was written', end: { writableFinished: false } },
])('200 streams may be reset at once $name, and no more', async ({ end }) => {
  stopClock()
  const { session, request } = open()
  for (let count = 0; count < 200; count += 1) request(end).emit('close')
  await turn()
  expect(session.done).toEqual([])
  request(end).emit('close')
  // Not within the call that told of it.
  expect(session.done).toEqual([])
  await turn()
  expect(session.done).toEqual(['destroy 11'])
})

test('whole streams are no resets, however many', async () => {
  stopClock()
  const { session, request } = open()
  for (let count = 0; count < 1_000; count += 1) request().emit('close')
  await turn()
  expect(session.done).toEqual([])
})

test.each(['ping', 'remoteSettings'])('a thousand frames may come at once: %s', async (event) => {
  stopClock()
  const { session } = open()
  for (let count = 0; count < 1_000; count += 1) session.emit(event)
  await turn()
  expect(session.done).toEqual([])
  session.emit(event)
  session.emit(event)
  await turn()
  expect(session.done).toEqual(['destroy 11'])
})

test('a session that asks for nothing is closed when the time for a head is over', async () => {
  const clock = stopClock()
  const { session } = open({ headersTimeoutMs: 1_000, keepAliveMs: 9_000 })
  await clock.pass(999)
  expect(session.done).toEqual([])
  await clock.pass(1)
  expect(session.done).toEqual(['close'])
})

test('one that has answered is closed when it has had nothing to do for the keep-alive time', async () => {
  const clock = stopClock()
  const { session, request } = open({ headersTimeoutMs: 1_000, keepAliveMs: 5_000 })
  const [one, other] = [request(), request()]
  await clock.pass(10_000)
  one.emit('close')
  await clock.pass(10_000)
  expect(session.done).toEqual([])
  other.emit('close')
  await clock.pass(4_999)
  const third = request()
  await clock.pass(10_000)
  expect(session.done).toEqual([])
  third.emit('close')
  await clock.pass(5_000)
  expect(session.done).toEqual(['close'])
})

test('one that is closed is cut off when its client has read nothing of what is left', async () => {
  const clock = stopClock()
  const { session } = open({ headersTimeoutMs: 1_000, bodyIdleMs: 6_000 })
  const tls = session.socket._handle
  tls.writeQueueSize = 900
  tls._parent.writeQueueSize = 500
  await clock.pass(1_000)
  expect(session.done).toEqual(['close'])
  // It reads slowly.
  tls._parent.writeQueueSize = 499
  await clock.pass(11_999)
  expect(session.done).toEqual(['close'])
  await clock.pass(1)
  expect(session.done).toEqual(['close', 'destroy socket'])
  session.emit('close')
  expect(vi.getTimerCount()).toBe(0)
})

test.each([
  { name: 'of which nothing is left', waiting: 0, bodyIdleMs: 6_000 },
  { name: 'whose client may be silent for ever', waiting: 900, bodyIdleMs: 0 },
])('one that is closed, $name, is left alone', async ({ waiting, bodyIdleMs }) => {
  const clock = stopClock()
  const { session } = open({ headersTimeoutMs: 1_000, bodyIdleMs })
  session.socket._handle.writeQueueSize = waiting
  await clock.pass(100_000)
  expect(session.done).toEqual(['close'])
  session.emit('close')
  expect(vi.getTimerCount()).toBe(0)
})

test('one of a client that costs too much is cut off when it does not read', async () => {
  const clock = stopClock()
  const { session } = open({ bodyIdleMs: 6_000 })
  session.socket._handle.writeQueueSize = 900
  for (let count = 0; count <= 1_000; count += 1) session.emit('ping')
  await turn()
  await clock.pass(6_000)
  expect(session.done).toEqual(['destroy 11', 'destroy socket'])
})

test('a time of none is for ever', async () => {
  const clock = stopClock()
  const { session, request } = open()
  request().emit('close')
  await clock.pass(1_000_000)
  expect(session.done).toEqual([])
})

test('nothing is left of a session that is closed', () => {
  stopClock()
  const { session } = open({ headersTimeoutMs: 1_000 })
  session.emit('close')
  expect(vi.getTimerCount()).toBe(0)
  const other = open({ keepAliveMs: 1_000 })
  const stream = other.request()
  other.session.destroyed = true
  other.session.emit('close')
  stream.emit('close')
  expect(vi.getTimerCount()).toBe(0)
  // What it fails of is heard by its requests.
  expect(() => session.emit('error', new Error('a failure'))).not.toThrow()
})

test('one that shuts down says so, and closes when its client has had the time to hear of it', async () => {
  const clock = stopClock()
  const { session, inbound } = open()
  inbound.shutDown()
  expect(session.done).toEqual(['goaway 0 2147483647'])
  await clock.pass(499)
  expect(session.done).toHaveLength(1)
  await clock.pass(1)
  expect(session.done.slice(1)).toEqual(['close'])
})

test('one that is closed by then is closed once', async () => {
  const clock = stopClock()
  const { session, inbound } = open()
  inbound.shutDown()
  session.emit('close')
  await clock.pass(1_000)
  expect(session.done).toHaveLength(1)
})

test.each(['closed', 'destroyed'] as const)('one that is %s is told nothing', (state) => {
  stopClock()
  const { session, inbound } = open()
  session[state] = true
  inbound.shutDown()
  expect(session.done).toEqual([])
})
