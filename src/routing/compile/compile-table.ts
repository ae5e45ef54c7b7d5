import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { isLoopback } from '../../config/language/address.ts'
import { headersOf } from '../../config/language/place.ts'
import { createShare } from '../../config/normalize/share.ts'
import type { NormalConfig, NormalServer } from '../../config/shapes/normal-config.ts'
import { createFinder } from '../../credentials/extract.ts'
import type { ClientSettings } from '../decide/credential/client-token.ts'
import { createGate } from '../decide/credential/gate.ts'
import { decide } from '../decide/decide.ts'
import type { DecideSettings } from '../decide/decide-settings.ts'
import { explain } from '../decide/explain/explain.ts'
import { createFindRoute } from '../decide/find-route.ts'
import type { PageSettings } from '../decide/foreign-page.ts'
import { clientIpOf } from '../decide/forwarded.ts'
import type { RouteTable } from '../route-table.ts'
import { compileAddressList } from '../rules/address-list.ts'
import type { Route } from '../rules/route.ts'
import type { TableUpstream } from '../table-upstream.ts'
import { compileRoute } from './compile-route.ts'
import { compileUpstream } from './compile-upstream.ts'
import type { Steps } from './steps.ts'
import type { TableSources } from './table-sources.ts'

/** Compiles a valid configuration into its immutable route table, route by route. */
export function* compileTable(config: NormalConfig, sources: TableSources): Steps<RouteTable> {
  const upstreams: ReadonlyMap<string, TableUpstream> = new Map(
    config.upstreams.map((upstream) => [upstream.name, compileUpstream(upstream, sources.env)]),
  )
  const shared = { config, upstreams, table: sources, share: createShare() }
  const routes: Route[] = []
  for (const route of config.routes) {
    routes.push(compileRoute(route, shared))
    yield
  }
  const settings: DecideSettings = {
    findRoute: createFindRoute(routes),
    teller: sources.teller,
    places: sources.catalogue.places,
    gate: createGate(sources.teller, sources.catalogue.places),
    isTrusted: compileAddressList(config.server.trust),
    clients: compileClients(config, sources),
    pages: compilePages(config.server),
    loops: { marker: loopMarker(config.server), via: config.server.via },
    via: config.server.via,
    secretRetryAfterMs: sources.secretRetryAfterMs,
  }
  return {
    decide: (request) => decide(settings, request, null),
    explain: (request) => explain(settings, routes, request),
    upstreams: [...upstreams.values()],
    isTrusted: settings.isTrusted,
    clientIp: (request) => clientIpOf(request, settings.isTrusted),
  }
}

/** The same in all processes that serve one listener, and another for every other listener. */
function loopMarker({ listen }: NormalServer): string {
  const name = `${hostname()} ${JSON.stringify(listen.address)}`
  return `keyway-${createHash('sha256').update(name).digest('hex').slice(0, 8)}`
}

function compilePages({ listen, origins, hosts }: NormalServer): PageSettings {
  const { address } = listen
  const isLoopbackPort = 'host' in address && isLoopback(address)
  return { origins: new Set(origins), hosts, isLoopback: isLoopbackPort }
}

function compileClients(config: NormalConfig, sources: TableSources): ClientSettings | null {
  if (config.clients === null) return null
  const { places, isRequired, isCounted, preflight } = config.clients
  const known = new Set(headersOf(sources.catalogue.places))
  return {
    places,
    find: createFinder(places),
    reader: { ...sources.teller, namedSchemes: new Set() },
    ownHeaders: new Set(headersOf(places).filter((name) => !known.has(name))),
    isRequired,
    preflight,
    isCounted,
    identify: sources.identifyClient,
  }
}
