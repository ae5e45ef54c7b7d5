import type { NormalRoute, NormalRule } from '../config/shapes/normal-config.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import { listClasses } from './classes/all-classes.ts'
import { findOfClass, requestOfClass } from './classes/class-requests.ts'
import type { DecisionClass } from './outcome.ts'
import type { World } from './world.ts'

/** A route, a rule or a branch of one that tests can reach. */
export interface Reachable {
  readonly route: string
  /** null: the route as a whole. */
  readonly rule: string | null
  readonly branch: 'then' | 'else' | null
}

/** One that no test reaches. */
export interface Unreached extends Reachable {
  /** A request that would; null: none could be written down. */
  readonly request: RequestView | null
  /** Whether none would: what asks for it is never so. */
  readonly isNever: boolean
}

/** What tests reach of a file. */
export interface Coverage {
  readonly reached: number
  readonly all: number
  readonly unreached: readonly Unreached[]
}

/** Works out what requests reach of a file, and finds for the rest one that would. */
export function measureCoverage(requests: readonly RequestView[], world: World): Coverage {
  const all = world.config.routes.flatMap(reachableIn)
  const reached = new Set(requests.flatMap((request) => reachedBy(request, world)))
  const missing = all.filter((one) => !reached.has(keyOf(one)))
  const classes = missing.length === 0 ? [] : listClasses(world).classes
  return {
    reached: all.length - missing.length,
    all: all.length,
    unreached: missing.map((one) => ({ ...one, ...findRequest(one, classes, world) })),
  }
}

function reachableIn({ name: route, rules }: NormalRoute): Reachable[] {
  return [
    { route, rule: null, branch: null },
    ...rules.flatMap((rule): Reachable[] =>
      branchesOf(rule).map((branch) => ({ route, rule: rule.name, branch })),
    ),
  ]
}

function branchesOf(rule: NormalRule): readonly ('then' | 'else')[] {
  return rule.else === null ? ['then'] : ['then', 'else']
}

function keyOf({ route, rule, branch }: Reachable): string {
  return JSON.stringify([route, rule, branch])
}

function reachedBy(request: RequestView, world: World): readonly string[] {
  const { route, rules } = world.table().explain(request)
  if (route === null) return []
  return [
    keyOf({ route, rule: null, branch: null }),
    ...rules.flatMap(({ name, verdict }) => {
      if (verdict === 'held') return [keyOf({ route, rule: name, branch: 'then' })]
      return verdict === 'else' ? [keyOf({ route, rule: name, branch: 'else' })] : []
    }),
  ]
}

function findRequest(
  reachable: Reachable,
  classes: readonly DecisionClass[],
  world: World,
): Pick<Unreached, 'request' | 'isNever'> {
  const { route, rule, branch } = reachable
  const fits = (one: DecisionClass): boolean =>
    one.route?.name === route &&
    one.fallback === null &&
    (rule === null ||
      one.applied.some((other) => other.rule.name === rule && other.branch === branch))
  const own = classes.filter(fits)
  for (const one of own) {
    const request = requestOfClass(one, world)
    if (request !== null) return { request, isNever: false }
  }
  // What Keyway refuses in the end gets there too.
  const key = keyOf(reachable)
  for (const one of own) {
    const request = findOfClass(one, world, (other) => reachedBy(other, world).includes(key))
    if (request !== null) return { request, isNever: false }
  }
  const isNever = own.every(({ formulas }) => world.reasoner.solve(...formulas).verdict === 'no')
  return { request: null, isNever: isNever && own.length > 0 }
}
