import { subjectsOf } from '../../config/checks/reasoning/mentions.ts'
import type { NormalConfig } from '../../config/shapes/normal-config.ts'

const KNOWN = new WeakMap<NormalConfig, ReadonlySet<string>>()

/** What the conditions of a file look at, its invariants' too, such as `path` or `header x-team`. */
export function askedSubjects(config: NormalConfig): ReadonlySet<string> {
  const known = KNOWN.get(config) ?? new Set(subjectsIn(config))
  KNOWN.set(config, known)
  return known
}

function subjectsIn({ routes, invariants }: NormalConfig): readonly string[] {
  const rules = routes.flatMap((route) => [route, ...route.fallback].flatMap((one) => one.rules))
  const conditions = [...rules.map((rule) => rule.if), ...invariants.map((one) => one.for)]
  return conditions.flatMap((one) => (one === null ? [] : subjectsOf(one)))
}
