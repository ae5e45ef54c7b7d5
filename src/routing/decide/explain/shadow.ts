import type { RouteTable } from '../../route-table.ts'
import type { RequestView } from '../../rules/request-view.ts'
import type { Decision } from '../decision.ts'
import { compareDecisions, type DecisionDifference } from './compare-decisions.ts'

/** Hears of each request that two tables decide differently. */
export type OnDifference = (
  differences: readonly DecisionDifference[],
  live: Decision,
  request: RequestView,
) => void

/** A table that acts as the live one, and decides every request by the present shadow too. */
export function shadowTable(
  live: RouteTable,
  shadow: () => RouteTable,
  onDifference: OnDifference,
): RouteTable {
  return {
    ...live,
    decide: (request) => {
      const decision = live.decide(request)
      const differences = compareDecisions(decision, shadow().decide(request))
      if (differences.length > 0) onDifference(differences, decision, request)
      return decision
    },
  }
}
