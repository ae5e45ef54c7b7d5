import { createMask, type Mask } from '../../config/diagnostics/mask.ts'
import { isScheme } from '../../config/language/schemes.ts'
import { mergeKinds } from '../../config/normalize/merge-kinds.ts'
import type { NormalConfig } from '../../config/shapes/normal-config.ts'
import { loadCatalogue } from '../../credentials/catalogue.ts'
import { SHORTEST_HIDDEN, secretFields } from '../../credentials/show/secret-fields.ts'
import { fieldPairs } from '../../http/fields/field-pairs.ts'
import type { RawHeaders } from '../../http/fields/raw-headers.ts'

/** Takes credentials out of what echo shows. */
export interface EchoMask {
  readonly field: (name: string, value: string) => string
  readonly target: (target: string) => string
}

interface Sensitive {
  /** Header and query names that carry credentials in this configuration, lower case. */
  readonly names: ReadonlySet<string>
  /** Prefixes of the catalogue, the longest first. */
  readonly prefixes: readonly string[]
  readonly maskText: Mask
}

const known = new WeakMap<NormalConfig, Sensitive>()

/**
 * Creates the mask for one request: whole values where a credential is known to stand, whatever
 * the client sent as one wherever it went, and all that looks like one elsewhere. A value keeps its
 * scheme and the catalogue's prefix.
 */
export function createEchoMask(config: NormalConfig, incoming: RawHeaders): EchoMask {
  const sensitive = known.get(config) ?? learn(config)
  const sent = sentValues(incoming, sensitive.names)
  const maskText = (text: string): string =>
    sensitive.maskText(
      sent.reduce((rest, value) => rest.replaceAll(value, hide(value, sensitive)), text),
    )
  return {
    field: (name, value) =>
      sensitive.names.has(name) ? hideAfterScheme(value, sensitive) : maskText(value),
    target: (target) => maskText(hideParameters(target, sensitive)),
  }
}

function learn(config: NormalConfig): Sensitive {
  const catalogue = loadCatalogue()
  const kinds = mergeKinds(catalogue.kinds, config.kinds)
  const prefixes = kinds.flatMap((kind) => kind.prefixes ?? [])
  const places = [...catalogue.places, ...(config.clients?.places ?? [])]
  const named = places.flatMap(({ in: sort, name }) => (sort === 'subprotocol' ? [] : [name]))
  const names = secretFields(['sec-websocket-protocol', ...named, ...namesIn(config.routes)])
  const sensitive = {
    names,
    prefixes: prefixes.sort((a, b) => b.length - a.length),
    maskText: createMask(kinds),
  }
  known.set(config, sensitive)
  return sensitive
}

/** Names of places credentials are read from or put into, and of fields set from a secret. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  const entries = Object.entries(value)
  const own = entries.flatMap(([key, inner]) => {
    const isPlace = key === 'in' && 'name' in value && typeof value.name === 'string'
    if (isPlace) return [String(value.name).toLowerCase()]
    return typeof inner === 'string' && /\$\{(secret|credential)/.test(inner)
      ? [key.toLowerCase()]
      : []
  })
  return [...own, ...entries.flatMap(([, inner]) => namesIn(inner))]
}

const NO_SCHEMES: ReadonlySet<string> = new Set()

function sentValues(headers: RawHeaders, names: ReadonlySet<string>): string[] {
  return fieldPairs(headers)
    .filter(([name]) => names.has(name.toLowerCase()))
    .map(([, value]) => value.trim().replace(/^\S+\s+/, ''))
    .filter((value) => value.length >= SHORTEST_HIDDEN)
}

function hideAfterScheme(value: string, sensitive: Sensitive): string {
  const [, scheme = '', rest = ''] = /^(\S+\s+)?(.*)$/s.exec(value) ?? []
  if (!isScheme(scheme.trim().toLowerCase(), NO_SCHEMES)) return hide(value, sensitive)
  return scheme + hide(rest, sensitive)
}

function hideParameters(target: string, sensitive: Sensitive): string {
  return target.replaceAll(/([?&])([^=&]+)=([^&]*)/g, (whole, mark, name, value) =>
    sensitive.names.has(name.toLowerCase()) ? `${mark}${name}=${hide(value, sensitive)}` : whole,
  )
}

function hide(value: string, { prefixes }: Sensitive): string {
  const prefix = prefixes.find((candidate) => value.startsWith(candidate)) ?? ''
  return `${prefix}…`
}
