import { isDeepStrictEqual } from 'node:util'
import { pathShape } from '../../config/checks/duplicates.ts'
import { overlap } from '../../config/checks/reasoning/routes/route-order.ts'
import type { NormalConfig, NormalRoute } from '../../config/shapes/normal-config.ts'
import type { World } from '../world.ts'
import { sourcesOf } from './beside.ts'

/** Two routes that may take one request, before and after; null: none takes it. */
export interface RoutePair {
  readonly before: NormalRoute | null
  readonly after: NormalRoute | null
}

/**
 * Lists the pairs of routes between which a request may be decided otherwise. A request that two
 * unchanged routes take is taken by the same one before and after, so one of a pair is changed.
 */
export function pairRoutes(before: World, after: World): readonly RoutePair[] {
  const isSettingChanged = !isDeepStrictEqual(settingsOf(before.config), settingsOf(after.config))
  const old = new Map(before.config.routes.map((route) => [route.name, route]))
  const now = new Map(after.config.routes.map((route) => [route.name, route]))
  const moved = movedSecrets(before.config, after.config)
  const reordered = reorderedNames(before.config, after.config)
  const isMoved = (route: NormalRoute, others: ReadonlyMap<string, NormalRoute>): boolean =>
    reordered.has(route.name) || !isDeepStrictEqual(others.get(route.name)?.match, route.match)
  const pairs: RoutePair[] = []
  for (const route of before.config.routes) {
    const same = now.get(route.name)
    if (isMoved(route, now)) pairs.push(...acrossPairs(route, before, after, 'before'))
    else if (
      same &&
      (isSettingChanged || spendsOne(moved, same) || isChanged(route, before, same, after))
    )
      pairs.push({ before: route, after: same })
  }
  // Who asks is looked at of requests that no route takes, too.
  if (isSettingChanged) pairs.push({ before: null, after: null })
  const done = new Set(pairs.map(keyOf))
  for (const route of after.config.routes)
    if (isMoved(route, old))
      pairs.push(
        ...acrossPairs(route, after, before, 'after').filter((pair) => !done.has(keyOf(pair))),
      )
  return pairs
}

function keyOf({ before, after }: RoutePair): string {
  return JSON.stringify([before?.name, after?.name])
}

/** A moved route with each one of the other file that may take its requests, and with none. */
function acrossPairs(
  route: NormalRoute,
  own: World,
  other: World,
  side: 'before' | 'after',
): readonly RoutePair[] {
  const pattern = own.routes[route.index]?.pattern
  const others = other.config.routes.filter((one, index) => {
    const theirs = other.routes[index]?.pattern
    return pattern && theirs && overlap(pattern, theirs) && one !== null
  })
  return [...others, null].map((one) =>
    side === 'before' ? { before: route, after: one } : { before: one, after: route },
  )
}

/** What holds for all routes and shows in decisions. */
function settingsOf({ server, clients, kinds }: NormalConfig): unknown {
  const { trust, via, underscores, origins, hosts, listen, trace } = server
  return { trust, via, underscores, origins, hosts, listen, trace, clients, kinds }
}

/** Names of secrets that are read from elsewhere. */
function movedSecrets(before: NormalConfig, after: NormalConfig): readonly string[] {
  return before.secrets.flatMap(({ name }) =>
    isDeepStrictEqual(sourcesOf(name, before), sourcesOf(name, after)) ? [] : [name],
  )
}

function spendsOne(secrets: readonly string[], route: NormalRoute): boolean {
  const text = secrets.length === 0 ? '' : JSON.stringify(route)
  return secrets.some((name) => text.includes(`\${secret.${name}}`))
}

function isChanged(old: NormalRoute, before: World, now: NormalRoute, after: World): boolean {
  const decided = ({ index: _, name: __, limits: ___, ...route }: NormalRoute): unknown => route
  return (
    !isDeepStrictEqual(decided(old), decided(now)) ||
    !isDeepStrictEqual(upstreamsOf(old, before), upstreamsOf(now, after))
  )
}

/** The upstreams that a route may lead to, as far as they show in decisions. */
function upstreamsOf(route: NormalRoute, { upstreams }: World): unknown {
  const rules = [...route.rules, ...route.fallback.flatMap((one) => one.rules)]
  const names = [
    route.upstream,
    ...route.fallback.map((one) => one.upstream),
    ...rules.flatMap((rule) => [rule.then.upstream, rule.else?.upstream ?? null]),
  ]
  return names.map((name) => {
    const upstream = upstreams.get(name ?? '')
    return (
      upstream && {
        ...upstream,
        name: null,
        targets: upstream.targets.map(({ url }) => url),
        limits: null,
        balance: null,
        health: null,
        eject: null,
        retry: null,
      }
    )
  })
}

/** Routes on one path that stand in another order: among equals the earlier one wins. */
function reorderedNames(before: NormalConfig, after: NormalConfig): ReadonlySet<string> {
  const [old, now] = [before, after].map(namesByShape)
  const moved = new Set<string>()
  for (const [shape, names] of old ?? []) {
    const others = now?.get(shape) ?? []
    const kept = names.filter((name) => others.includes(name))
    const keptNow = others.filter((name) => names.includes(name))
    if (!isDeepStrictEqual(kept, keptNow)) for (const name of kept) moved.add(name)
  }
  return moved
}

function namesByShape({ routes }: NormalConfig): ReadonlyMap<string, readonly string[]> {
  const byShape = new Map<string, string[]>()
  for (const { name, match } of routes) {
    const shape = pathShape(match.path) ?? match.path
    const names = byShape.get(shape)
    if (names) names.push(name)
    else byShape.set(shape, [name])
  }
  return byShape
}
