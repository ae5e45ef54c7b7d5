import { formatPlace } from '../../config/language/place.ts'
import { isScheme } from '../../config/language/schemes.ts'
import type { NormalRoute } from '../../config/shapes/normal-config.ts'
import type { DecisionClass } from '../outcome.ts'
import { lookedAt, usedPlaces } from '../route-formula.ts'
import type { World } from '../world.ts'
import { besideOf } from './beside.ts'

const NO_SCHEMES: ReadonlySet<string> = new Set()

/** Equal for classes whose requests are surely decided alike; those with different ones may be too. */
export function signatureOf(one: DecisionClass, world: World): string {
  const { route, rule, outcome } = one
  const names = [route?.name, rule?.name]
  if (outcome.action === 'reject') {
    const { status, code } = outcome
    return JSON.stringify([names, status, code, [...besideOf(one, world)]])
  }
  const { upstream, leaving, also, actions } = outcome
  const { via, underscores } = world.config.server
  const { provider, forwarded, brought, accepts, only } = upstream
  const urls = upstream.targets.map(({ url }) => url)
  return JSON.stringify([
    names,
    [...besideOf(one, world)],
    { urls, provider, forwarded, brought, accepts, only, leaving, also },
    actions.map(({ request, rewrite }) => [request, rewrite]),
    route && [lookedAt(route, world), clearedBy(route, world)],
    route?.paths,
    { via, underscores },
  ])
}

/** What a route takes out of every request beyond the places where it looks, and the schemes that it knows beyond those that all know; in any order. */
function clearedBy(route: NormalRoute, world: World): readonly string[] {
  const searched = new Set(lookedAt(route, world).map(formatPlace))
  const names = usedPlaces(route).flatMap(({ place, scheme }) => [
    ...(searched.has(formatPlace(place)) ? [] : [formatPlace(place)]),
    ...(scheme === null || isScheme(scheme.toLowerCase(), NO_SCHEMES) ? [] : [`scheme ${scheme}`]),
  ])
  return [...new Set(names)].sort()
}
