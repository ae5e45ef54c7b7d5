import { commentOn } from '../../config/diagnostics/write-curl.ts'
import type { RouteLines } from '../../config/diagnostics/route-lines.ts'
import type { NormalConfig } from '../../config/shapes/normal-config.ts'
import type { DecisionDifference } from '../../routing/decide/explain/compare-decisions.ts'
import { describeDecision } from '../showing/describe-decision.ts'
import type { DecisionClass } from '../outcome.ts'
import { showWitness } from '../showing/show-witness.ts'
import type { ChangedClass } from './comparing.ts'
import { DANGERS } from './danger.ts'

/** A class of requests that are decided otherwise, in words. */
export interface DescribedChange {
  /** Its place among the kinds of change; 0 is the most dangerous. */
  readonly danger: number
  readonly kind: string
  /** One of the requests, as a command line. */
  readonly witness: string
  /** The address that it comes from. */
  readonly from: string
  /** The client in place of whose token a stand-in is written; null: none. */
  readonly client: string | null
  /** What the command does not say, as a comment to stand behind it; empty: nothing. */
  readonly comment: string
  readonly was: string
  readonly is: string
  readonly differences: readonly DecisionDifference[]
  /** Line in the new file of what decides it now. */
  readonly line: number
}

/** Puts changes between two files into words; `lines` are those of the new file's routes. */
export function describeChangedClasses(
  changes: readonly ChangedClass[],
  lines: readonly RouteLines[],
  configs: readonly [NormalConfig, NormalConfig],
): readonly DescribedChange[] {
  return changes.map(({ danger, request, was, is, by, differences }) => {
    const { command, from, beside } = showWitness(request, [was, is], configs)
    return {
      danger,
      kind: DANGERS[danger] as string,
      witness: command,
      from,
      client: beside.client,
      comment: commentOn(beside),
      was: describeDecision(was.decision),
      is: describeDecision(is.decision),
      differences,
      line: lineOf(by, lines),
    }
  })
}

/** The line of the rule, else of the fallback or the route; of what no route takes, that of the first. */
function lineOf({ route, fallback, rule }: DecisionClass, lines: readonly RouteLines[]): number {
  const own = lines[route?.index ?? 0]
  const at = fallback === null ? own : own?.fallback[fallback]
  return at?.rules[rule?.index ?? -1] ?? at?.line ?? own?.line ?? 1
}
