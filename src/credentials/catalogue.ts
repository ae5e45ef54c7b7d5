import { parse } from 'yaml'
import { parsePlace, parsePlacement } from '../config/language/placement.ts'
import type { Catalogue, Provider } from '../config/shapes/catalogue.ts'
import type { Envelope } from '../config/shapes/config.generated.ts'
import type { NormalAction, NormalKind, NormalRule } from '../config/shapes/normal-config.ts'
import { shippedCatalogue } from './shipped-catalogue.generated.ts'
import { validateCatalogue } from './validate-catalogue.generated.ts'

let shipped: Catalogue | null = null

/** The catalogue that ships with Keyway: config/credentials.yaml, as it was when this was built. */
export function loadCatalogue(): Catalogue {
  shipped ??= normalizeCatalogue(shippedCatalogue as CatalogueFile)
  return shipped
}

/** Parses and validates a catalogue's YAML; throws with every error of the schema. */
export function parseCatalogue(text: string): Catalogue {
  const file: unknown = parse(text, { schema: 'core', maxAliasCount: 0, prettyErrors: false })
  if (!isCatalogueFile(file)) throw new Error(`credential catalogue: ${listErrors()}`)
  return normalizeCatalogue(file)
}

function normalizeCatalogue(file: CatalogueFile): Catalogue {
  return {
    kinds: Object.entries(file.kinds).map(([name, kind]) => ({ name, ...kind })),
    providers: Object.entries(file.providers).map(([name, provider]) =>
      normalizeProvider(name, provider),
    ),
  }
}

interface CatalogueFile {
  readonly kinds: Readonly<Record<string, Omit<NormalKind, 'name'>>>
  readonly providers: Readonly<Record<string, ProviderEntry>>
}

interface ProviderEntry {
  readonly description: string
  readonly url?: string
  readonly accepts: readonly string[]
  readonly errors: Envelope
  readonly from?: readonly string[]
  readonly rules: readonly RuleEntry[]
}

interface RuleEntry {
  readonly name: string
  readonly if?: { readonly credential: { readonly kind: string | readonly string[] } }
  readonly use: string
}

const isCatalogueFile = (file: unknown): file is CatalogueFile => validateCatalogue(file)

function listErrors(): string {
  const errors = validateCatalogue.errors ?? []
  return errors.map((error) => `${error.instancePath} ${error.message}`).join('; ')
}

function normalizeProvider(name: string, provider: ProviderEntry): Provider {
  return {
    name,
    description: provider.description,
    url: provider.url ?? null,
    accepts: provider.accepts,
    errors: provider.errors,
    from: provider.from?.map(parsePlace) ?? null,
    rules: provider.rules.map(normalizeRule),
  }
}

const NOTHING: NormalAction = {
  use: null,
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
