import type { Condition } from '../shapes/config.generated.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, warningAt } from './check-context.ts'

/** Warns of patterns that find a credential's shape anywhere in a value. */
export function lintPatterns({ model, report }: CheckContext): void {
  for (const route of model.ruleSets)
    for (const { path, value } of route.rules)
      if (value.if) visit(value.if, [...path, 'if'], report)
}

function visit(condition: Condition, path: Path, report: CheckContext['report']): void {
  const matches = condition.credential?.matches
  if (
    matches !== undefined &&
    !/^\(*(\?[a-z]+\))?\(*(\^|\\A)/.test(matches) &&
    !matches.endsWith('$')
  )
    report(
      warningAt(
        [...path, 'credential', 'matches'],
        'unanchored-pattern',
        'the pattern is looked for anywhere in the credential',
        { hint: `write ^${matches}` },
      ),
    )
  for (const join of ['all', 'any'] as const)
    for (const [index, inner] of (condition[join] ?? []).entries())
      visit(inner, [...path, join, index], report)
  if (condition.not) visit(condition.not, [...path, 'not'], report)
}
