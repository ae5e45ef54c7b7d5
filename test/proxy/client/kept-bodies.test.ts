import { expect, test } from 'vitest'
import { BodyQueue } from '../../../src/proxy/client/body-queue.ts'
import { createKeptBodies } from '../../../src/proxy/client/kept-bodies.ts'

function startRoom(limitBytes: number) {
  const lines: string[] = []
  const note = (_fields: unknown, message: string): void => void lines.push(message)
  const log = { error: note, warn: note, info: note, debug: note }
  return { lines, room: createKeptBodies(() => limitBytes, log as never) }
}

const FULL = 'bodies are not kept to be sent again: they are too many'

test('bodies share their room: what does not fit is not kept, and the log says so once', () => {
  const { lines, room } = startRoom(10_000)
  const first = new BodyQueue(8_000, room)
  const second = new BodyQueue(8_000, room)
  const third = new BodyQueue(8_000, room)
  first.push(Buffer.alloc(8_000))
  second.push(Buffer.alloc(4_000))
  third.push(Buffer.alloc(4_000))
  expect([first.isKept, second.isKept, third.isKept]).toEqual([true, false, false])
  expect(lines).toEqual([FULL])
  first.forget()
  const fourth = new BodyQueue(8_000, room)
  fourth.push(Buffer.alloc(8_000))
  expect(fourth.isKept).toBe(true)
})

test('a body over its own limit is sent on, and gives its room back', () => {
  const { lines, room } = startRoom(1_024)
  const queue = new BodyQueue(8, room)
  queue.push(Buffer.from('12345'))
  expect(queue.shift()?.toString()).toBe('12345')
  queue.push(Buffer.from('6789'))
  expect([queue.isKept, queue.unsentBytes]).toEqual([false, 4])
  expect(queue.shift()?.toString()).toBe('6789')
  expect([queue.shift(), queue.unsentBytes]).toEqual([null, 0])
  const other = new BodyQueue(1_024, room)
  other.push(Buffer.alloc(1_024))
  expect([other.isKept, lines]).toEqual([true, []])
})

test('a kept body comes again from its start', () => {
  const queue = new BodyQueue(8, startRoom(1_024).room)
  queue.push(Buffer.from('ab'))
  expect(queue.shift()?.toString()).toBe('ab')
  queue.push(Buffer.from('cd'))
  queue.rewind()
  expect([queue.unsentBytes, queue.shift()?.toString(), queue.shift()?.toString()]).toEqual([
    4,
    'ab',
    'cd',
  ])
  queue.clear()
  expect([queue.isKept, queue.unsentBytes, queue.shift()]).toEqual([false, 0, null])
})
