import { compilePattern } from '../../config/language/pattern.ts'
import type { NormalRoute } from '../../config/shapes/normal-config.ts'
import type { NormalUpstream } from '../../config/shapes/normal-upstream.ts'
import type { Destination } from '../rules/route.ts'
import type { RouteSources } from './table-sources.ts'

/** Compiles an upstream with what a route sets in place of the upstream's own; null: none is named. */
export function compileDestination(
  name: string | null,
  route: NormalRoute,
  sources: RouteSources,
): Destination | null {
  if (name === null) return null
  const { limits, errors, retry } = route
  return sources.share('destination', { name, limits, errors, retry }, () =>
    createDestination(name, route, sources),
  )
}

function createDestination(
  name: string,
  route: NormalRoute,
  { upstreams, config }: RouteSources,
): Destination {
  const upstream = upstreams.get(name)
  if (!upstream) throw new Error(`upstream ${name} is not in the configuration`)
  const { accepts, only, limits, errors } = upstream.config
  return {
    upstream,
    accepts: accepts && new Set(accepts),
    isRefused: compileRefusal(accepts, only),
    basePath: upstream.basePath,
    errors: route.errors ?? errors ?? 'problem',
    limits: {
      bodyBytes: route.limits.bodyBytes ?? config.server.limits.bodyBytes,
      responseHeadersMs: route.limits.responseHeadersMs ?? limits.responseHeadersMs,
      idleMs: route.limits.idleMs ?? limits.idleMs,
      totalMs: route.limits.totalMs ?? limits.totalMs,
    },
    retry: { ...upstream.config.retry, ...route.retry },
    balanceKeyOf: compileBalanceKey(upstream.config),
  }
}

/** What is not named may leave where nothing is, but for kinds that never travel, and keys that manage. */
function compileRefusal(
  accepts: readonly string[] | null,
  only: NormalUpstream['only'],
): Destination['isRefused'] {
  if (accepts === null) return ({ forward }) => forward === 'never' || forward === 'admin'
  const accepted: ReadonlySet<string> = new Set(accepts)
  const shapes = new Map(only.map(({ kind, matches }) => [kind, compilePattern(matches).test]))
  return ({ name, forward }, value) =>
    forward === 'never' || !accepted.has(name) || shapes.get(name)?.(value) === false
}

function compileBalanceKey({ balance, targets }: NormalUpstream): Destination['balanceKeyOf'] {
  if (targets.length < 2) return null
  switch (balance.by) {
    case 'round-robin':
    case 'least-requests':
      return null
    case 'credential':
      return ({ credential }) => credential?.value ?? null
    case 'client':
      return ({ clientName, clientIp }) => clientName ?? clientIp
    case 'header':
      return (context) => context.header(balance.name) ?? null
  }
}
