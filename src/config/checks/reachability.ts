import { normalizeCondition } from '../normalize/normalize-condition.ts'
import { normalizeMatch } from '../normalize/normalize-match.ts'
import type { RoutePart, RulePart } from '../schema/model.ts'
import type { Condition } from '../shapes/config.generated.ts'
import type { NormalCondition } from '../shapes/normal-config.ts'
import { orElse } from './attempt.ts'
import type { CheckContext } from './check-context.ts'
import { createFileReasoner } from './reasoning/file-reasoner.ts'
import { type Formula, not } from './reasoning/formula.ts'
import {
  ALWAYS,
  type JudgedRule,
  judgeRules,
  type RuleScope,
  type RuleVerdict,
} from './reasoning/judge-rules.ts'
import { matchFormula } from './reasoning/match-formula.ts'
import { kindsOf, subjectsOf } from './reasoning/mentions.ts'
import type { Reasoner } from './reasoning/reasoner.ts'
import { shapeOf } from './reasoning/rule-shape.ts'
import { showRequest } from './reasoning/request/show-request.ts'
import { afterEnd, describeVerdict } from './rule-findings.ts'
import { endsSearch, passesOf } from './rule-flow.ts'
import { searchedPlaces } from './searched-places.ts'

/** Finds rules that no request ever gets to, and conditions that say nothing, by looking at all requests. */
export function checkReachability(context: CheckContext): void {
  const reasoner = createFileReasoner(context)
  const judge = createJudge(context, reasoner)
  for (const route of context.model.ruleSets) {
    const end = route.rules.findIndex(endsSearch)
    const tried = end < 0 ? route.rules : route.rules.slice(0, end + 1)
    for (const [index, verdict] of judge(route, tried).entries()) {
      const finding = describeVerdict(verdict, index, tried)
      if (finding)
        context.report({ ...finding, ...showRule(verdict, [route, tried, index], reasoner) })
    }
    for (const rule of end < 0 ? [] : route.rules.slice(end + 1))
      context.report(afterEnd(rule, route.rules[end] as RulePart))
  }
}

/** A request that a verdict is about: one that the rule is for, and where all requests are, one that gets to it. */
function showRule(
  { type }: RuleVerdict,
  [route, rules, index]: readonly [RoutePart, readonly RulePart[], number],
  reasoner: Reasoner,
): { readonly witness?: string } {
  const written = rules[index]?.value.if
  if (!written || type === 'never holds' || type === 'idle parts') return {}
  return orElse(() => {
    const formulaOf = (condition: Condition): Formula =>
      reasoner.formulaOf(normalizeCondition(condition))
    const own = formulaOf(written)
    if (type === 'outside') return showRequest(reasoner, own)
    const before = type === 'always holds' ? rules.slice(0, index) : []
    const rests = before.flatMap(({ value }) => {
      const passes = passesOf(value)
      if (!value.if || passes === 'all') return []
      return [passes === 'rest' ? not(formulaOf(value.if)) : formulaOf(value.if)]
    })
    const match = matchFormula(normalizeMatch(route.value.match), reasoner)
    return showRequest(reasoner, own, match, ...rests)
  }, {})
}

type Judge = (route: RoutePart, rules: readonly RulePart[]) => readonly RuleVerdict[]

/** Judges by a reasoner; of thousands of routes most have rules of one shape, which are judged once. */
function createJudge(context: CheckContext, reasoner: Reasoner): Judge {
  const { kinds } = context
  const names = new Set(['unknown', ...kinds.map(({ name }) => name)])
  const isKind = (name: string): boolean => names.has(name)
  const refusedKinds = kinds.flatMap(({ name, forward }) => (forward === 'never' ? [name] : []))
  const known = new Map<string, readonly RuleVerdict[]>()
  return (route, rules) => {
    const judged = rules.map((rule) => asJudged(rule, isKind))
    if (judged.every(({ condition }) => condition === null || condition === ALWAYS)) return []
    const match = looksAtMatch(judged) ? normalizeMatch(route.value.match) : null
    return orElse(() => {
      const places = asks(judged, 'source') ? searchedPlaces(route, context) : null
      const shape = JSON.stringify([shapeOf(judged, match), places])
      const scope = { match, refusedKinds, places }
      const verdicts = known.get(shape) ?? judgeReadable(judged, scope, reasoner)
      known.set(shape, verdicts)
      return verdicts
    }, [])
  }
}

function asJudged({ value }: RulePart, isKind: (name: string) => boolean): JudgedRule {
  return {
    condition: value.if ? readCondition(value.if, isKind) : ALWAYS,
    passes: passesOf(value),
  }
}

/** null: something in it can't be read, which is reported elsewhere. */
function readCondition(
  written: Condition,
  isKind: (name: string) => boolean,
): NormalCondition | null {
  return orElse(() => {
    const condition = normalizeCondition(written)
    return kindsOf(condition).every(isKind) ? condition : null
  }, null)
}

/** Leaves out what can't be read, or can't be reasoned about. */
function judgeReadable(
  rules: readonly JudgedRule[],
  scope: RuleScope,
  reasoner: Reasoner,
): readonly RuleVerdict[] {
  const isReadable = (condition: NormalCondition): boolean =>
    orElse(() => reasoner.formulaOf(condition) !== null, false)
  const readable = rules.map((rule) =>
    rule.condition !== null && !isReadable(rule.condition) ? { ...rule, condition: null } : rule,
  )
  return judgeRules(readable, scope, reasoner)
}

function asks(rules: readonly JudgedRule[], subject: string): boolean {
  return rules.some(
    ({ condition }) => condition !== null && subjectsOf(condition).includes(subject),
  )
}

/** Whether what the route matches can matter to its rules. */
function looksAtMatch(rules: readonly JudgedRule[]): boolean {
  return rules.some(
    ({ condition }) => condition !== null && subjectsOf(condition).some((one) => MATCHED.test(one)),
  )
}

const MATCHED = /^(?:path|host|method|header )/
