import type { DecisionClass } from '../outcome.ts'
import { placesOf } from '../route-formula.ts'
import type { World } from '../world.ts'

/** Equal for classes whose requests are surely decided alike; those with different ones may be too. */
export function signatureOf({ route, rule, outcome }: DecisionClass, world: World): string {
  const names = [route?.name, rule?.name]
  if (outcome.action === 'reject') return JSON.stringify([names, outcome])
  const { upstream, leaving, also, actions } = outcome
  const { via, trust, underscores } = world.config.server
  const { name, targets, provider, accepts, only } = upstream
  return JSON.stringify([
    names,
    { name, targets, provider, accepts, only, leaving, also },
    actions.map(({ request, rewrite }) => [request, rewrite]),
    route && placesOf(route, world),
    route?.paths,
    { via, trust, underscores, clients: world.config.clients?.places },
  ])
}
