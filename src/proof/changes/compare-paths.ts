import type { Facts } from '../../config/checks/reasoning/facts.ts'
import type { Formula } from '../../config/checks/reasoning/formula.ts'
import { orElse } from '../../config/checks/attempt.ts'
import { leavesOf } from '../../config/language/condition-leaves.ts'
import type { NormalRoute } from '../../config/shapes/normal-config.ts'
import { MARKS } from '../../http/target/path-readings.ts'
import type { DecisionClass } from '../outcome.ts'
import { writeWitnesses } from '../witness.ts'
import type { World } from '../world.ts'
import { compareRequest } from './compare-request.ts'
import type { Comparing } from './comparing.ts'
import { signatureOf } from './signature.ts'

/** Whether two classes differ in nothing but whether their routes take paths as they come. */
export function differInPaths(
  one: DecisionClass,
  other: DecisionClass,
  { before, after }: Comparing,
): boolean {
  if (!one.route || !other.route || one.route.paths === other.route.paths) return false
  const alike = { ...one, route: { ...one.route, paths: other.route.paths } }
  return signatureOf(alike, before) === signatureOf(other, after)
}

/**
 * Compares such classes: only paths that can be read in two ways may be decided otherwise, where they
 * lead to two ends. `'same'`: there are none in them, or a fallback decides what its route has let pass;
 * `'told'`: one is kept; `'unknown'`: none of those that were tried is decided otherwise.
 */
export function comparePaths(
  one: DecisionClass,
  other: DecisionClass,
  comparing: Comparing,
): 'same' | 'told' | 'unknown' {
  const { before, after } = comparing
  const { reasoner } = before
  const formulas = [...one.formulas, ...other.formulas]
  const isMarked: Formula = { ...PATH, atom: reasoner.atoms.matches(MARKS) }
  if (one.fallback !== null || reasoner.solve(...formulas, isMarked).verdict === 'no') return 'same'
  const isTold = (facts: Facts, asked: readonly Formula[]): boolean => {
    const world = before.config.clients === null ? after : before
    for (const request of writeWitnesses(facts, { formulas: asked, classes: [other] }, world))
      if (compareRequest(request, other, comparing)) return true
    return false
  }
  for (const start of disguisesFor(other, after)) {
    const asked = [...formulas, { ...PATH, atom: reasoner.atoms.prefix(start) }]
    const solution = reasoner.solve(...asked)
    if (solution.verdict !== 'yes') continue
    if (orElse(() => isTold(solution.facts, asked), false)) return 'told'
  }
  return 'unknown'
}

const PATH = { type: 'text', subject: 'path', holds: true } as const

/** Starts of paths that are tried. */
const MOST = 20

/** What the paths of routes and of a route's rules start with, so written that only some servers read it. */
function disguisesFor({ route }: DecisionClass, { config }: World): readonly string[] {
  const patterns = [...(route === null ? [] : patternsOf(route)), ...config.routes.map(pathOf)]
  const starts = patterns.map((pattern) => pattern.replace(/\/(?:[:*].*)?$/, ''))
  const all = [...new Set(starts)].filter((start) => start !== '').slice(0, MOST)
  return all.flatMap((start) => [`/${start}`, `${start};`])
}

function pathOf({ match }: NormalRoute): string {
  return match.path
}

function patternsOf({ rules }: NormalRoute): readonly string[] {
  return rules
    .flatMap((rule) => (rule.if === null ? [] : leavesOf(rule.if)))
    .flatMap((leaf) => {
      if (leaf.type === 'path-pattern') return [leaf.pattern]
      if (leaf.type !== 'path') return []
      return [leaf.matcher.prefix, leaf.matcher.equals].flatMap((text) => text ?? [])
    })
}
