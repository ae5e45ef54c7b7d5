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
