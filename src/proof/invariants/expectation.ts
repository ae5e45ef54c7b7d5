import { allOf, anyOf, type Formula, TRUE } from '../../config/checks/reasoning/formula.ts'
import { formatPlace } from '../../config/language/place.ts'
import type { NormalOutcome, PlacedCredential } from '../../config/shapes/normal-config.ts'
import { type Chance, exactly, surely } from '../chance.ts'
import { headerPresence } from '../header-presence.ts'
import { hostsOf, isHost } from '../hosts.ts'
import type { DecisionClass, Leaving } from '../outcome.ts'
import type { World } from '../world.ts'

/** When what a class comes to is as an outcome says. */
export function chanceOf(wanted: NormalOutcome, one: DecisionClass, world: World): Chance {
  const chances = [...fixedChances(wanted, one), ...credentialChances(wanted, one, world)]
  for (const { name, isPresent } of wanted.headers) {
    const isThere = headerPresence(name, one, world)
    const chance = isPresent ? isThere : { may: isThere.mayNot, mayNot: isThere.may }
    // Of what does not leave, no header is there or missing.
    chances.push(one.outcome.action === 'reject' ? surely(false) : chance)
  }
  return {
    may: allOf(chances.map(({ may }) => may)),
    mayNot: anyOf(chances.map(({ mayNot }) => mayNot)),
  }
}

/** What does not depend on the request. */
function fixedChances(wanted: NormalOutcome, { route, rule, outcome }: DecisionClass): Chance[] {
  const { isForwarded, status, routes, rules, upstreams, hosts, secrets } = wanted
  const forward = outcome.action === 'forward' ? outcome : null
  const all = [
    isForwarded === null || (forward !== null) === isForwarded,
    status === null || (outcome.action === 'reject' && outcome.status === status),
    routes === null || (route !== null && routes.includes(route.name)),
    rules === null || (rule !== null && rules.includes(rule.name)),
    upstreams === null || (forward !== null && upstreams.includes(forward.upstream.name)),
    secrets === null || (forward?.secrets.some((name) => secrets.includes(name)) ?? false),
  ]
  const chances = all.map(surely)
  if (hosts !== null) {
    const reached = forward === null ? [] : hostsOf(forward.upstream)
    const named = reached.filter((host) => hosts.some((name) => isHost(host, name)))
    // Of several targets any may be asked.
    const may = surely(named.length > 0).may
    chances.push({
      may,
      mayNot: surely(reached.length > 0 && named.length === reached.length).mayNot,
    })
  }
  return chances
}

function credentialChances(
  { kinds, placements }: NormalOutcome,
  one: DecisionClass,
  world: World,
): Chance[] {
  const { outcome } = one
  const asked = [kinds, placements].filter((names) => names !== null)
  // What goes along is another credential of the client's, of which nothing is known.
  if (outcome.action === 'forward' && outcome.also.length > 0)
    return asked.map(() => ({ may: TRUE, mayNot: TRUE }))
  const leaving = outcome.action === 'forward' ? outcome.leaving : null
  return [
    ...(kinds === null ? [] : [kindChance(kinds, leaving, world)]),
    ...(placements === null ? [] : [placementChance(placements, leaving)]),
  ]
}

function kindChance(
  names: readonly string[],
  leaving: Leaving | null,
  { kindFacet }: World,
): Chance {
  if (leaving === null || leaving.type === 'none') return surely(false)
  if (leaving.type === 'given') return leaving.isMade ? { may: TRUE, mayNot: TRUE } : surely(false)
  return exactly({ type: 'facet', facet: kindFacet, names, holds: true })
}

function placementChance(
  wanted: NonNullable<NormalOutcome['placements']>,
  leaving: Leaving | null,
): Chance {
  if (leaving === null) return surely(false)
  if (leaving.type === 'none') return surely(wanted.some(({ place }) => place === 'none'))
  const placed = wanted.filter((one): one is PlacedCredential => one.place !== 'none')
  if (leaving.type === 'as it came') return exactly(anyOf(placed.map(cameAt)))
  return surely(placed.some((one) => isSamePlacement(one, leaving.placement)))
}

function cameAt({ place, scheme }: PlacedCredential): Formula {
  const facet = (facet: 'source' | 'scheme', name: string): Formula => ({
    type: 'facet',
    facet,
    names: [name],
    holds: true,
  })
  return allOf([
    facet('source', formatPlace(place)),
    facet('scheme', scheme?.toLowerCase() ?? 'none'),
  ])
}

/** Whether two placements put a credential in one place under one scheme. */
export function isSamePlacement(a: PlacedCredential, b: PlacedCredential): boolean {
  const schemeOf = ({ scheme }: PlacedCredential): string | null => scheme?.toLowerCase() ?? null
  return formatPlace(a.place) === formatPlace(b.place) && schemeOf(a) === schemeOf(b)
}
