import { EventEmitter } from 'node:events'
import type { ServerHttp2Stream } from 'node:http2'
import { expect, test, vi } from 'vitest'
import { createOpenStreams } from '../../../src/proxy/listener/http2/http2-open-streams.ts'
import { stopClock } from '../../support/stopped-clock.ts'

/** A stream that writes down how it is ended. */
class GivenStream extends EventEmitter {
  readonly done: string[] = []
  closed = false
  writableEnded = false
  destroy = (): void => this.end('destroy')
  close = (code: number): void => this.end(`close ${code}`)
  private end(how: string): void {
    this.done.push(how)
    this.emit('close')
  }
}

function open(unreadMs: number, state: Partial<GivenStream> = {}) {
  const look = vi.fn<() => void>()
  const streams = createOpenStreams(unreadMs, look)
  const stream = Object.assign(new GivenStream(), state)
  streams.add(stream as unknown as ServerHttp2Stream)
  return { streams, stream, look }
}

test('streams are counted until they close', () => {
  stopClock()
  const { streams, stream } = open(0)
  streams.add(new GivenStream() as unknown as ServerHttp2Stream)
  expect(streams.count()).toBe(2)
  stream.emit('close')
  expect(streams.count()).toBe(1)
  streams.stop()
  expect(vi.getTimerCount()).toBe(0)
})

test('one that is closed and stays is ended at the second look', async () => {
  const clock = stopClock()
  const { streams, stream } = open(60_000, { closed: true })
  await clock.pass(999)
  expect(stream.done).toEqual([])
  await clock.pass(1)
  expect([stream.done, streams.count()]).toEqual([['destroy'], 0])
  // Nobody looks where there are none.
  expect(vi.getTimerCount()).toBe(0)
})

test('one whose end is not read is reset once it was so for the time', async () => {
  const clock = stopClock()
  const { streams, stream } = open(5_000, { writableEnded: true })
  await clock.pass(5_499)
  expect(stream.done).toEqual([])
  await clock.pass(1)
  expect([stream.done, streams.count()]).toEqual([['close 8'], 0])
})

test.each<{ name: string; unreadMs: number; state: Partial<GivenStream> }>([
  { name: 'whose answer goes on', unreadMs: 5_000, state: {} },
  { name: 'whose end may be left unread for ever', unreadMs: 0, state: { writableEnded: true } },
])('one $name is left alone', async ({ unreadMs, state }) => {
  const clock = stopClock()
  const { streams, stream } = open(unreadMs, state)
  await clock.pass(100_000)
  expect([stream.done, streams.count()]).toEqual([[], 1])
  streams.stop()
  expect(vi.getTimerCount()).toBe(0)
})

test('they are looked at twice a second, as long as there are any', async () => {
  const clock = stopClock()
  const { stream, look } = open(0)
  await clock.pass(2_000)
  expect(look).toHaveBeenCalledTimes(4)
  stream.emit('close')
  await clock.pass(2_000)
  expect(look).toHaveBeenCalledTimes(5)
})
