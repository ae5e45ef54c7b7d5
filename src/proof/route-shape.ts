import type { JudgedRule } from '../config/checks/reasoning/judge-rules.ts'
import { takesFrom } from '../config/checks/reasoning/routes/route-order.ts'
import { shapeOf } from '../config/checks/reasoning/rule-shape.ts'
import type { NormalCondition, NormalRoute, NormalRule } from '../config/shapes/normal-config.ts'
import { RIVALS } from './route-formula.ts'
import type { World } from './world.ts'

/** What is asked of routes beside what they say themselves. */
export interface ShapeQuestion {
  readonly conditions: readonly NormalCondition[]
  /** Names of routes and rules that it speaks of. */
  readonly names: ReadonlySet<string>
}

/** That is all: whether something is so of a route does not depend on its name. */
export const NO_QUESTION: ShapeQuestion = { conditions: [], names: new Set() }

/**
 * Equal for routes whose classes are alike: those of thousands often differ in nothing but a tenant's
 * name. null: others take requests from the route, so that it is like no other.
 */
export function shapeOfRoute(
  route: NormalRoute,
  { conditions, names }: ShapeQuestion,
  world: World,
): string | null {
  if (hasRivals(route, world)) return null
  const nameOf = (name: string): string | null => (names.has(name) ? name : null)
  const ruleSets = [route.rules, ...route.fallback.map(({ rules }) => rules)]
  const asked = [...ruleSets.flat().map((rule) => rule.if), ...conditions].map(asJudged)
  const { name, index: _, match: __, rules: ___, fallback, ...own } = route
  return JSON.stringify([
    shapeOf(asked, route.match),
    nameOf(name),
    own,
    fallback.map(({ rules: ____, ...rest }) => rest),
    ruleSets.map((rules) => rules.map(({ if: when, ...rest }) => ruleShape(rest, when, nameOf))),
  ])
}

function asJudged(condition: NormalCondition | null): JudgedRule {
  return { condition, passes: 'rest' }
}

function ruleShape(
  { name, index: _, ...rest }: Omit<NormalRule, 'if'>,
  when: NormalCondition | null,
  nameOf: (name: string) => string | null,
): unknown {
  return [nameOf(name), when === null, rest]
}

function hasRivals(route: NormalRoute, { routes, findRivals, reasoner }: World): boolean {
  const own = routes[route.index]
  if (own === undefined) return true
  const rivals = findRivals(own, RIVALS)
  return rivals.length < RIVALS && rivals.some((rival) => takesFrom(rival, own, reasoner) !== null)
}
