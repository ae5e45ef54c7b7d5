import { normalizeCondition } from '../normalize/normalize-condition.ts'
import type { RoutePart, RulePart } from '../schema/model.ts'
import type { NormalCondition } from '../shapes/normal-config.ts'
import { orElse } from './attempt.ts'
import { type CheckContext, errorAt } from './check-context.ts'
import { implies, isContradiction, type Kinds } from './reasoning/implication.ts'
import { witnessOf } from './reasoning/witness.ts'

/** Finds rules that no request ever gets to. */
export function checkReachability(context: CheckContext): void {
  const kinds = new Map(context.kinds.map((kind) => [kind.name, kind]))
  for (const route of context.model.ruleSets) checkRoute(context, route, kinds)
}

/** A rule that ends the search for the requests it takes. */
interface Closed {
  readonly rule: RulePart
  readonly condition: NormalCondition
}

function checkRoute({ report }: CheckContext, route: RoutePart, kinds: Kinds): void {
  const closed: Closed[] = []
  let end: RulePart | null = null
  for (const rule of route.rules) {
    if (end) {
      report(afterEnd(rule, end))
      continue
    }
    const condition = tryNormalize(rule)
    if (condition) {
      if (isNeverHeld(condition, kinds)) report(contradiction(rule))
      const taker = closed.find((earlier) => isImplied(condition, earlier.condition, kinds))
      if (taker) report(taken(rule, condition, taker.rule))
    }
    if (endsSearch(rule)) end = rule
    else if (condition && isFinal(rule)) closed.push({ rule, condition })
  }
}

/** Whether nothing passes a rule: it has no condition, or an `else` for the rest. */
function endsSearch({ value: rule }: RulePart): boolean {
  const isContinued = rule.continue === true && rule.reject === undefined
  return !isContinued && (rule.if === undefined || rule.else !== undefined)
}

function isFinal({ value: rule }: RulePart): boolean {
  return rule.continue !== true || rule.reject !== undefined
}

/** The condition, where everything in it can be read; the rest is reported elsewhere. */
function tryNormalize({ value }: RulePart): NormalCondition | null {
  return value.if ? normalizeCondition(value.if) : null
}

function isImplied(a: NormalCondition, b: NormalCondition, kinds: Kinds): boolean {
  return orElse(() => implies(a, b, kinds), false)
}

function isNeverHeld(condition: NormalCondition, kinds: Kinds): boolean {
  return orElse(() => isContradiction(condition, kinds), false)
}

function afterEnd(rule: RulePart, end: RulePart): ReturnType<typeof errorAt> {
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

function taken(
  rule: RulePart,
  condition: NormalCondition,
  taker: RulePart,
): ReturnType<typeof errorAt> {
  const witness = witnessOf(condition)
  const example = witness ? `, such as ${witness},` : ''
  return errorAt(
    rule.path,
    'unreachable-rule',
    `no request gets to this rule: every one that it is for${example} is taken by ${nameOf(taker)} before it`,
    {
      hint: `put it before ${nameOf(taker)}, or remove it`,
    },
  )
}

function contradiction(rule: RulePart): ReturnType<typeof errorAt> {
  return errorAt([...rule.path, 'if'], 'never-holds', 'no request can be all of this at once', {
    hint: 'join what excludes each other by "any" (in a sentence "or")',
  })
}

function nameOf({ value, index }: RulePart): string {
  return value.name === undefined ? `rules[${index}]` : `rule "${value.name}"`
}
