import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEjection } from '../../src/upstreams/ejection.ts'
import { createHealthState } from '../../src/upstreams/health-state.ts'

const checks: readonly { name: string; outcomes: string; states: readonly (string | null)[] }[] = [
  { name: 'the first check alone takes it down', outcomes: '-', states: ['down'] },
  { name: 'the first good one changes nothing', outcomes: '+', states: [null] },
  { name: 'three bad ones in a row', outcomes: '+---', states: [null, null, null, 'down'] },
  {
    name: 'bad ones with a good one between',
    outcomes: '+--+--',
    states: [null, null, null, null, null, null],
  },
  { name: 'two good ones bring it back', outcomes: '-++', states: ['down', null, 'up'] },
  {
    name: 'good ones with a bad one between',
    outcomes: '-+-++',
    states: ['down', null, null, null, 'up'],
  },
]

describe('active checks', () => {
  test.each(checks)('$name', ({ outcomes, states }) => {
    const health = createHealthState({ healthy: 2, unhealthy: 3 })
    expect(health.isUp()).toBe(true)
    expect([...outcomes].map((outcome) => health.report(outcome === '+'))).toEqual(states)
    expect(health.isUp()).toBe(states.findLast((state) => state !== null) !== 'down')
  })
})

const SETTINGS = { failures: 3, forMs: 30_000, recoverMs: 10_000 }

describe('ejection', () => {
  test('comes with failures in a row, and a success starts the count again', () => {
    const target = createEjection(SETTINGS)
    expect([target.onFailure(0), target.onFailure(0)]).toEqual([false, false])
    target.onSuccess()
    expect([target.onFailure(0), target.onFailure(0), target.onFailure(0)]).toEqual([
      false,
      false,
      true,
    ])
  })

  test('lasts its time, then the share grows back', () => {
    const target = createEjection(SETTINGS)
    target.eject(1_000)
    const at = [1_000, 30_999, 31_000, 36_000, 41_000, 99_000]
    const shares = at.map((now) => Number(target.share(now).toFixed(2)))
    expect(shares).toEqual([0, 0, 0.1, 0.55, 1, 1])
    expect(at.map((now) => target.isEjected(now))).toEqual([true, true, false, false, false, false])
  })

  test('is over in the moment that its time is', () => {
    const target = createEjection({ ...SETTINGS, recoverMs: 0, failures: 1 })
    target.eject(0)
    expect([target.onFailure(29_999), target.onFailure(30_000)]).toEqual([false, true])
  })

  test('comes back at once where there is no slow return', () => {
    const target = createEjection({ ...SETTINGS, recoverMs: 0 })
    target.eject(0)
    expect(target.share(30_000)).toBe(1)
  })

  test('one failure on the way back is enough', () => {
    const target = createEjection(SETTINGS)
    target.eject(0)
    expect(target.onFailure(35_000)).toBe(true)
    expect(target.onFailure(41_000)).toBe(false)
  })

  test('what was under way when it was ejected counts for nothing', () => {
    const target = createEjection(SETTINGS)
    target.eject(0)
    const under = [target.onFailure(1), target.onFailure(2), target.onFailure(29_999)]
    target.onSuccess()
    expect(target.isEjected(29_999)).toBe(true)
    const later = [target.onFailure(50_000), target.onFailure(50_000), target.onFailure(50_000)]
    expect([under, later]).toEqual([
      [false, false, false],
      [false, false, true],
    ])
  })

  test('the share is always between 0 and 1 and never falls by itself', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), (now, later) => {
        const target = createEjection(SETTINGS)
        target.eject(0)
        const share = target.share(now)
        expect(share >= 0 && share <= 1).toBe(true)
        expect(target.share(now + later)).toBeGreaterThanOrEqual(share)
      }),
    )
  })
})
