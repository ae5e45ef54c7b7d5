import { CantTell } from '../config/checks/reasoning/verdict.ts'
import type { Finding } from '../config/diagnostics/finding.ts'
import type { NormalRoute } from '../config/shapes/normal-config.ts'
import { requestOfClass } from './classes/class-requests.ts'
import { classesOf } from './classes/classes.ts'
import { placeOf } from './invariants/invariant-findings.ts'
import type { DecisionClass } from './outcome.ts'
import { NO_QUESTION, shapeOfRoute } from './route-shape.ts'
import { writeShown } from './showing/show-witness.ts'
import type { World } from './world.ts'

/** Warns of rules whose credentials are all refused by the upstream, and of fallbacks that nothing may go on to. */
export function findIdleOutcomes(world: World): readonly Finding[] {
  /** Shapes of routes of which there is nothing to say. */
  const fine = new Set<string>()
  return world.config.routes.flatMap((route) => {
    if (!mayBeIdle(route, world)) return []
    const shape = shapeOfRoute(route, NO_QUESTION, world)
    if (shape !== null && fine.has(shape)) return []
    try {
      const classes = classesOf(route, world)
      const found = [...refusedRules(classes, world), ...idleFallbacks(route, classes, world)]
      if (shape !== null && found.length === 0) fine.add(shape)
      return found
    } catch (error) {
      if (error instanceof CantTell) return []
      throw error
    }
  })
}

/** An upstream without `accepts` refuses nothing but keys for administration. */
function mayBeIdle({ upstream, rules, fallback }: NormalRoute, { upstreams }: World): boolean {
  const names = [upstream, ...rules.flatMap(({ then, else: other }) => [then, other])].map((one) =>
    typeof one === 'object' ? (one?.upstream ?? null) : one,
  )
  return fallback.length > 0 || names.some((name) => upstreams.get(name ?? '')?.accepts != null)
}

function refusedRules(classes: readonly DecisionClass[], world: World): Finding[] {
  const refused = classes.filter(
    ({ rule, outcome }) =>
      rule?.if != null && outcome.action === 'reject' && outcome.code === 'credential_not_accepted',
  )
  const seen = new Set<string>()
  return refused.flatMap((one): Finding[] => {
    const path = placeOf(one, world.config)
    const key = JSON.stringify([path, one.branch])
    const isKnown = seen.size === seen.add(key).size
    if (isKnown || one.branch !== 'then' || !maybe(world, one)) return []
    const sent = classes.filter((other) => isSameRule(one, other) && sendsCredential(other))
    if (sent.some((other) => maybe(world, other))) return []
    return [
      {
        code: 'refused-by-accepts',
        severity: 'warning',
        path,
        message:
          'every credential that this rule is for is refused: its upstream accepts none of them',
        hint: 'add their kinds to "accepts" of the upstream, or reject them by the rule itself',
        ...show(one, world),
      },
    ]
  })
}

function isSameRule(one: DecisionClass, other: DecisionClass): boolean {
  return one.rule === other.rule && one.fallback === other.fallback && one.branch === other.branch
}

function sendsCredential({ outcome }: DecisionClass): boolean {
  if (outcome.action === 'reject') return false
  return outcome.leaving.type !== 'none' || outcome.also.length > 0
}

function idleFallbacks(
  route: NormalRoute,
  classes: readonly DecisionClass[],
  world: World,
): Finding[] {
  const forwards = classes.filter(({ outcome }) => outcome.action === 'forward')
  const own = forwards.filter(({ fallback }) => fallback === null)
  return route.fallback.flatMap(({ upstream }, index): Finding[] => {
    const next = forwards.filter(({ fallback }) => fallback === index)
    if (own.some((one) => next.some((other) => maybe(world, one, other)))) return []
    const shown = own.map((one) => show(one, world)).find(({ witness }) => witness !== undefined)
    return [
      {
        ...shown,
        code: 'idle-fallback',
        severity: 'warning',
        path: ['routes', route.index, 'fallback', index],
        message: `no request may go on to "${upstream}": what the route sends is refused there`,
        hint: 'give the fallback rules that place a credential it accepts, or remove it',
      },
    ]
  })
}

/** A request of a class, as the part of a finding that shows it; none where none could be written down. */
function show(one: DecisionClass, world: World): { readonly witness?: string } {
  const request = requestOfClass(one, world)
  return request === null ? {} : { witness: writeShown(request, world) }
}

/** Whether there may be a request that is of all these classes. */
function maybe(world: World, ...classes: readonly DecisionClass[]): boolean {
  return world.reasoner.solve(...classes.flatMap(({ formulas }) => formulas)).verdict !== 'no'
}
