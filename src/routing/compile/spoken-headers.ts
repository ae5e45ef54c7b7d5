import { leavesOf } from '../../config/language/condition-leaves.ts'
import type {
  HeaderOperations,
  NormalCondition,
  NormalRoute,
} from '../../config/shapes/normal-config.ts'

/**
 * Headers of a request that a route and its rules write, take away or look at, in lower case: a
 * client's field must not pass for one of them.
 */
export function spokenHeaders({ match, rules, request }: NormalRoute): readonly string[] {
  const names = [
    ...match.headers.map(({ name }) => name),
    ...writtenHeaders(request),
    ...rules.flatMap((rule) => [
      ...(rule.if === null ? [] : lookedAt(rule.if)),
      ...writtenHeaders(rule.then.request),
      ...writtenHeaders(rule.else?.request ?? null),
    ]),
  ]
  return [...new Set(names.map((name) => name.toLowerCase()))]
}

function writtenHeaders(operations: HeaderOperations | null): readonly string[] {
  if (operations === null) return []
  const { remove = [], rename = {}, set, add, append } = operations
  const renamed = Object.entries(rename).flat()
  return [...remove, ...renamed, ...[set, add, append].flatMap((block) => Object.keys(block ?? {}))]
}

function lookedAt(condition: NormalCondition): readonly string[] {
  return leavesOf(condition).flatMap((leaf) => (leaf.type === 'header' ? [leaf.name] : []))
}
