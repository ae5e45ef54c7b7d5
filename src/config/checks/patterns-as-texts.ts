import type { Condition } from '../shapes/config.generated.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, warningAt } from './check-context.ts'
import { eachCondition } from './each-condition.ts'

const TEXT_MATCHERS = ['equals', 'prefix', 'suffix', 'contains'] as const

/** Warns of signs of patterns in matchers that take a text as it is: no credential, path or host has them. */
export function lintPatternsAsTexts({ model, report }: CheckContext): void {
  const look = (condition: Condition, path: Path): void => {
    for (const subject of ['credential', 'path', 'host'] as const) {
      const matcher = condition[subject]
      if (typeof matcher !== 'object' || Array.isArray(matcher)) continue
      for (const key of TEXT_MATCHERS) {
        const text = matcher[key]
        const sign = text === undefined ? null : findSign(text)
        if (text === undefined || sign === null) continue
        report(
          warningAt(
            [...path, subject, key],
            'pattern-as-text',
            `"${sign}" stands for itself in "${key}", and no ${subject} has it there`,
            { hint: hintFor(key, text) },
          ),
        )
      }
    }
  }
  for (const route of model.ruleSets)
    for (const { path, value } of route.rules)
      if (value.if) eachCondition(value.if, [...path, 'if'], look)
}

function findSign(text: string): string | null {
  return /^\^|\.\*$|\*$|^\*(?=.)/.exec(text)?.[0] ?? null
}

/** The text alone where it is all that the signs were put around, else the pattern that was meant. */
function hintFor(key: string, text: string): string {
  const plain = text.replace(/^\^|^\*(?=.)|(?:\.?\*|\$)$/g, '')
  if (plain === '') return 'leave it out where any is meant'
  if (/^[\w./-]*$/.test(plain)) return `write ${key} ${plain}`
  return text.startsWith('*') ? 'write a pattern under "matches"' : `write matches ${text}`
}
