import type { Finding } from '../diagnostics/finding.ts'
import { listWords } from '../diagnostics/suggest.ts'
import { normalizeCondition } from '../normalize/normalize-condition.ts'
import type { RulePart } from '../schema/model.ts'
import { errorAt, warningAt } from './check-context.ts'
import type { RuleVerdict } from './reasoning/judge-rules.ts'
import { witnessOf } from './reasoning/witness.ts'

/** What a verdict on one of some rules means for who wrote it; null: all is well. */
export function describeVerdict(
  verdict: RuleVerdict,
  index: number,
  rules: readonly RulePart[],
): Finding | null {
  const rule = rules[index] as RulePart
  switch (verdict.type) {
    case 'fine':
      return null
    case 'never holds':
      return contradiction(rule)
    case 'taken':
      return taken(
        rule,
        verdict.by.map((by) => rules[by] as RulePart),
      )
    case 'outside':
      return unreachable(rule, 'its route takes none that it is for', OUTSIDE)
    case 'refused':
      return unreachable(rule, 'what it is for is refused before any rule is tried', REFUSED)
    case 'always holds':
      return alwaysHolds(rule, index)
    case 'idle parts':
      return idle(rule, verdict.parts)
  }
}

const OUTSIDE = 'put it in the route that takes them, or remove it'
const REFUSED = 'remove it: such a credential never leaves'

function unreachable(rule: RulePart, reason: string, hint: string): Finding {
  const message = `no request gets to this rule: ${reason}`
  return errorAt(rule.path, 'unreachable-rule', message, { hint })
}

function idle(rule: RulePart, parts: readonly number[]): Finding {
  const numbers = listWords(
    parts.map((part) => `number ${part + 1}`),
    'or',
  )
  return warningAt(
    [...rule.path, 'if'],
    'idle-condition',
    `of the conditions joined by "any", no request that gets here is ${numbers}`,
    { hint: 'remove it, or put the rule further up' },
  )
}

function alwaysHolds(rule: RulePart, index: number): Finding {
  const { else: otherwise } = rule.value
  const what = otherwise === undefined ? 'the "if" says nothing' : 'its "else" is never taken'
  const who = index === 0 ? 'every request of this route' : 'every request that gets here'
  return warningAt(
    otherwise === undefined ? [...rule.path, 'if'] : [...rule.path, 'else'],
    'always-holds',
    `${who} is what the rule asks for: ${what}`,
    { hint: otherwise === undefined ? 'leave it out' : 'leave "if" and "else" out' },
  )
}

/** A rule behind one that nothing passes. */
export function afterEnd(rule: RulePart, end: RulePart): Finding {
  const reason =
    end.value.if === undefined
      ? 'has no "if", so it takes every request'
      : 'has an "else", which takes every other request'
  return errorAt(
    rule.path,
    'unreachable-rule',
    `no request gets to this rule: ${nameOf(end)} before it ${reason}`,
    {
      hint: `put it before ${nameOf(end)}, or remove one of them`,
    },
  )
}

function taken(rule: RulePart, takers: readonly RulePart[]): Finding {
  const witness = witnessOf(normalizeCondition(rule.value.if ?? {}))
  const example = witness ? `, such as ${witness},` : ''
  const names = takers.map(nameOf)
  const together = names.length > 1 ? ' together' : ''
  const message = `no request gets to this rule: every one that it is for${example} is taken by ${listWords(names)} before it${together}`
  // A rule for whatever is left is written for safety's sake: no mistake, where nothing is.
  if (rule.value.if === undefined)
    return warningAt(rule.path, 'unreachable-rule', message, {
      hint: `remove it, or leave the "if" of ${names.at(-1)} out`,
    })
  const hint = `put it before ${names[0]}, or remove it`
  return errorAt(rule.path, 'unreachable-rule', message, { hint })
}

function contradiction(rule: RulePart): Finding {
  const condition = normalizeCondition(rule.value.if ?? {})
  if (condition.type === 'kind')
    return errorAt(
      [...rule.path, 'if'],
      'never-holds',
      `no credential is ever told to be of kind ${listWords(condition.in, 'or')}`,
      { hint: 'give it "prefixes" or "matches" under "credentials"' },
    )
  return errorAt([...rule.path, 'if'], 'never-holds', 'no request can be all of this at once', {
    hint:
      oddEndHint(rule.value.if) ?? 'join what excludes each other by "any" (in a sentence "or")',
  })
}

/** What the file's own form has added to a text of a condition; null: nothing. */
function oddEndHint(condition: unknown): string | null {
  if (typeof condition === 'string') {
    if (condition.endsWith('\n'))
      return 'a text of it ends in a line break, which YAML\'s "|" and ">" leave there: write "|-" or ">-"'
    return /^ | $/.test(condition)
      ? 'a text of it begins or ends with a space, which is taken off every value'
      : null
  }
  if (typeof condition !== 'object' || condition === null) return null
  const hints = Object.values(condition).map(oddEndHint)
  return hints.find((hint) => hint !== null) ?? null
}

function nameOf({ value, index }: RulePart): string {
  return value.name === undefined ? `rules[${index}]` : `rule "${value.name}"`
}
