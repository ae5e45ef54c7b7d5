import { createReasoner, type Reasoner } from '../config/checks/reasoning/reasoner.ts'
import { createFindRivals, type FindRivals } from '../config/checks/reasoning/route-index.ts'
import { type OrderedRoute, orderedRoute } from '../config/checks/reasoning/route-order.ts'
import { mergeKinds } from '../config/normalize/merge-kinds.ts'
import type { Catalogue } from '../config/shapes/catalogue.ts'
import type { NormalConfig, NormalKind } from '../config/shapes/normal-config.ts'
import type { NormalUpstream } from '../config/shapes/normal-upstream.ts'
import { createKindTeller } from '../credentials/kind-teller.ts'
import { compileTable } from '../routing/compile/compile-table.ts'
import { atOnce } from '../routing/compile/steps.ts'
import type { RouteTable } from '../routing/route-table.ts'
import { clientOfToken, standInSecret } from '../testing/request.ts'

/** A file as it is reasoned about: what it says, and what really decides by it. */
export interface World {
  readonly config: NormalConfig
  readonly catalogue: Catalogue
  readonly kinds: readonly NormalKind[]
  readonly reasoner: Reasoner
  /** The file's routes, in its order. */
  readonly routes: readonly OrderedRoute[]
  readonly findRivals: FindRivals
  readonly upstreams: ReadonlyMap<string, NormalUpstream>
  /** Decides with stand-ins for secrets and clients; compiled when it is first asked for. */
  readonly table: () => RouteTable
}

/** What a world is made of. */
export interface WorldSources {
  readonly catalogue: Catalogue
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Makes the world of a file; `reasoner` is another's of the same kinds, where both are asked about one request. */
export function createWorld(
  config: NormalConfig,
  { catalogue, env }: WorldSources,
  reasoner?: Reasoner,
): World {
  const kinds = mergeKinds(catalogue.kinds, config.kinds)
  const routes = config.routes.map((route) => orderedRoute(route.index, route.match))
  let table: RouteTable | null = null
  return {
    config,
    catalogue,
    kinds,
    reasoner:
      reasoner ?? createReasoner({ kinds, clients: clientNames(config), schemes: 'possible' }),
    routes,
    findRivals: createFindRivals(routes),
    upstreams: new Map(config.upstreams.map((upstream) => [upstream.name, upstream])),
    table() {
      table ??= atOnce(
        compileTable(config, {
          catalogue,
          env,
          teller: createKindTeller(kinds),
          readSecret: standInSecret,
          secretRetryAfterMs: () => null,
          identifyClient: clientOfToken,
        }),
      )
      return table
    },
  }
}

/** The names that clients can have; null: any. */
export function clientNames({ clients }: NormalConfig): readonly string[] | null {
  return clients === null ? [] : clients.tokens.map(({ name }) => name)
}
