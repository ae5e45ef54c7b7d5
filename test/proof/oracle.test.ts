import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { Diagnostic } from '../../src/config/shapes/diagnostic.ts'
import type { NormalConfig } from '../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { compareWorlds } from '../../src/proof/changes/compare-worlds.ts'
import { measureCoverage } from '../../src/proof/coverage.ts'
import { proveInvariants } from '../../src/proof/invariants/prove-invariants.ts'
import { holdsFor, isAsSaid, observe } from '../../src/proof/observe.ts'
import { createWorld, createWorlds, type World } from '../../src/proof/world.ts'
import { writeCurl } from '../../src/proof/write-curl.ts'
import { compareDecisions } from '../../src/routing/decide/explain/compare-decisions.ts'
import type { RequestView } from '../../src/routing/rules/request-view.ts'
import {
  allRequests,
  createRandom,
  editConfig,
  smallConfig,
  smallInvariant,
} from './small-configs.ts'

// `npm run prove:oracle` looks at far more; here a few are held to what enumerating finds.
const RUNS = Number(process.env.KEYWAY_ORACLE ?? 40)
const SEED = Number(process.env.KEYWAY_SEED ?? 14)
const SAMPLE = 400

const catalogue = loadCatalogue()

interface Loaded {
  readonly config: NormalConfig | null
  readonly diagnostics: readonly Diagnostic[]
  readonly text: string
}

function load(written: Record<string, unknown>): Loaded {
  const text = JSON.stringify(written)
  return { ...loadConfig({ file: 'small.yaml', text }, { catalogue, env: {} }), text }
}

/** Some of all requests, others for each seed: a prime stride visits each once. */
function sampled(seed: number): readonly RequestView[] {
  return Array.from(
    { length: SAMPLE },
    (_, at) => allRequests[((at + seed) * 7919) % allRequests.length] as RequestView,
  )
}

function withoutUnreachable({ diagnostics, text }: Loaded): Record<string, unknown> | null {
  const written = JSON.parse(text) as { routes: { rules: unknown[] }[] }
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  if (errors.some(({ code }) => code !== 'unreachable-rule' && code !== 'never-holds')) return null
  const places = errors.map(({ path }) => /^routes\[(\d+)\]\.rules\[(\d+)\]/.exec(path))
  for (const [index, route] of written.routes.entries())
    route.rules = route.rules.filter(
      (_, at) => !places.some((place) => Number(place?.[1]) === index && Number(place?.[2]) === at),
    )
  return written as unknown as Record<string, unknown>
}

/** Configurations without errors, one after another. */
function* configs(
  count: number,
): Generator<{ readonly config: NormalConfig; readonly text: string; readonly seed: number }> {
  for (let run = 0; run < count; run++) {
    const seed = SEED * 1_000_003 + run
    const loaded = load(smallConfig(createRandom(seed)))
    const mended = loaded.config === null ? withoutUnreachable(loaded) : null
    const { config, text } = mended === null ? loaded : load(mended)
    if (config !== null) yield { config, text, seed }
  }
}

const worldOf = (config: NormalConfig): World => createWorld(config, { catalogue, env: {} })

