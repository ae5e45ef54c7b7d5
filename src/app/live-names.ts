import type { NormalConfig } from '../config/shapes/normal-config.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import type { LiveNames } from '../observability/metrics/live-names.ts'

/** Kinds that are told where none of the catalogue's or the file's is. */
const OTHER_KINDS = ['none', 'unknown']

/** What a configuration names. */
export function liveNames(config: NormalConfig): LiveNames {
  const routes = new Map(config.routes.map((route) => [route.name, route.rules]))
  const upstreams = new Map(config.upstreams.map(({ name, targets }) => [name, targets]))
  const kinds = new Set(OTHER_KINDS)
  for (const { name } of [...loadCatalogue().kinds, ...config.kinds]) kinds.add(name)
  const clients = new Set(config.clients?.tokens.map(({ name }) => name))
  const limits = new Set(config.limits.map(({ name }) => name))
  const secrets = new Set(config.secrets.map(({ name }) => name))
  return {
    hasRoute: (route) => routes.has(route),
    hasRule: (route, rule) => routes.get(route)?.some(({ name }) => name === rule) ?? false,
    hasUpstream: (upstream) => upstreams.has(upstream),
    hasTarget: (upstream, target) =>
      upstreams.get(upstream)?.some(({ url }) => url === target) ?? false,
    hasKind: (kind) => kinds.has(kind),
    hasClient: (client) => clients.has(client),
    hasLimit: (limit) => limits.has(limit),
    hasSecret: (secret) => secrets.has(secret),
  }
}
