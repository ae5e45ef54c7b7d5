/** The weight of a target at this moment; 0 leaves it out. */
export type WeightOf = (index: number) => number

/** Picks the next target; -1 where all weights are 0. */
export type PickInTurn = (weightOf: WeightOf) => number

/**
 * Creates nginx's smooth weighted round robin: each turn every target gains its weight, the richest
 * is taken and pays the sum, so that a heavy target's turns are spread among the others'.
 */
export function createRoundRobin(count: number): PickInTurn {
  const credits = new Float64Array(count)
  return (weightOf) => {
    let sum = 0
    let best = -1
    for (let index = 0; index < count; index++) {
      const weight = weightOf(index)
      if (weight <= 0) continue
      sum += weight
      const credit = (credits[index] as number) + weight
      credits[index] = credit
      if (best < 0 || credit > (credits[best] as number)) best = index
    }
    if (best >= 0) credits[best] = (credits[best] as number) - sum
    return best
  }
}
