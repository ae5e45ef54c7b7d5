import type { Machine } from './machine.ts'

/** The same machine, which works out once what each of its states does. */
export function remembered(machine: Machine): Machine {
  const steps: Map<number, number>[] = []
  const ends: boolean[] = []
  const cuts: (readonly number[])[] = []
  return {
    start: machine.start,
    accepts(state) {
      ends[state] ??= machine.accepts(state)
      return ends[state]
    },
    step(state, code) {
      steps[state] ??= new Map()
      const known = steps[state]
      let next = known.get(code)
      if (next === undefined) {
        next = machine.step(state, code)
        known.set(code, next)
      }
      return next
    },
    cuts(state) {
      cuts[state] ??= [...new Set(machine.cuts(state))].sort((a, b) => a - b)
      return cuts[state]
    },
  }
}
