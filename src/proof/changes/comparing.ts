import type { DecisionDifference } from '../../routing/decide/explain/compare-decisions.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import { describeDecision } from '../showing/describe-decision.ts'
import type { Observed } from '../observe.ts'
import type { DecisionClass } from '../outcome.ts'
import type { World } from '../world.ts'

/** Requests that are decided otherwise, all in the same way. */
export interface ChangedClass {
  /** Its place among the kinds of change; 0 is the most dangerous. */
  readonly danger: number
  /** One of them. */
  readonly request: RequestView
  readonly was: Observed
  readonly is: Observed
  /** What decides them now. */
  readonly by: DecisionClass
  readonly differences: readonly DecisionDifference[]
}

/** What is compared, and what came of it. */
export interface Comparing {
  readonly before: World
  readonly after: World
  /** By what tells classes of changes apart. */
  readonly changes: Map<string, ChangedClass>
  readonly doubts: Set<string>
}

/** Keeps a change, unless one is kept that is told in the same words. */
export function keepChange(change: ChangedClass, { changes }: Comparing): void {
  const { was, is, differences } = change
  const key = JSON.stringify([
    describeDecision(was.decision),
    describeDecision(is.decision),
    was.isFallback,
    differences,
  ])
  const known = changes.get(key)
  if (known === undefined || change.danger < known.danger) changes.set(key, change)
}
