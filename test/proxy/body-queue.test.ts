import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BodyQueue } from '../../src/proxy/client/body-queue.ts'

const room = { take: () => true, giveBack() {} }

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

test.each([
  { name: 'short pieces', lengths: [3, 5, 1] },
  { name: 'a long piece between short ones', lengths: [10, 10, 1_500, 10] },
  { name: 'short ones behind a long one', lengths: [2_000, 7, 7] },
  { name: 'more than one buffer holds', lengths: Array(30).fill(1_000) },
])('what goes in comes out: $name', ({ lengths }) => {
  const queue = new BodyQueue(0, room)
  const chunks = pieces(lengths)
  for (const chunk of chunks) queue.push(chunk)
  expect(drain(queue).equals(Buffer.concat(chunks))).toBe(true)
})

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
