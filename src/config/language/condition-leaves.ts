import type { NormalCondition } from '../shapes/normal-config.ts'

/** A condition that is made of no others. */
export type ConditionLeaf = Exclude<NormalCondition, { type: 'all' | 'any' | 'not' }>

/** What a condition is made of, in order, whether it is to hold or not. */
export function leavesOf(condition: NormalCondition): readonly ConditionLeaf[] {
  switch (condition.type) {
    case 'all':
    case 'any':
      return condition.of.flatMap(leavesOf)
    case 'not':
      return leavesOf(condition.of)
    default:
      return [condition]
  }
}
