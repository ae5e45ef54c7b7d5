import { type Formula, not } from '../../config/checks/reasoning/formula.ts'
import { matchFormula } from '../../config/checks/reasoning/match-formula.ts'
import { orderedRoute } from '../../config/checks/reasoning/route-order.ts'
import type { NormalRoute } from '../../config/shapes/normal-config.ts'
import type { DecisionClass } from '../outcome.ts'
import type { World } from '../world.ts'

/** Routes that all have to be missed by a request that no route takes; of more it is not worked out. */
const MISSED = 300

/** Requests that no route takes. */
export function unroutedClass(world: World): DecisionClass {
  return unrouted(world, world.routes)
}

/** Requests that no route of a file takes, among those that a route of another file matches. */
export function unroutedBeside(other: NormalRoute | null, world: World): DecisionClass {
  if (other === null) return unroutedClass(world)
  return unrouted(world, world.findRivals(orderedRoute(-1, other.match), MISSED + 1))
}

function unrouted({ reasoner, config }: World, routes: World['routes']): DecisionClass {
  const missed = routes.length > MISSED ? [] : routes
  const formulas: Formula[] = missed.map(({ match }) => not(matchFormula(match, reasoner)))
  if (config.clients?.isRequired)
    formulas.push({ type: 'present', subject: 'client-name', holds: true })
  return {
    route: null,
    fallback: null,
    rule: null,
    branch: null,
    applied: [],
    formulas,
    outcome: { action: 'reject', status: 404, code: 'no_route' },
  }
}
