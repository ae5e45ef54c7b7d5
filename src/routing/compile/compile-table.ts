import type { Catalogue } from '../../config/shapes/catalogue.ts'
import type { NormalConfig, NormalKind } from '../../config/shapes/normal-config.ts'
import { type ClientSettings, type DecideSettings, decide } from '../decide/decide.ts'
import type { RouteTable, TableUpstream } from '../decide/decision.ts'
import { explain } from '../decide/explain.ts'
import { createRouteTable } from '../decide/route-table.ts'
import { compileAddressList } from '../rules/address-list.ts'
import type { Route } from '../rules/route.ts'
import type { TemplateSources } from '../rules/template.ts'
import { compileRoute } from './compile-route.ts'
import { compileUpstream } from './compile-upstream.ts'
import { createShare } from './share.ts'
import type { Steps } from './steps.ts'

/** What a table is compiled with beside the configuration. */
export interface TableSources extends TemplateSources {
  readonly catalogue: Catalogue
  /** The kind of a credential's value; a kind named `unknown` where nothing fits. */
  readonly classify: (value: string) => NormalKind
  /** All kinds, the file's own included. */
  readonly kinds: readonly NormalKind[]
  /** How long until a secret whose keys all rest can be had again; null: nobody knows. */
  readonly secretRetryAfterMs: (name: string) => number | null
  /** The name of the client that a token belongs to; null: nobody's. */
  readonly identifyClient: (token: string) => string | null
}

/** Compiles a valid configuration into its immutable route table, route by route. */
export function* compileTable(config: NormalConfig, sources: TableSources): Steps<RouteTable> {
  const upstreams: ReadonlyMap<string, TableUpstream> = new Map(
    config.upstreams.map((upstream) => [upstream.name, compileUpstream(upstream, sources.env)]),
  )
  const shared = { config, upstreams, sources, share: createShare() }
  const routes: Route[] = []
  for (const route of config.routes) {
    routes.push(compileRoute(route, shared))
    yield
  }
  const settings: DecideSettings = {
    findRoute: createRouteTable(routes),
    classify: sources.classify,
    refusedKinds: sources.kinds.filter((kind) => kind.forward === 'never'),
    isTrusted: compileAddressList(config.server.trust),
    clients: compileClients(config, sources),
    via: config.server.via,
    secretRetryAfterMs: sources.secretRetryAfterMs,
  }
  return {
    decide: (request) => decide(settings, request, null),
    explain: (request) => explain(settings, routes, request),
    upstreams: [...upstreams.values()],
  }
}

function compileClients(config: NormalConfig, sources: TableSources): ClientSettings | null {
  if (config.clients === null) return null
  const { header, isRequired } = config.clients
  return { header, isRequired, identify: sources.identifyClient }
}
