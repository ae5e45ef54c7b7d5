import type { Formula } from '../../config/checks/reasoning/formula.ts'
import type { DecisionDifference } from '../../routing/decide/explain/compare-decisions.ts'
import { nameOf } from '../invariants/prove-invariant.ts'
import { type Observed, observe } from '../observe.ts'
import type { DecisionClass } from '../outcome.ts'
import { takenFormula } from '../route-formula.ts'
import { writeWitnesses } from '../witness.ts'
import type { World } from '../world.ts'
import { type Comparing, keepChange } from './comparing.ts'
import { ANSWERED_OTHERWISE, dangerOf } from './danger.ts'
import type { RoutePair } from './route-pairs.ts'

/** Looks for requests that may go on to a fallback where the other file has none. */
export function compareFallbacks(
  { before, after }: RoutePair,
  [old, now]: readonly [readonly DecisionClass[], readonly DecisionClass[]],
  comparing: Comparing,
): void {
  const takenBefore = before === null ? [] : takenFormula(before, comparing.before)
  const takenAfter = after === null ? [] : takenFormula(after, comparing.after)
  for (const other of fallbacksFrom(now, before?.fallback.length ?? 0)) {
    const side: Side = { own: now, taken: takenBefore, world: comparing.after }
    const is = findGoingOn(other, side, comparing)
    const was = is && observe(is.request, null, comparing.before)
    if (!is || !was) continue
    const differences = [differenceOf(is, other, 'after')]
    const danger = dangerOf(was, is)
    keepChange({ danger, request: is.request, was, is, by: other, differences }, comparing)
  }
  for (const one of fallbacksFrom(old, after?.fallback.length ?? 0)) {
    const side: Side = { own: old, taken: takenAfter, world: comparing.before }
    const was = findGoingOn(one, side, comparing)
    const is = was && observe(was.request, null, comparing.after)
    const [by] = now
    if (!was || !is || by === undefined) continue
    const differences = [differenceOf(was, one, 'before')]
    const danger = ANSWERED_OTHERWISE
    keepChange({ danger, request: was.request, was, is, by, differences }, comparing)
  }
}

/** The file that has the fallback. */
interface Side {
  readonly own: readonly DecisionClass[]
  /** That the other file's route takes a request. */
  readonly taken: readonly Formula[]
  readonly world: World
}

function fallbacksFrom(classes: readonly DecisionClass[], first: number): readonly DecisionClass[] {
  return classes.filter(
    ({ fallback, outcome }) =>
      fallback !== null && fallback >= first && outcome.action === 'forward',
  )
}

/** A request that the route forwards and that may go on by a class of a fallback. */
function findGoingOn(
  one: DecisionClass,
  { own, taken, world }: Side,
  { doubts }: Comparing,
): Observed | null {
  for (const mine of own) {
    if (mine.fallback !== null || mine.outcome.action !== 'forward') continue
    const solution = world.reasoner.solve(...one.formulas, ...mine.formulas, ...taken)
    if (solution.verdict === 'no') continue
    const seen =
      solution.verdict === 'yes'
        ? [...writeWitnesses(solution.facts, world, [one, mine])].map((request) =>
            observe(request, one.fallback, world),
          )
        : []
    const found = seen.find((each) => each?.decision.action === 'forward')
    if (found) return found
    doubts.add(`there is no telling whether requests go on from ${nameOf(mine)} to ${nameOf(one)}`)
  }
  return null
}

function differenceOf(
  { decision }: Observed,
  { fallback }: DecisionClass,
  side: 'before' | 'after',
): DecisionDifference {
  const name = decision.action === 'forward' ? decision.upstream.config.name : 'none'
  const what = `fallback ${(fallback ?? 0) + 1}`
  return side === 'after'
    ? { what, before: 'none', after: name }
    : { what, before: name, after: 'none' }
}
