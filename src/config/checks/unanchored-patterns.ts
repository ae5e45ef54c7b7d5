import type { Condition } from '../shapes/config.generated.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt, warningAt } from './check-context.ts'
import { eachCondition } from './each-condition.ts'

/** Warns of patterns that find a credential's shape anywhere in a value. */
export function lintPatterns({ model, report }: CheckContext): void {
  for (const route of model.ruleSets)
    for (const { path, value } of route.rules)
      if (value.if)
        eachCondition(value.if, [...path, 'if'], (condition, at) => {
          visitSlashes(condition, at, report)
          visitStart(condition, at, report)
        })
}

function visitStart(condition: Condition, path: Path, report: CheckContext['report']): void {
  const matches = condition.credential?.matches
  if (
    matches !== undefined &&
    !isInSlashes(matches) &&
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
}

/** Finds patterns in slashes, as other languages write them: no value matches them here. */
function visitSlashes(condition: Condition, path: Path, report: CheckContext['report']): void {
  const warn = (matches: string | undefined, at: Path): void => {
    if (matches !== undefined && isInSlashes(matches))
      report(
        errorAt(at, 'regex-in-slashes', 'the slashes around it, /…/, are part of this pattern', {
          hint: `write ${matches.replace(/^\/|\/[a-z]*$/g, '')}`,
        }),
      )
  }
  warn(condition.credential?.matches, [...path, 'credential', 'matches'])
  for (const sort of ['header', 'query'] as const)
    for (const [name, matcher] of Object.entries(condition[sort] ?? {}))
      if (typeof matcher === 'object' && !Array.isArray(matcher))
        warn(matcher.matches, [...path, sort, name, 'matches'])
}

/** `/^sk-/`, or with flags, `/^sk-/i`. */
function isInSlashes(source: string): boolean {
  return /^\/\^.*\/[gimsuy]*$|^\/.*\$\/[gimsuy]*$/.test(source)
}
