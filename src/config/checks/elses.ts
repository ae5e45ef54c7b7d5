import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt } from './check-context.ts'

/** Checks that each `else` has an `if`: a rule without one always holds. */
export function checkElses({ model, report }: CheckContext): void {
  for (const route of model.ruleSets)
    for (const { path, value } of route.rules)
      if (value.else !== undefined && value.if === undefined) report(elseWithoutIf(path))
}

function elseWithoutIf(path: Path): ReturnType<typeof errorAt> {
  return errorAt([...path, 'else'], 'else-without-if', '"else" has no "if" beside it', {
    part: 'key',
    hint: 'put it into the rule whose "if" it belongs to; a rule without "if" always holds',
  })
}
