import type { NormalCondition } from '../../shapes/normal-config.ts'

/** What a condition looks at, such as `path`, `header x-team` or `source`. */
export function subjectsOf(condition: NormalCondition): readonly string[] {
  switch (condition.type) {
    case 'all':
    case 'any':
      return condition.of.flatMap(subjectsOf)
    case 'not':
      return subjectsOf(condition.of)
    case 'path-pattern':
      return ['path']
    case 'header':
    case 'query':
      return [`${condition.type} ${condition.name}`]
    default:
      return [condition.type]
  }
}

/** The names of kinds that a condition speaks of. */
export function kindsOf(condition: NormalCondition): readonly string[] {
  if (condition.type === 'kind') return condition.in
  if (condition.type === 'not') return kindsOf(condition.of)
  return condition.type === 'all' || condition.type === 'any' ? condition.of.flatMap(kindsOf) : []
}
