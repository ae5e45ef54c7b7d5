import { loadConfig } from '../../src/config/load.ts'
import type { Diagnostic } from '../../src/config/shapes/diagnostic.ts'
import type { NormalConfig } from '../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { type Observed, observe, observeFallback } from '../../src/proof/observe.ts'
import { createWorld, type World, type WorldSources } from '../../src/proof/world.ts'
import { createRandom } from './random.ts'
import { editConfig, smallConfig, smallInvariant } from './small-configs.ts'
import { smallRequests } from './small-requests.ts'

/** Requests that each file is asked: all that it can tell apart, or so many. */
const REQUESTS = 300

const catalogue = loadCatalogue()

/** What files are read against. */
export const SOURCES: WorldSources = { catalogue, env: { POD: 'x' } }

/** A file as it was read. */
export interface Loaded {
  readonly config: NormalConfig | null
  readonly diagnostics: readonly Diagnostic[]
  readonly text: string
}

/** Reads what is written as a file. */
export function loadSmall(written: object): Loaded {
  const text = JSON.stringify(written)
  const { config, diagnostics } = loadConfig({ file: 'small.yaml', text }, SOURCES)
  return { config, diagnostics, text }
}

/** A file without errors, with what really becomes of many requests. */
export interface Case {
  readonly seed: number
  /** As it was drawn, with rules that no request gets to. */
  readonly written: Loaded
  /** Without them. */
  readonly loaded: Loaded
  readonly config: NormalConfig
  readonly text: string
  readonly edited: object
  readonly world: World
  readonly observed: readonly Observed[]
}

/** Files without errors, one after another. */
export function* checkedCases(count: number, seed: number): Generator<Case> {
  for (let run = 0; run < count; run++) {
    const one = createCase(seed * 1_000_003 + run)
    if (one !== null) yield one
  }
}

/** The one file of a seed that a fault names. */
export function* namedCase(seed: number): Generator<Case> {
  const one = createCase(seed)
  if (one !== null) yield one
}

function createCase(seed: number): Case | null {
  const random = createRandom(seed)
  const written = loadSmall({ ...smallConfig(random), invariants: [smallInvariant(random)] })
  const loaded = readable(written)
  const { config, text } = loaded
  if (config === null) return null
  const world = createWorld(config, SOURCES)
  const edited = editConfig(JSON.parse(text) as Record<string, unknown>, random)
  const requests = smallRequests(text + JSON.stringify(edited), REQUESTS, random)
  const observed = requests.flatMap((request) => observe(request, null, world) ?? [])
  return { seed, written, loaded, config, text, edited, world, observed }
}

/** The same file without its rules that no request gets to. */
export function readable(written: Loaded): Loaded {
  return written.config === null ? loadSmall(withoutUnreachable(written) ?? {}) : written
}

/** What the first fallback of its route does with a request that was observed, where it is forwarded; null: there is none. */
export function nextOf({ request, explanation }: Observed, world: World): Observed | null {
  const { decision } = explanation
  const next = decision.action === 'forward' ? decision.fallbacks[0] : undefined
  if (next === undefined) return null
  return observeFallback(request, next.decide(), explanation, world)
}

/** Whether Keyway refused by itself, whatever the file says. */
export function isOwn(decision: Observed['decision']): boolean {
  return decision.action === 'reject' && OWN.includes(decision.code)
}

/** Whether what was refused is another credential than the one that was found, in a parameter where nobody looks: no part of what is proved. */
export function isStray({ request, decision, explanation }: Observed): boolean {
  if (decision.action !== 'reject' || decision.code !== 'credential_not_accepted') return false
  const [, name] = /stands in the query parameter ([\w-]+)/.exec(decision.message) ?? []
  const isSent = name !== undefined && request.target.includes(`${name}=`)
  return isSent && explanation.credential?.source !== `query ${name}`
}

const OWN = [
  'unsafe_path',
  'ambiguous_path',
  'credential_malformed',
  'credential_conflict',
  'credential_misplaced',
  'credential_refused',
  'client_unauthenticated',
  'foreign_origin',
  'bad_value',
]

/** A rule's place: its route and its own. */
export interface RulePlace {
  readonly route: number
  readonly rule: number
}

/** The rules of which one of some diagnostics tells. */
export function toldPlaces(
  { diagnostics }: Loaded,
  codes: readonly string[],
): readonly RulePlace[] {
  return diagnostics.flatMap(({ code, path }) => {
    const place = codes.includes(code) ? /^routes\[(\d+)\]\.rules\[(\d+)\]/.exec(path) : null
    return place === null ? [] : [{ route: Number(place[1]), rule: Number(place[2]) }]
  })
}

/** null: the file has other errors. */
function withoutUnreachable(loaded: Loaded): object | null {
  const codes = ['unreachable-rule', 'never-holds']
  const errors = loaded.diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.some(({ code, path }) => !codes.includes(code) || /fallback/.test(path))) return null
  const places = toldPlaces(loaded, codes)
  const written = JSON.parse(loaded.text) as { routes: { rules: unknown[] }[] }
  for (const [index, route] of written.routes.entries())
    route.rules = route.rules.filter(
      (_, at) => !places.some((place) => place.route === index && place.rule === at),
    )
  return written
}

/** A place in the file as diagnostics write it. */
export function pathOf(path: readonly (string | number)[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1)
}
