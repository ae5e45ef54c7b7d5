import type { NormalCondition, NormalRoute } from '../../shapes/normal-config.ts'
import { allOf, anyOf, type Formula, not } from './formula.ts'
import { matchParts } from './match-formula.ts'
import { subjectsOf } from './mentions.ts'
import type { Reasoner } from './reasoner.ts'

/** A rule as far as its reach goes. */
export interface JudgedRule {
  /** null: it can't be read. */
  readonly condition: NormalCondition | null
  /** Which requests are tried by the rules behind it: all, those that it does not hold for, or, as its `else` takes the others, those that it holds for. */
  readonly passes: 'all' | 'rest' | 'held'
}

/** The condition of a rule without one. */
export const ALWAYS: NormalCondition = { type: 'all', of: [] }

/** What is true of a rule for all requests. */
export type RuleVerdict =
  | { readonly type: 'fine' }
  /** No request at all is what it asks for. */
  | { readonly type: 'never holds' }
  /** All that it asks for is taken before, by the rules with these numbers together. */
  | { readonly type: 'taken'; readonly by: readonly number[] }
  /** The route takes no request that it asks for. */
  | { readonly type: 'outside' }
  /** Keyway refuses by itself what it asks for. */
  | { readonly type: 'refused' }
  /** Every request that gets to it is what it asks for. */
  | { readonly type: 'always holds' }
  /** Of the conditions joined by its first `any`, those with these numbers are never true here. */
  | { readonly type: 'idle parts'; readonly parts: readonly number[] }

/** What rules are judged within. */
export interface RuleScope {
  /** null: it can't be read. */
  readonly match: NormalRoute['match'] | null
  /** Kinds of credentials that no rule gets to see. */
  readonly refusedKinds: readonly string[]
  /** Where the route looks for credentials; null: that is not asked, or not known. */
  readonly places: readonly string[] | null
}

const FINE: RuleVerdict = { type: 'fine' }

/** Judges the rules of a route, top to bottom, each by those before it. */
export function judgeRules(
  rules: readonly JudgedRule[],
  scope: RuleScope,
  reasoner: Reasoner,
): readonly RuleVerdict[] {
  const formulas = rules.map(({ condition }) => condition && reasoner.formulaOf(condition))
  const mentioned = new Set(
    rules.flatMap(({ condition }) => (condition ? subjectsOf(condition) : [])),
  )
  const route = scope.match === null ? [] : matchParts(scope.match, reasoner)
  const around: Around = {
    reasoner,
    route: [
      ...route.filter(({ subject }) => mentioned.has(subject)).map(({ formula }) => formula),
      ...(scope.places === null ? [] : [foundIn(scope.places)]),
    ],
    refused: not({ type: 'facet', facet: 'kind', names: scope.refusedKinds, holds: true }),
  }
  const taken: Taken[] = []
  return rules.map((rule, index) => {
    const formula = formulas[index] ?? null
    if (formula === null) return FINE
    const verdict = judge(formula, rule, taken, around)
    if (rule.passes !== 'all')
      taken.push({ index, rest: rule.passes === 'rest' ? not(formula) : formula })
    return verdict
  })
}

/** That a credential stands where it is looked for. */
function foundIn(names: readonly string[]): Formula {
  return anyOf([
    { type: 'present', subject: 'credential', holds: false },
    { type: 'facet', facet: 'source', names, holds: true },
  ])
}

interface Around {
  readonly reasoner: Reasoner
  readonly route: readonly Formula[]
  readonly refused: Formula
}

/** A rule that ends the search for some, and what it leaves. */
interface Taken {
  readonly index: number
  readonly rest: Formula
}

function judge(
  formula: Formula,
  rule: JudgedRule,
  taken: readonly Taken[],
  around: Around,
): RuleVerdict {
  const { reasoner, route, refused } = around
  const here = [...route, refused, ...taken.map(({ rest }) => rest)]
  const { verdict } = reasoner.solve(formula, ...here)
  if (verdict === 'no') return explain(formula, taken, around)
  if (verdict !== 'yes' || rule.condition === ALWAYS) return FINE
  if (reasoner.solve(not(formula), ...here).verdict === 'no') return { type: 'always holds' }
  const parts = idleParts(rule.condition, here, reasoner)
  return parts.length === 0 ? FINE : { type: 'idle parts', parts }
}

/** Why no request gets to a rule: the simplest reason that is enough. */
function explain(
  formula: Formula,
  taken: readonly Taken[],
  { reasoner, route, refused }: Around,
): RuleVerdict {
  const excludes = (...others: readonly Formula[]): boolean =>
    reasoner.solve(formula, ...others).verdict === 'no'
  if (excludes()) return { type: 'never holds' }
  const alone = taken.find(({ rest }) => excludes(rest))
  if (alone) return { type: 'taken', by: [alone.index] }
  if (excludes(...taken.map(({ rest }) => rest))) return takenBy(taken, excludes)
  if (excludes(...route)) return { type: 'outside' }
  if (excludes(refused)) return { type: 'refused' }
  const by = takenBy(taken, (...others) => excludes(...route, refused, ...others))
  return by.by.length === 0 ? { type: 'refused' } : by
}

/** Leaves out one rule after the other, as long as the rest still takes all. */
function takenBy(
  taken: readonly Taken[],
  excludes: (...rests: readonly Formula[]) => boolean,
): Extract<RuleVerdict, { type: 'taken' }> {
  let needed = taken
  for (const one of taken) {
    const without = needed.filter((other) => other !== one)
    if (excludes(...without.map(({ rest }) => rest))) needed = without
  }
  return { type: 'taken', by: needed.map(({ index }) => index) }
}

function idleParts(
  condition: NormalCondition | null,
  here: readonly Formula[],
  reasoner: Reasoner,
): readonly number[] {
  const parts = condition?.type === 'all' ? condition.of : [condition]
  const joined = parts.find((part) => part?.type === 'any')
  if (joined?.type !== 'any') return []
  const others = parts.filter((part) => part !== null && part !== joined)
  const rest = allOf(others.map((part) => reasoner.formulaOf(part as NormalCondition)))
  return joined.of.flatMap((part, index) =>
    reasoner.solve(reasoner.formulaOf(part), rest, ...here).verdict === 'no' ? [index] : [],
  )
}
