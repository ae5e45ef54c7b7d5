import { expect, test } from 'vitest'
import { watchWrites } from '../../../src/proxy/client/lost-writes.ts'

/** A socket at one look: bytes written to it, bytes that wait in it, and in what carries it. */
type Look = readonly [written: number, waiting: number, carried: number]

const rows: readonly { name: string; looks: readonly Look[]; lost: readonly boolean[] }[] = [
  {
    name: 'nothing waits',
    looks: [
      [9, 0, 0],
      [9, 0, 0],
    ],
    lost: [false, false],
  },
  {
    name: 'bytes are on their way',
    looks: [
      [9, 9, 4],
      [9, 9, 4],
    ],
    lost: [false, false],
  },
  {
    name: 'bytes are handed over just now',
    looks: [
      [9, 9, 0],
      [12, 3, 0],
    ],
    lost: [false, false],
  },
  {
    name: 'they went on in between',
    looks: [
      [9, 9, 0],
      [9, 9, 4],
      [9, 9, 0],
    ],
    lost: [false, false, false],
  },
  {
    name: 'nothing carries what waits',
    looks: [
      [9, 9, 0],
      [9, 9, 0],
    ],
    lost: [false, true],
  },
]

test.each(rows)('$name: $lost', ({ looks, lost }) => {
  const carrier = { writeQueueSize: 0 }
  const socket = { bytesWritten: 0, _handle: { writeQueueSize: 0, _parent: carrier } }
  const hasLostWrites = watchWrites(socket)
  const told = looks.map(([written, waiting, carried]) => {
    socket.bytesWritten = written
    socket._handle.writeQueueSize = waiting
    carrier.writeQueueSize = carried
    return hasLostWrites()
  })
  expect(told).toEqual(lost)
})

test('a socket that is closed has lost nothing that could be told of', () => {
  const hasLostWrites = watchWrites({ bytesWritten: 9, _handle: null })
  expect([hasLostWrites(), hasLostWrites()]).toEqual([false, false])
})
