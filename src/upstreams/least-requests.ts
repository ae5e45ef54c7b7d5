import type { WeightOf } from './round-robin.ts'

/** What a choice by load looks at. */
export interface LoadView {
  readonly count: number
  readonly weightOf: WeightOf
  /** Requests under way at a target. */
  readonly inFlightOf: (index: number) => number
}

/**
 * Creates the choice of the target with the fewest requests under way for its weight; equals take
 * turns. A full look: there are few targets, and two random ones would miss an idle third.
 */
export function createLeastRequests(): (view: LoadView) => number {
  let last = -1
  return ({ count, weightOf, inFlightOf }) => {
    let best = -1
    let least = Number.POSITIVE_INFINITY
    for (let turn = 1; turn <= count; turn++) {
      const index = (last + turn) % count
      const weight = weightOf(index)
      if (weight <= 0) continue
      const load = (inFlightOf(index) + 1) / weight
      if (load >= least) continue
      least = load
      best = index
    }
    if (best >= 0) last = best
    return best
  }
}
