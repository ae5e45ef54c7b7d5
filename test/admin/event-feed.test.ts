import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type AdminEvent, createEventFeed } from '../../src/admin/event-feed.ts'

const store = (state: string): AdminEvent => ({ type: 'limit-store', state })

/** What a listener of a feed was written, and how it was let go. */
function listener() {
  const response = Object.assign(new EventEmitter(), {
    writableLength: 0,
    writeHead: vi.fn(),
    written: [] as string[],
    write(text: string) {
      response.written.push(text)
      return true
    },
    destroy: vi.fn(),
  })
  const seen = (): unknown[] =>
    response.written
      .splice(0)
      .flatMap((text) => /^data: (.*)$/m.exec(text)?.[1] ?? [])
      .map((data) => (JSON.parse(data) as { state: string }).state)
  return { response, take: response as unknown as ServerResponse, seen }
}

test('an event is written with its kind and its time', () => {
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'], now: 0 })
  const feed = createEventFeed()
  const { response, take } = listener()
  feed.stream(take)
  expect(response.writeHead.mock.calls).toEqual([
    [200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }],
  ])
  feed.publish(store('away'))
  expect(response.written).toEqual([
    ': keyway\n\n',
    'event: limit-store\ndata: {"type":"limit-store","state":"away","time":"1970-01-01T00:00:00.000Z"}\n\n',
  ])
  response.emit('close')
})

test('who comes late is told the last fifty, and then what comes', () => {
  const feed = createEventFeed()
  for (let number = 1; number <= 51; number++) feed.publish(store(String(number)))
  const { response, take, seen } = listener()
  feed.stream(take)
  expect(seen()).toEqual(Array.from({ length: 50 }, (_, index) => String(index + 2)))
  feed.relay({ ...store('of another process'), time: '2026-01-01T00:00:00.000Z' })
  expect(seen()).toEqual(['of another process'])
  response.emit('close')
})

test('one that has left is told nothing more; the others are', () => {
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const feed = createEventFeed()
  const [gone, there] = [listener(), listener()]
  for (const { take } of [gone, there]) feed.stream(take)
  const heard: string[] = []
  const stop = feed.follow((event) => void heard.push(event.type))
  gone.response.emit('close')
  feed.publish(store('away'))
  expect([gone.seen(), there.seen(), heard]).toEqual([[], ['away'], ['limit-store']])
  there.response.emit('close')
  stop()
  feed.publish(store('back'))
  expect([there.seen(), heard, vi.getTimerCount()]).toEqual([[], ['limit-store'], 0])
})

test('in quiet times something is written every fifteen seconds, so that who left is missed', () => {
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const { response, take } = listener()
  createEventFeed().stream(take)
  vi.advanceTimersByTime(14_999)
  expect(response.written).toEqual([': keyway\n\n'])
  vi.advanceTimersByTime(1)
  expect(response.written).toEqual([': keyway\n\n', ': \n\n'])
  response.emit('close')
})

test('one that leaves more than 256 KiB unread is let go', () => {
  const feed = createEventFeed()
  const { response, take } = listener()
  feed.stream(take)
  response.writableLength = 256 * 1024
  feed.publish(store('away'))
  expect(response.destroy).not.toHaveBeenCalled()
  response.writableLength += 1
  feed.publish(store('back'))
  expect(response.destroy).toHaveBeenCalledTimes(1)
  response.emit('close')
})
