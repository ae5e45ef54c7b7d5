import { DEFAULT_PLACES } from '../config/language/credential-places.ts'
import { formatPlace, parsePlace } from '../config/language/place.ts'
import { parsePlacement } from '../config/language/placement.ts'
import type { Catalogue, Provider } from '../config/shapes/catalogue.ts'
import type { Envelope } from '../config/shapes/config.generated.ts'
import type {
  NormalAction,
  NormalKind,
  NormalPlacement,
  NormalRule,
  Place,
} from '../config/shapes/normal-config.ts'
import { shippedCatalogue } from './shipped-catalogue.generated.ts'

let shipped: Catalogue | null = null

/** The catalogue that ships with Keyway: config/credentials.yaml, as it was when this was built. */
export function loadCatalogue(): Catalogue {
  shipped ??= normalizeCatalogue(shippedCatalogue as CatalogueFile)
  return shipped
}

function normalizeCatalogue(file: CatalogueFile): Catalogue {
  const providers = Object.entries(file.providers).map(([name, provider]) =>
    normalizeProvider(name, provider),
  )
  return {
    kinds: Object.entries(file.kinds).map(([name, kind]) => ({ name, ...kind })),
    providers,
    places: collectPlaces(providers, file.places?.map(parsePlace) ?? []),
  }
}

function collectPlaces(providers: readonly Provider[], others: readonly Place[]): readonly Place[] {
  const used = providers.flatMap(({ rules }) => rules.flatMap(({ then }) => placeOf(then.use)))
  const own = providers.flatMap(({ places }) => places)
  const all = [...DEFAULT_PLACES, ...used, ...own, ...others]
  return [...new Map(all.map((place) => [formatPlace(place), place])).values()]
}

function placeOf(use: NormalPlacement | null): readonly Place[] {
  return use === null || use.place === 'none' ? [] : [use.place]
}

interface CatalogueFile {
  readonly places?: readonly string[]
  readonly kinds: Readonly<Record<string, Omit<NormalKind, 'name'>>>
  readonly providers: Readonly<Record<string, ProviderEntry>>
}

interface ProviderEntry {
  readonly description: string
  readonly url?: string
  readonly brought?: string
  readonly accepts: readonly string[]
  readonly errors: Envelope
  readonly places?: readonly string[]
  readonly rules: readonly RuleEntry[]
  readonly only?: Readonly<Record<string, string>>
  readonly clients: Readonly<Record<string, string>>
}

interface RuleEntry {
  readonly name: string
  readonly if?: { readonly credential: { readonly kind: string | readonly string[] } }
  readonly use: string
}

function normalizeProvider(name: string, provider: ProviderEntry): Provider {
  return {
    name,
    description: provider.description,
    url: provider.url ?? null,
    brought: provider.brought ?? null,
    accepts: provider.accepts,
    errors: provider.errors,
    places: provider.places?.map(parsePlace) ?? [],
    rules: provider.rules.map(normalizeRule),
    only: Object.entries(provider.only ?? {}).map(([kind, matches]) => ({ kind, matches })),
    clients: Object.entries(provider.clients).map(([name, path]) => ({
      name,
      path: path === '/' ? '' : path,
    })),
  }
}

const NOTHING: NormalAction = {
  use: null,
  also: [],
  request: null,
  response: null,
  rewrite: null,
  upstream: null,
  reject: null,
}

function normalizeRule(rule: RuleEntry, index: number): NormalRule {
  const kinds = rule.if ? [rule.if.credential.kind].flat() : null
  return {
    name: rule.name,
    index,
    if: kinds && { type: 'kind', in: kinds },
    then: { ...NOTHING, use: parsePlacement(rule.use) },
    else: null,
    continue: false,
  }
}
