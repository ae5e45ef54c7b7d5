import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLeastRequests } from '../../src/upstreams/least-requests.ts'
import { createRendezvous } from '../../src/upstreams/rendezvous.ts'
import { createRoundRobin } from '../../src/upstreams/round-robin.ts'

const weights = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 })

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

describe('round robin', () => {
  test("spreads a heavy target's turns, as nginx does", () => {
    const pick = createRoundRobin(3)
    const weightOf = (index: number): number => [5, 1, 1][index] as number
    expect(Array.from({ length: 7 }, () => pick(weightOf))).toEqual([0, 0, 1, 0, 2, 0, 0])
  })

  test('takes nobody where all weights are 0', () => {
    expect(createRoundRobin(2)(() => 0)).toBe(-1)
  })

  test('gives each target exactly its weight in a full round, and starves nobody', () => {
    fc.assert(
      fc.property(weights, (given) => {
        const pick = createRoundRobin(given.length)
        const counts = given.map(() => 0)
        for (let turn = 0; turn < sum(given); turn++) {
          const index = pick((target) => given[target] as number)
          counts[index] = (counts[index] as number) + 1
        }
        expect(counts).toEqual(given)
      }),
    )
  })

  test('lets every target wait for at most its share, whatever part of the others comes and goes', () => {
    fc.assert(
      fc.property(weights, fc.infiniteStream(fc.nat()), (given, noise) => {
        const pick = createRoundRobin(given.length)
        let waited = 0
        for (let turn = 0; turn < 4 * sum(given) && waited <= 2 * sum(given); turn++) {
          const isOut = noise.next().value as number
          const index = pick((target) =>
            target > 0 && isOut % (target + 1) === 0 ? 0 : (given[target] as number),
          )
          waited = index === 0 ? 0 : waited + 1
        }
        expect(waited).toBeLessThanOrEqual(2 * sum(given))
      }),
    )
  })
})

describe('least requests', () => {
  test('takes the idle one, then turns among equals', () => {
    const pick = createLeastRequests()
    const inFlight = [1, 0, 1]
    const view = {
      count: 3,
      weightOf: () => 1,
      inFlightOf: (index: number) => inFlight[index] as number,
    }
    expect(pick(view)).toBe(1)
    inFlight[1] = 1
    expect([pick(view), pick(view), pick(view), pick(view)]).toEqual([2, 0, 1, 2])
  })

  test('keeps the load in proportion to the weights', () => {
    fc.assert(
      fc.property(weights, (given) => {
        const pick = createLeastRequests()
        const inFlight = given.map(() => 0)
        for (let turn = 0; turn < sum(given); turn++) {
          const index = pick({
            count: given.length,
            weightOf: (target) => given[target] as number,
            inFlightOf: (target) => inFlight[target] as number,
          })
          inFlight[index] = (inFlight[index] as number) + 1
        }
        expect(inFlight).toEqual(given)
      }),
    )
  })

  test('leaves out a weight of 0', () => {
    const view = { count: 2, weightOf: (index: number) => index, inFlightOf: () => 9 }
    expect(createLeastRequests()(view)).toBe(1)
    expect(createLeastRequests()({ ...view, weightOf: () => 0 })).toBe(-1)
  })
})

const keys = Array.from({ length: 4_000 }, (_, index) => `sk-TEST-${index}`)

describe('rendezvous hashing', () => {
  test('sends each key to the same target, whatever the order of the file', () => {
    const ids = ['http://a', 'http://b', 'http://c']
    const forwards = createRendezvous(ids)
    const backwards = createRendezvous(ids.toReversed())
    for (const key of keys) {
      expect(forwards(key, () => 1)).toBe(2 - backwards(key, () => 1))
    }
  })

  test('moves only the keys of a target that goes', () => {
    const ids = fc.uniqueArray(fc.domain(), { minLength: 2, maxLength: 6 })
    fc.assert(
      fc.property(ids, fc.array(fc.string(), { minLength: 20, maxLength: 20 }), (given, some) => {
        const pick = createRendezvous(given)
        for (const key of some) {
          const before = pick(key, () => 1)
          const after = pick(key, (target) => (target === 0 ? 0 : 1))
          if (before !== 0) expect(after).toBe(before)
          else expect(after).toBeGreaterThan(0)
        }
      }),
      { numRuns: 30 },
    )
  })

  test('a weight that grows only draws keys in', () => {
    const pick = createRendezvous(['a', 'b', 'c'])
    for (const key of keys) {
      const before = pick(key, () => 1)
      const after = pick(key, (target) => (target === 2 ? 3 : 1))
      if (after !== before) expect(after).toBe(2)
    }
  })

  test.each([
    { name: 'equal', given: [1, 1, 1, 1] },
    { name: 'unequal', given: [1, 2, 5] },
    { name: 'nearly nothing', given: [0.1, 1] },
  ])('shares keys out by $name weights', ({ given }) => {
    const pick = createRendezvous(given.map((_, index) => `http://10.0.0.${index}:8080`))
    const counts = given.map(() => 0)
    for (const key of keys) {
      const index = pick(key, (target) => given[target] as number)
      counts[index] = (counts[index] as number) + 1
    }
    for (const [index, count] of counts.entries()) {
      const share = (given[index] as number) / sum(given)
      expect(Math.abs(count / keys.length - share)).toBeLessThan(0.03)
    }
  })

  test('takes nobody where all weights are 0', () => {
    expect(createRendezvous(['a'])('key', () => 0)).toBe(-1)
  })
})
