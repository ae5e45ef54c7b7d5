import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NormalBalance, NormalEject } from '../../src/config/shapes/normal-upstream.ts'
import { type Balancer, createBalancer } from '../../src/upstreams/balancer.ts'

const EJECT = { failures: 2, forMs: 1_000, recoverMs: 100 }

interface Clock {
  time: number
}

function balancerOf(
  count: number,
  clock: Clock = { time: 0 },
  balance: NormalBalance = { by: 'round-robin' },
  inFlight: readonly number[] = [],
  eject: NormalEject | null = EJECT,
): Balancer {
  const targets = Array.from({ length: count }, (_, index) => ({ id: `t${index}`, weight: 1 }))
  return createBalancer({
    targets,
    balance,
    eject,
    inFlightOf: (index) => inFlight[index] ?? 0,
    now: () => clock.time,
  })
}

function choose(balancer: Balancer, times: number): number[] {
  return Array.from({ length: times }, () => balancer.choose(null, []))
}

function fail(balancer: Balancer, index: number): boolean {
  balancer.onFailure(index)
  return balancer.onFailure(index)
}

describe('a balancer', () => {
  test('takes turns', () => {
    expect(choose(balancerOf(3), 6)).toEqual([0, 1, 2, 0, 1, 2])
  })

  test('leaves out what is down, until it is up', () => {
    const balancer = balancerOf(2)
    balancer.onCheck(0, 'down')
    expect(choose(balancer, 3)).toEqual([1, 1, 1])
    expect(balancer.isDown()).toBe(false)
    balancer.onCheck(0, 'up')
    expect(new Set(choose(balancer, 2))).toEqual(new Set([0, 1]))
  })

  test('asks all where all are down', () => {
    const balancer = balancerOf(2)
    balancer.onCheck(0, 'down')
    balancer.onCheck(1, 'down')
    expect(balancer.isDown()).toBe(true)
    expect(new Set(choose(balancer, 2))).toEqual(new Set([0, 1]))
  })

  test('ejects after failures in a row, and lets the target back slowly', () => {
    const clock = { time: 0 }
    const balancer = balancerOf(2, clock)
    expect(fail(balancer, 0)).toBe(true)
    expect(choose(balancer, 3)).toEqual([1, 1, 1])
    expect(balancer.describe().map(({ state }) => state)).toEqual(['ejected', 'up'])
    expect(balancer.describe().map(({ share }) => share)).toEqual([0, 1])
    clock.time = 1_000
    expect(balancer.describe().map(({ share }) => share)).toEqual([0.1, 1])
    expect(balancer.describe()[0]?.state).toBe('recovering')
    expect(choose(balancer, 22).filter((index) => index === 0)).toHaveLength(2)
    clock.time = 1_100
    expect(choose(balancer, 10).filter((index) => index === 0)).toHaveLength(5)
  })

  test('ejects half of the targets at most', () => {
    const balancer = balancerOf(5)
    const ejected = [0, 1, 2, 3, 4].map((index) => fail(balancer, index))
    expect(ejected).toEqual([true, true, false, false, false])
  })

  test('counts failures in a row: a success starts anew', () => {
    const balancer = balancerOf(2)
    const failures = [balancer.onFailure(0)]
    balancer.onSuccess(0)
    failures.push(balancer.onFailure(0), balancer.onFailure(0))
    expect(failures).toEqual([false, false, true])
  })

  test('ejects nobody where ejection is off', () => {
    const balancer = balancerOf(2, { time: 0 }, { by: 'round-robin' }, [], null)
    expect([0, 0, 0, 0].map((index) => balancer.onFailure(index))).not.toContain(true)
    balancer.onSuccess(0)
    expect(choose(balancer, 4)).toEqual([0, 1, 0, 1])
    expect(balancer.describe().map(({ state }) => state)).toEqual(['up', 'up'])
    balancer.onCheck(1, 'down')
    expect(balancer.describe().map(({ state }) => state)).toEqual(['up', 'down'])
  })

  test('takes turns whatever the credential, where it is to take turns', () => {
    const balancer = balancerOf(3)
    expect([1, 2, 3].map(() => balancer.choose('sk-TEST', []))).toEqual([0, 1, 2])
  })

  test('begins with the first of equals, by load too', () => {
    const balancer = balancerOf(3, { time: 0 }, { by: 'least-requests' })
    expect(choose(balancer, 4)).toEqual([0, 1, 2, 0])
  })

  test('never ejects the only one', () => {
    expect(fail(balancerOf(1), 0)).toBe(false)
  })

  test('takes an ejected target rather than one that is down', () => {
    const balancer = balancerOf(2)
    fail(balancer, 0)
    balancer.onCheck(1, 'down')
    expect(choose(balancer, 2)).toEqual([0, 0])
  })

  test('takes one that was not tried, and one that was where all were', () => {
    const balancer = balancerOf(3)
    expect(balancer.choose(null, [0, 1])).toBe(2)
    expect([0, 1, 2]).toContain(balancer.choose(null, [0, 1, 2]))
  })

  test('sends a key to the same target, and to another while that one is down', () => {
    const balancer = balancerOf(3, { time: 0 }, { by: 'credential' })
    const first = balancer.choose('sk-TEST', [])
    expect(balancer.choose('sk-TEST', [])).toBe(first)
    balancer.onCheck(first, 'down')
    const second = balancer.choose('sk-TEST', [])
    expect(second).not.toBe(first)
    balancer.onCheck(first, 'up')
    expect(balancer.choose('sk-TEST', [])).toBe(first)
    expect(balancer.choose('sk-TEST', [first])).toBe(second)
  })

  test('lets a request without a key take its turn', () => {
    const balancer = balancerOf(2, { time: 0 }, { by: 'header', name: 'x-user' })
    expect(choose(balancer, 4)).toEqual([0, 1, 0, 1])
  })

  test('looks at what is under way', () => {
    const inFlight = [1, 0]
    const balancer = balancerOf(2, { time: 0 }, { by: 'least-requests' }, inFlight)
    expect(choose(balancer, 2)).toEqual([1, 1])
    inFlight[1] = 2
    expect(balancer.choose(null, [])).toBe(0)
    expect(balancer.describe().map((target) => target.inFlight)).toEqual([1, 2])
  })
})

