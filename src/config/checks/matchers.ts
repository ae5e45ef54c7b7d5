import type { Matcher } from '../shapes/config.generated.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt } from './check-context.ts'
import type { PatternCheck } from './patterns.ts'

/** What a matcher is checked with. */
export type MatcherContext = Pick<CheckContext, 'report'> & { readonly checkPattern: PatternCheck }

/** Checks a matcher's regular expression, and that it can hold at all. */
export function checkMatcher(context: MatcherContext, path: Path, matcher: Matcher): void {
  if (typeof matcher === 'string' || Array.isArray(matcher)) return
  const { matches, present, ...others } = matcher
  if (matches !== undefined) context.checkPattern([...path, 'matches'], matches)
  const asksValue = Object.keys(others).some((key) => key in VALUE_KEYS) || matches !== undefined
  if (present !== false || !asksValue) return
  context.report(
    errorAt([...path, 'present'], 'never-holds', 'an absent value is not compared with a text', {
      hint: 'use "any" with "present: false" beside the other matcher',
    }),
  )
}

const VALUE_KEYS = { equals: 1, prefix: 1, suffix: 1, contains: 1, in: 1 }
