import type { Condition } from '../shapes/config.generated.ts'
import type { Path } from '../text/document.ts'

/** Visits a condition and those that it joins or denies, each with where it stands. */
export function eachCondition(
  condition: Condition,
  path: Path,
  visit: (condition: Condition, path: Path) => void,
): void {
  visit(condition, path)
  for (const join of ['all', 'any'] as const)
    for (const [index, inner] of (condition[join] ?? []).entries())
      eachCondition(inner, [...path, join, index], visit)
  if (condition.not) eachCondition(condition.not, [...path, 'not'], visit)
}
