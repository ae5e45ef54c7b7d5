import { CantTell } from '../../config/checks/reasoning/verdict.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import { type Observed, observe } from '../observe.ts'
import type { DecisionClass } from '../outcome.ts'
import { writeWitnesses } from '../witness.ts'
import type { World } from '../world.ts'

/** A request of a class, which was really decided as the class says; null: there is none, or none could be written down. */
export function requestOfClass(one: DecisionClass, world: World): RequestView | null {
  return findOfClass(one, world, (request) => isDecidedSo(request, one, world))
}

/** A request that is of a class by what was worked out, and is as wanted; null: there is none, or none could be written down. */
export function findOfClass(
  one: DecisionClass,
  world: World,
  isWanted: (request: RequestView) => boolean,
): RequestView | null {
  try {
    const { formulas } = one
    const solution = world.reasoner.solve(...formulas)
    if (solution.verdict !== 'yes') return null
    for (const request of writeWitnesses(solution.facts, { formulas, classes: [one] }, world))
      if (isWanted(request)) return request
    return null
  } catch (error) {
    if (error instanceof CantTell) return null
    throw error
  }
}

/** Whether a request is decided by the route and the rule of a class, and to the same end. */
export function isDecidedSo(request: RequestView, one: DecisionClass, world: World): boolean {
  const observed = observe(request, one.fallback, world)
  return observed !== null && isOf(observed, one)
}

/** Whether what was decided is what a class says: its route, its rules with their branches, and the same end. */
export function isOf(observed: Observed, one: DecisionClass): boolean {
  const { decision, isFallback } = observed
  const { route, rule, outcome } = one
  if (decision.route !== (route?.name ?? null) || decision.rule !== (rule?.name ?? null))
    return false
  // Of a fallback's rules no explanation tells.
  if (!isFallback && !isSameWay(observed, one)) return false
  if (decision.action === 'forward') return outcome.action === 'forward'
  return (
    outcome.action === 'reject' &&
    decision.code === outcome.code &&
    decision.status === outcome.status
  )
}

function isSameWay({ explanation }: Observed, { applied }: DecisionClass): boolean {
  const taken = explanation.rules.flatMap(({ name, verdict }) =>
    verdict === 'held' || verdict === 'else' ? [{ name, isElse: verdict === 'else' }] : [],
  )
  return (
    taken.length === applied.length &&
    applied.every(
      ({ rule, branch }, at) =>
        rule.name === taken[at]?.name && (branch === 'else') === taken[at]?.isElse,
    )
  )
}