const balances: readonly NormalBalance[] = [
  { by: 'round-robin' },
  { by: 'least-requests' },
  { by: 'client' },
]

/** None that is as good as the chosen one has fewer requests under way. */
function expectLeast(balancer: Balancer, chosen: number, tried: readonly number[]): void {
  const states = balancer.describe()
  if (states[chosen]?.state !== 'up') return
  const others = states.filter(({ state }, index) => state === 'up' && !tried.includes(index))
  expect(states[chosen]?.inFlight).toBe(Math.min(...others.map(({ inFlight }) => inFlight)))
}

const event = fc.record({
  type: fc.constantFrom('fail', 'succeed', 'up', 'down', 'wait', 'begin', 'finish'),
  target: fc.nat(6),
})

describe('whatever happens', () => {
  test.each(balances)('there is always a target, tried ones last: $by', (balance) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.array(event, { maxLength: 60 }),
        (count, events) => {
          const clock = { time: 0 }
          const inFlight = Array.from({ length: count }, () => 0)
          const balancer = balancerOf(count, clock, balance, inFlight)
          for (const { type, target } of events) {
            const index = target % count
            if (type === 'fail') balancer.onFailure(index)
            else if (type === 'succeed') balancer.onSuccess(index)
            else if (type === 'wait') clock.time += 100 * target
            else if (type === 'begin') inFlight[index] = (inFlight[index] ?? 0) + 1
            else if (type === 'finish') inFlight[index] = Math.max(0, (inFlight[index] ?? 0) - 1)
            else balancer.onCheck(index, type === 'up' ? 'up' : 'down')
            const tried = count > 1 ? [index] : []
            const chosen = balancer.choose('key', tried)
            expect(chosen >= 0 && chosen < count && !tried.includes(chosen)).toBe(true)
            const ejected = balancer.describe().filter(({ state }) => state === 'ejected').length
            expect(2 * ejected).toBeLessThanOrEqual(count)
            if (balance.by === 'least-requests') expectLeast(balancer, chosen, tried)
          }
        },
      ),
    )
  })
})
