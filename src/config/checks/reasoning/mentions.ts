import { type ConditionLeaf, leavesOf } from '../../language/condition-leaves.ts'
import type { NormalCondition } from '../../shapes/normal-config.ts'

/** What a condition looks at, such as `path`, `header x-team` or `source`. */
export function subjectsOf(condition: NormalCondition): readonly string[] {
  return leavesOf(condition).map(subjectOf)
}

function subjectOf(leaf: ConditionLeaf): string {
  switch (leaf.type) {
    case 'path-pattern':
      return 'path'
    case 'header':
    case 'query':
      return `${leaf.type} ${leaf.name}`
    default:
      return leaf.type
  }
}

/** The names of kinds that a condition speaks of. */
export function kindsOf(condition: NormalCondition): readonly string[] {
  return leavesOf(condition).flatMap((leaf) => (leaf.type === 'kind' ? leaf.in : []))
}
