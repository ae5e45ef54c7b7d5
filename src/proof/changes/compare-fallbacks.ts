import type { Formula } from '../../config/checks/reasoning/formula.ts'
import type { DecisionDifference } from '../../routing/decide/explain/compare-decisions.ts'
import { missedBeside } from '../classes/unrouted.ts'
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
  const takenBefore = takenBy(before, comparing.before, after)
  const takenAfter = takenBy(after, comparing.after, before)
  const side: Side = { own: now, taken: takenBefore, world: comparing.after }
  for (const { one: other, seen: is } of goingOn(before?.fallback.length ?? 0, side, comparing)) {
    const was = observe(is.request, null, comparing.before)
    if (was === null) continue
    const differences = [differenceOf(is, other, 'after')]
    const danger = dangerOf(was, is)
    keepChange({ danger, request: is.request, was, is, by: other, differences }, comparing)
  }
  const oldSide: Side = { own: old, taken: takenAfter, world: comparing.before }
  for (const { one, seen: was } of goingOn(after?.fallback.length ?? 0, oldSide, comparing)) {
    const is = observe(was.request, null, comparing.after)
    const [by] = now
    if (is === null || by === undefined) continue
    const differences = [differenceOf(was, one, 'before')]
    const danger = ANSWERED_OTHERWISE
    keepChange({ danger, request: was.request, was, is, by, differences }, comparing)
  }
}

/** That a request is taken by a route of a file, or by none of its routes. */
function takenBy(
  route: RoutePair['before'],
  world: World,
  other: RoutePair['before'],
): readonly Formula[] {
  return route === null ? missedBeside(other, world) : takenFormula(route, world)
}

/** The file that has the fallback. */
interface Side {
  readonly own: readonly DecisionClass[]
  /** That the other file's route takes a request. */
  readonly taken: readonly Formula[]
  readonly world: World
}

/** A class of a fallback, and a request of it. */
interface GoingOn {
  readonly one: DecisionClass
  readonly seen: Observed
}

/** Requests that go on to fallbacks from the `first` on, of each class that a route forwards and each class of the fallback. */
function* goingOn(first: number, side: Side, { doubts }: Comparing): Generator<GoingOn> {
  const forwards = side.own.filter(({ outcome }) => outcome.action === 'forward')
  for (const one of forwards) {
    if (one.fallback === null || one.fallback < first) continue
    const tried = forwards
      .filter(({ fallback }) => fallback === null)
      .map((mine) => findGoingOn(one, mine, side))
    const found = tried.filter((seen) => seen !== null && seen !== 'unknown')
    for (const seen of found) yield { one, seen }
    if (found.length === 0 && tried.includes('unknown'))
      doubts.add(`there is no telling whether requests go on to ${nameOf(one)}`)
  }
}

/** A request that a route forwards by one class and that may go on by a class of a fallback; null: there is none. */
function findGoingOn(
  one: DecisionClass,
  mine: DecisionClass,
  { taken, world }: Side,
): Observed | 'unknown' | null {
  const formulas = [...one.formulas, ...mine.formulas, ...taken]
  const solution = world.reasoner.solve(...formulas)
  if (solution.verdict === 'no') return null
  const requests =
    solution.verdict === 'yes'
      ? writeWitnesses(solution.facts, { formulas, classes: [one, mine] }, world)
      : []
  for (const request of requests) {
    const seen = observe(request, one.fallback, world)
    if (seen?.decision.action === 'forward') return seen
  }
  return 'unknown'
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
