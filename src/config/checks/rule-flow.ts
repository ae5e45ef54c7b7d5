import type { RulePart } from '../schema/model.ts'
import type { JudgedRule } from './reasoning/judge-rules.ts'

/** Which requests go on to the rules behind one. */
export function passesOf({
  continue: goesOn,
  reject,
  else: other,
}: RulePart['value']): JudgedRule['passes'] {
  if (goesOn !== true || reject !== undefined) return 'rest'
  return other === undefined ? 'all' : 'held'
}

/** Whether nothing passes a rule: it has no condition, or an `else` for the rest. */
export function endsSearch({ value: rule }: RulePart): boolean {
  const isContinued = rule.continue === true && rule.reject === undefined
  return !isContinued && (rule.if === undefined || rule.else !== undefined)
}
