import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BodyQueue, type KeptBytes } from '../../../src/proxy/client/body-queue.ts'

const room: KeptBytes = { take: () => true, giveBack: () => undefined }

function takeAll(queue: BodyQueue): string[] {
  const pieces: string[] = []
  for (let piece = queue.shift(); piece !== null; piece = queue.shift())
    pieces.push(piece.toString())
  return pieces
}

const long = 'l'.repeat(2_000)

const cases: readonly {
  readonly name: string
  readonly pushed: readonly string[]
  readonly sent: readonly string[]
}[] = [
  { name: 'one short piece', pushed: ['a'], sent: ['a'] },
  { name: 'short pieces', pushed: ['a', 'b', 'cd', 'e'], sent: ['abcde'] },
  { name: 'a long piece', pushed: [long], sent: [long] },
  { name: 'a short piece behind a long one', pushed: [long, 'a', 'b'], sent: [long, 'ab'] },
  { name: 'a long piece amid short ones', pushed: ['a', long, 'b'], sent: ['a', long, 'b'] },
  {
    name: 'more than one buffer holds',
    pushed: Array.from({ length: 20 }, () => 's'.repeat(1_000)),
    sent: ['s'.repeat(8_000), 's'.repeat(8_000), 's'.repeat(4_000)],
  },
]

test.each(cases)('$name', ({ pushed, sent }) => {
  for (const keepBytes of [0, 1_000_000]) {
    const queue = new BodyQueue(keepBytes, room)
    for (const piece of pushed) queue.push(Buffer.from(piece))
    expect(queue.unsentBytes).toBe(pushed.join('').length)
    expect(takeAll(queue)).toEqual(sent)
    expect(queue.unsentBytes).toBe(0)
  }
})

test('a piece that was sent is not written to any more', () => {
  const queue = new BodyQueue(0, room)
  queue.push(Buffer.from('a'))
  queue.push(Buffer.from('b'))
  const sent = queue.shift()
  queue.push(Buffer.from('c'))
  queue.push(Buffer.from('d'))
  expect(sent?.toString()).toBe('ab')
  expect(takeAll(queue)).toEqual(['cd'])
})

test('what is sent once more is what came, whenever it came', () => {
  const queue = new BodyQueue(1_000, room)
  queue.push(Buffer.from('a'))
  queue.push(Buffer.from('b'))
  expect(takeAll(queue)).toEqual(['ab'])
  queue.push(Buffer.from('c'))
  queue.rewind()
  queue.push(Buffer.from('d'))
  expect(takeAll(queue).join('')).toBe('abcd')
})

/** Pieces of these lengths, no two bytes in a row alike. */
function pieces(lengths: readonly number[]): Buffer[] {
  let next = 0
  return lengths.map((length) => Buffer.from(Array.from({ length }, () => next++ % 251)))
}

function drain(queue: BodyQueue): Buffer {
  const sent: Buffer[] = []
  for (let chunk = queue.shift(); chunk !== null; chunk = queue.shift()) sent.push(chunk)
  return Buffer.concat(sent)
}

test('what goes in comes out, whenever it is taken, and again where it is kept', () => {
  const step = fc.oneof(fc.nat(1_100), fc.nat(40), fc.nat(4_000), fc.constant(null))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, isKept) => {
      const queue = new BodyQueue(isKept ? 1_000_000 : 0, room)
      const chunks = pieces(steps.map((length) => length ?? 0))
      const sent: Buffer[] = []
      steps.forEach((length, index) => {
        if (length === null) sent.push(queue.shift() ?? Buffer.alloc(0))
        else queue.push(chunks[index] as Buffer)
      })
      sent.push(drain(queue))
      const whole = Buffer.concat(chunks)
      expect(Buffer.concat(sent).equals(whole)).toBe(true)
      if (!isKept) return
      queue.rewind()
      expect(drain(queue).equals(whole)).toBe(true)
    }),
    { seed: 7, numRuns: 300 },
  )
})

test.each([
  { pushed: [], whole: '' },
  { pushed: ['a'], whole: 'a' },
  { pushed: [long, 'a', long], whole: `${long}a${long}` },
])('what was taken whole is not there any more', ({ pushed, whole }) => {
  const queue = new BodyQueue(0, room)
  for (const piece of pushed) queue.push(Buffer.from(piece))
  expect(queue.takeWhole().toString()).toBe(whole)
  expect([queue.unsentBytes, queue.shift()]).toEqual([0, null])
  queue.push(Buffer.from('b'))
  expect(takeAll(queue)).toEqual(['b'])
})

/** A piece of a body between much that is none, in one memory. */
function framed(length: number): Buffer {
  return Buffer.alloc(64 * 1024, 'b').subarray(0, length)
}

/** Bytes of memory that pieces hold, whoever else uses it. */
function memoryOf(sent: readonly (Buffer | null)[]): number {
  return [...new Set(sent.map((chunk) => chunk?.buffer))].reduce(sum, 0)
}

const sum = (bytes: number, memory: ArrayBufferLike | undefined): number =>
  bytes + (memory?.byteLength ?? 0)

test('a piece that waits behind another does not hold the framing it came in', () => {
  const queue = new BodyQueue(0, room)
  for (let count = 0; count < 100; count += 1) queue.push(framed(2_000))
  const sent = Array.from({ length: 100 }, () => queue.shift())
  expect(memoryOf(sent)).toBe(64 * 1024 + 99 * 2_000)
})

test.each([
  { length: 1, times: 2, kept: 2 },
  { length: 900, times: 2, kept: 1_800 },
  { length: 2_000, times: 1, kept: 2_000 },
  { length: 40_000, times: 1, kept: 64 * 1024 },
])('a kept piece of $times × $length bytes holds no more than twice itself', (row) => {
  const queue = new BodyQueue(1_000_000, room)
  for (let count = 0; count < row.times; count += 1) queue.push(framed(row.length))
  queue.shift()
  queue.rewind()
  expect(queue.unsentBytes).toBe(row.length * row.times)
  expect(memoryOf([queue.shift()])).toBe(row.kept)
})

test('a kept piece of one byte takes as much room as it costs', () => {
  const taken: number[] = []
  const counting: KeptBytes = {
    take: (bytes) => taken.push(bytes) > 0,
    giveBack: (bytes) => void taken.push(-bytes),
  }
  const queue = new BodyQueue(1_500, counting)
  for (let count = 0; count < 3; count += 1) {
    queue.push(framed(1))
    queue.shift()
  }
  queue.forget()
  expect(taken).toEqual([512, 512, 512, -1_536])
})