describe('what is worked out is what enumerating finds', () => {
  test('a rule that no request gets to is got to by none', () => {
    let found = 0
    for (let run = 0; run < RUNS; run++) {
      const seed = SEED * 1_000_003 + run
      const loaded = load(smallConfig(createRandom(seed)))
      const flagged = loaded.diagnostics
        .filter(({ code }) => code === 'unreachable-rule' || code === 'never-holds')
        .map(({ path }) => /^routes\[(\d+)\]\.rules\[(\d+)\]/.exec(path))
      if (flagged.length === 0) continue
      const mended = load(withoutUnreachable(loaded) ?? {})
      if (mended.config === null) continue
      // The same file with each rule that is said to be idle, one by one, as a rule that rejects.
      const written = JSON.parse(loaded.text) as { routes: { rules: Record<string, unknown>[] }[] }
      for (const place of flagged) {
        found++
        const rule = written.routes[Number(place?.[1])]?.rules[Number(place?.[2])]
        const outcome = reachesRule(loaded.text, Number(place?.[1]), Number(place?.[2]), seed)
        if (outcome !== null)
          throw new Error(`${writeCurl(outcome)} gets to ${JSON.stringify(rule)} of ${loaded.text}`)
      }
    }
    expect(found).toBeGreaterThan(RUNS / 20)
  }, 6_000_000)

  test('a rule that is not flagged is got to by a request that is found', () => {
    let found = 0
    for (const { config, text } of configs(RUNS)) {
      const world = worldOf(config)
      const { unreached } = measureCoverage([], world)
      found += unreached.filter(({ request }) => request !== null).length
      for (const { route, rule, branch, request } of unreached) {
        if (request !== null) continue
        const one = config.routes.find(({ name }) => name === route)
        const isShadowed = load(JSON.parse(text) as Record<string, unknown>).diagnostics.some(
          ({ code, path }) =>
            (code === 'shadowed-route' && path.startsWith(`routes[${one?.index}]`)) ||
            ((code === 'always-holds' || code === 'unreachable-rule') && branch === 'else'),
        )
        const reached = sampled(0).find((each) => reaches(world, each, route, rule, branch))
        if (reached && !isShadowed)
          throw new Error(`${writeCurl(reached)} gets to ${route} ${rule} ${branch} of ${text}`)
      }
    }
    expect(found).toBeGreaterThan(RUNS)
  }, 6_000_000)

  test('an invariant holds where no request breaks it, and is broken by the one that is shown', () => {
    const verdicts = { holds: 0, broken: 0, "can't tell": 0 }
    for (const { text, seed } of configs(RUNS)) {
      const random = createRandom(seed + 1)
      const written = { ...(JSON.parse(text) as object), invariants: [smallInvariant(random)] }
      const loaded = load(written)
      const invariant = loaded.config?.invariants[0]
      if (!loaded.config || !invariant) continue
      const world = worldOf(loaded.config)
      const [proved] = proveInvariants([invariant], world)
      const { verdict } = proved?.proof ?? { verdict: "can't tell" as const }
      verdicts[verdict]++
      if (verdict !== 'holds') continue
      for (const request of sampled(seed)) {
        const observed = observe(request, null, world)
        if (observed === null || isOwn(observed.decision)) continue
        if (invariant.for !== null && !holdsFor(invariant.for, observed, world)) continue
        const { never, always } = invariant
        const isBroken =
          (never !== null && isAsSaid(never, observed) === true) ||
          (always !== null && isAsSaid(always, observed) === false)
        if (isBroken) throw new Error(`${writeCurl(request)} breaks ${JSON.stringify(written)}`)
      }
    }
    expect(verdicts.holds).toBeGreaterThan(RUNS / 20)
    expect(verdicts.broken).toBeGreaterThan(RUNS / 20)
    expect(verdicts["can't tell"]).toBeLessThan(RUNS / 10)
  }, 6_000_000)

  test('a change that is said to change nothing changes no decision, and each class is told', () => {
    let changed = 0
    let doubted = 0
    for (const { config, text, seed } of configs(RUNS)) {
      const edited = load(
        editConfig(JSON.parse(text) as Record<string, unknown>, createRandom(seed + 2)),
      )
      if (edited.config === null) continue
      const [before, after] = createWorlds(config, edited.config, { catalogue, env: {} })
      const { changes, doubts } = compareWorlds(before, after)
      if (doubts.length > 0) doubted++
      const told = new Set(
        changes.map(({ was, is }) =>
          JSON.stringify([was, is].map(({ decision }) => endOf(decision))),
        ),
      )
      for (const request of sampled(seed)) {
        const [was, is] = [before, after].map((world) => world.table().decide(request))
        if (!was || !is || compareDecisions(was, is).length === 0) continue
        changed++
        if (doubts.length === 0 && !told.has(JSON.stringify([endOf(was), endOf(is)])))
          throw new Error(`missed ${writeCurl(request)} of ${text} and ${edited.text}`)
      }
    }
    expect(changed).toBeGreaterThan(RUNS)
    expect(doubted).toBeLessThan(RUNS / 10)
  }, 6_000_000)
})

type Decision = NonNullable<ReturnType<typeof observe>>['decision']

function endOf(decision: Decision): unknown {
  const { route, rule, action } = decision
  return [route, rule, action === 'reject' ? decision.code : decision.upstream.config.name]
}

function isOwn(decision: Decision): boolean {
  const own = [
    'unsafe_path',
    'ambiguous_path',
    'credential_malformed',
    'credential_refused',
    'foreign_origin',
  ]
  return decision.action === 'reject' && own.includes(decision.code)
}

function reaches(
  world: World,
  request: RequestView,
  route: string,
  rule: string | null,
  branch: string | null,
): boolean {
  const explained = world.table().explain(request)
  if (explained.route !== route) return false
  const wanted = branch === 'else' ? 'else' : 'held'
  return (
    rule === null ||
    explained.rules.some(({ name, verdict }) => name === rule && verdict === wanted)
  )
}

/** A request that gets to a rule and that it holds for, where its condition is asked of a file without it. */
function reachesRule(text: string, route: number, rule: number, seed: number): RequestView | null {
  const written = JSON.parse(text) as {
    routes: { name: string; rules: Record<string, unknown>[] }[]
  }
  const own = written.routes[route]
  if (!own) return null
  const before = own.rules.slice(0, rule)
  const condition = own.rules[rule]?.if
  if (
    condition === undefined ||
    before.some((one) => one.if === undefined || one.else !== undefined)
  )
    return null
  // Each rule before rejects where it ended the search; whoever gets past them is asked by a rule of its own.
  const marked = before
    .filter((one) => one.continue !== true || one.reject !== undefined)
    .map((one) => ({ if: one.if, reject: 499 }))
  const rules = [...marked, { if: condition, continue: true, request: { set: { 'x-got': '1' } } }]
  own.rules = rules
  const { config } = loadConfig(
    {
      file: 'marked.yaml',
      text: JSON.stringify({
        ...written,
        upstreams: { one: 'https://one.example.com', two: 'https://two.example.com' },
      }),
    },
    { catalogue, env: {} },
  )
  if (config === null) return null
  const world = worldOf(config)
  return (
    sampled(seed).find((request) => {
      const decision = world.table().decide(request)
      return (
        decision.action === 'forward' &&
        decision.route === own.name &&
        decision.headers.includes('x-got')
      )
    }) ?? null
  )
}
