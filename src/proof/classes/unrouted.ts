import { answerOf } from '../../answers/answers.ts'
import { type Formula, not } from '../../config/checks/reasoning/formula.ts'
import { matchFormula } from '../../config/checks/reasoning/match-formula.ts'
import { orderedRoute } from '../../config/checks/reasoning/routes/route-order.ts'
import type { NormalRoute } from '../../config/shapes/normal-config.ts'
import type { DecisionClass } from '../outcome.ts'
import { knownClient } from '../client-formula.ts'

import type { World } from '../world.ts'

/** Routes that all have to be missed by a request that no route takes; of more it is not worked out. */
const MISSED = 300

/** Requests that no route takes. */
export function unroutedClass(world: World): DecisionClass {
  return unrouted(world, world.routes)
}

/** Requests that no route of a file takes, among those that a route of another file matches: also those of clients that do not say who they are. */
export function unroutedBeside(other: NormalRoute | null, world: World): readonly DecisionClass[] {
  const routes = routesBeside(other, world)
  const known = unrouted(world, routes)
  const client = knownClient(world)
  if (client.length === 0) return [known]
  const { status } = answerOf('client_unauthenticated')
  const outcome = { ...NO_ROUTE, status, code: 'client_unauthenticated' }
  const formulas = [...missed(world, routes), ...client.map(not)]
  return [known, { ...known, formulas, outcome }]
}

/** That no route of a file takes a request, among those that a route of another file matches. */
export function missedBeside(other: NormalRoute | null, world: World): readonly Formula[] {
  return missed(world, routesBeside(other, world))
}

function routesBeside(other: NormalRoute | null, world: World): World['routes'] {
  if (other === null) return world.routes
  return world.findRivals(orderedRoute(-1, other.match), MISSED + 1)
}

function missed({ reasoner }: World, routes: World['routes']): readonly Formula[] {
  const all = routes.length > MISSED ? [] : routes
  return all.map(({ match }) => not(matchFormula(match, reasoner)))
}

function unrouted(world: World, routes: World['routes']): DecisionClass {
  return {
    route: null,
    fallback: null,
    rule: null,
    branch: null,
    applied: [],
    formulas: [...missed(world, routes), ...knownClient(world)],
    outcome: NO_ROUTE,
  }
}

const NO_ROUTE = {
  action: 'reject' as const,
  status: 404,
  code: 'no_route',
  told: null,
  responses: [],
}
