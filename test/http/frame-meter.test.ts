import { describe, expect, test } from 'vitest'
import { createFrameMeter, tooBigFrame } from '../../src/http/frame-meter.ts'

const TEXT = 0x81
const BEGINS = 0x01
const GOES_ON = 0x00
const ENDS = 0x80
const PING = 0x89

/** A frame with a payload of this length, with a mask as clients send it. */
function frame(first: number, length: number, isMasked = false): Buffer {
  const mask = isMasked ? 0x80 : 0
  const head =
    length < 126
      ? Buffer.from([first, mask | length])
      : length < 65_536
        ? Buffer.from([first, mask | 126, length >> 8, length & 255])
        : Buffer.from([
            first,
            mask | 127,
            0,
            0,
            0,
            0,
            0,
            length >> 16,
            (length >> 8) & 255,
            length & 255,
          ])
  return Buffer.concat([head, Buffer.alloc((isMasked ? 4 : 0) + length, 0x81)])
}

const rows = [
  { name: 'a message at the limit', frames: [frame(TEXT, 10)], passes: 12 },
  { name: 'a message over it', frames: [frame(TEXT, 11)], passes: 0 },
  { name: 'with a mask', frames: [frame(TEXT, 10, true)], passes: 16 },
  { name: 'with a mask, over it', frames: [frame(TEXT, 11, true)], passes: 0 },
  { name: 'messages that are each at it', frames: [frame(TEXT, 10), frame(TEXT, 10)], passes: 24 },
  { name: 'an empty one', frames: [frame(TEXT, 0), frame(TEXT, 10)], passes: 14 },
  { name: 'the second over it', frames: [frame(TEXT, 10), frame(TEXT, 11)], passes: 12 },
  {
    name: 'one of several frames at the limit',
    frames: [frame(BEGINS, 4), frame(GOES_ON, 3), frame(ENDS, 3), frame(TEXT, 10)],
    passes: 28,
  },
  {
    name: 'one of several frames over it',
    frames: [frame(BEGINS, 4), frame(GOES_ON, 3), frame(ENDS, 4)],
    passes: 11,
  },
  {
    name: 'a ping within a message, which is not of it',
    frames: [frame(BEGINS, 5), frame(PING, 20), frame(ENDS, 5)],
    passes: 36,
  },
]

describe('a limit of ten bytes a message', () => {
  test.each(rows)('$name', ({ frames, passes }) => {
    const bytes = Buffer.concat(frames)
    expect(createFrameMeter(10).push(bytes)).toBe(passes)
  })

  test.each(rows)('$name, byte by byte', ({ frames, passes }) => {
    const meter = createFrameMeter(10)
    let passed = 0
    for (const byte of Buffer.concat(frames)) {
      if (meter.push(Buffer.from([byte])) === 0) break
      passed += 1
    }
    // The head of a frame that is too long is known as such only with its last byte.
    expect(passed >= passes && passed < passes + 14).toBe(true)
    expect(passed === Buffer.concat(frames).length).toBe(passes === Buffer.concat(frames).length)
  })
})

test.each([
  { length: 125, head: 2 },
  { length: 126, head: 4 },
  { length: 65_535, head: 4 },
  { length: 65_536, head: 10 },
])('a payload of $length bytes', ({ length, head }) => {
  const meter = createFrameMeter(65_536)
  expect(meter.push(frame(TEXT, length))).toBe(head + length)
  expect(meter.isBetweenFrames()).toBe(true)
  expect(createFrameMeter(length - 1).push(frame(TEXT, length))).toBe(0)
})

test('a length beyond 32 bits is no small one', () => {
  const huge = Buffer.from([TEXT, 127, 0, 0, 0, 1, 0, 0, 0, 0])
  expect(createFrameMeter(1_000).push(huge)).toBe(0)
})

test('between frames is where one has ended and none has begun', () => {
  const meter = createFrameMeter(10)
  const states = [...frame(TEXT, 2)].map((byte) => {
    meter.push(Buffer.from([byte]))
    return meter.isBetweenFrames()
  })
  expect(createFrameMeter(10).isBetweenFrames()).toBe(true)
  expect(states).toEqual([false, false, false, true])
})

test('Close says 1009, with a mask where a client sends it', () => {
  expect(tooBigFrame('server').toString('hex')).toBe('880203f1')
  expect(tooBigFrame('client').toString('hex')).toBe('88820000000003f1')
})
