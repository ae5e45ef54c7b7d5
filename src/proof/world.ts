import { isDeepStrictEqual } from 'node:util'
import type { KindFacet } from '../config/checks/reasoning/kind-facet.ts'
import { createReasoner, type Reasoner } from '../config/checks/reasoning/reasoner.ts'
import { createFindRivals, type FindRivals } from '../config/checks/reasoning/routes/route-index.ts'
import { type OrderedRoute, orderedRoute } from '../config/checks/reasoning/routes/route-order.ts'
import { headersOf } from '../config/language/place.ts'
import { mergeKinds } from '../config/normalize/merge-kinds.ts'
import type { Catalogue } from '../config/shapes/catalogue.ts'
import type { NormalConfig, NormalKind } from '../config/shapes/normal-config.ts'
import type { NormalUpstream } from '../config/shapes/normal-upstream.ts'
import { createKindTeller } from '../credentials/kind-teller.ts'
import { compileTable } from '../routing/compile/compile-table.ts'
import { atOnce, type Steps } from '../routing/compile/steps.ts'
import type { RouteTable } from '../routing/route-table.ts'
import { clientOfToken, standInSecret } from '../testing/request.ts'

/** A file as it is reasoned about: what it says, and what really decides by it. */
export interface World {
  readonly config: NormalConfig
  readonly catalogue: Catalogue
  readonly kinds: readonly NormalKind[]
  readonly reasoner: Reasoner
  /** By which kinds its conditions tell credentials apart. */
  readonly kindFacet: KindFacet
  /** Names of clients that the file does not have, and which show tokens in requests that it is compared on. */
  readonly otherClients: readonly string[]
  /** The file's routes, in its order. */
  readonly routes: readonly OrderedRoute[]
  readonly findRivals: FindRivals
  readonly upstreams: ReadonlyMap<string, NormalUpstream>
  /** Decides with stand-ins for secrets and clients; compiled when it is first asked for. */
  readonly table: () => RouteTable
  /** Decides so too, with a stand-in for each value that the file takes from the environment. */
  readonly blindTable: () => RouteTable
  /** Compiles that beforehand, route by route. */
  readonly prepare: () => Steps<void>
}

/** What a world is made of. */
export interface WorldSources {
  readonly catalogue: Catalogue
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Makes the world of a file. */
export function createWorld(config: NormalConfig, sources: WorldSources): World {
  const kinds = mergeKinds(sources.catalogue.kinds, config.kinds)
  const clients = clientNames(config)
  const reasoner = createReasoner({
    kinds,
    clients,
    schemes: 'possible',
    hasExactPaths: hasExactPaths(config),
  })
  return assemble(config, sources, { reasoner, kindFacet: 'kind', otherClients: [] })
}

/** Makes the worlds of two files, so that both can be asked about one request; `tables` are theirs, with stand-ins, where they are compiled already. */
export function createWorlds(
  before: NormalConfig,
  after: NormalConfig,
  sources: WorldSources & { readonly tables?: readonly [RouteTable, RouteTable] },
): readonly [World, World] {
  const [kinds, otherKinds] = [before, after].map((config) =>
    mergeKinds(sources.catalogue.kinds, config.kinds),
  ) as [readonly NormalKind[], readonly NormalKind[]]
  const { tables } = sources
  const isSame = isDeepStrictEqual(kinds, otherKinds)
  const known = new Set([before, after].flatMap(clientNames))
  const clients = [
    ...known,
    ...(mayShowStrangers([before, after], sources.catalogue) ? [nobodyBeside(known)] : []),
  ]
  const reasoner = createReasoner({
    kinds,
    otherKinds,
    clients,
    schemes: 'possible',
    hasExactPaths: [before, after].some(hasExactPaths),
  })
  const kindFacet = isSame ? 'kind' : 'other kind'
  const notOf = (config: NormalConfig): readonly string[] => {
    const own = clientNames(config)
    return clients.filter((name) => !own.includes(name))
  }
  return [
    assemble(
      before,
      sources,
      { reasoner, kindFacet: 'kind', otherClients: notOf(before) },
      tables?.[0],
    ),
    assemble(after, sources, { reasoner, kindFacet, otherClients: notOf(after) }, tables?.[1]),
  ]
}

function assemble(
  config: NormalConfig,
  { catalogue, env }: WorldSources,
  reasoning: Pick<World, 'reasoner' | 'kindFacet' | 'otherClients'>,
  compiled: RouteTable | null = null,
): World {
  const kinds = mergeKinds(catalogue.kinds, config.kinds)
  const routes = config.routes.map((route) => orderedRoute(route.index, route.match))
  const compile = (variables: WorldSources['env']): Steps<RouteTable> =>
    compileTable(config, {
      catalogue,
      env: variables,
      teller: createKindTeller(kinds),
      readSecret: standInSecret,
      secretRetryAfterMs: () => null,
      identifyClient: (token) => clientOfToken(token, config.clients),
    })
  let table = compiled
  let blindTable: RouteTable | null = null
  function* prepare(): Steps<void> {
    table ??= yield* compile(env)
  }
  const world: World = {
    ...reasoning,
    config,
    catalogue,
    kinds,
    routes,
    findRivals: createFindRivals(routes),
    upstreams: new Map(config.upstreams.map((upstream) => [upstream.name, upstream])),
    prepare,
    table() {
      if (table === null) atOnce(prepare())
      return table as unknown as RouteTable
    },
    blindTable() {
      const variables = namedVariables(config)
      if (Object.keys(variables).length === 0) return world.table()
      blindTable ??= atOnce(compile({ ...env, ...variables }))
      return blindTable
    },
  }
  return world
}

/** What the file names of the environment, each with its stand-in. */
function namedVariables(config: NormalConfig): Readonly<Record<string, string>> {
  const written = JSON.stringify(config.routes).matchAll(/\$\{env\.([A-Za-z0-9_.-]+?)(?::-|\})/g)
  const names = [...written].map(([, name = '']) => name)
  // Upstreams are reached by these, and so must be real.
  const others = names.filter((name) => !/^(?:https?|all|no)_proxy$/i.test(name))
  return Object.fromEntries(others.map((name) => [name, `env:${name}`]))
}

function clientNames({ clients }: NormalConfig): readonly string[] {
  return clients === null ? [] : clients.tokens.map(({ name }) => name)
}

/** Whether a token that neither of two files knows can be told from a credential: it stands in a header of its own. */
function mayShowStrangers(configs: readonly NormalConfig[], { places }: Catalogue): boolean {
  const taken = headersOf(places)
  return configs.every(({ clients }) => {
    const place = clients?.places[0]
    return place?.in === 'header' && !taken.includes(place.name)
  })
}

/** The name of a client that there is none of. */
function nobodyBeside(known: ReadonlySet<string>): string {
  let name = 'nobody'
  while (known.has(name)) name += '-'
  return name
}

function hasExactPaths({ routes }: NormalConfig): boolean {
  return routes.some(({ paths }) => paths === 'exact')
}
