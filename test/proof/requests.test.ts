import { expect, test } from 'vitest'
import { listClasses } from '../../src/proof/classes/all-classes.ts'
import { requestOfClass } from '../../src/proof/classes/class-requests.ts'
import { findIdleOutcomes } from '../../src/proof/idle-outcomes.ts'
import { proveInvariants } from '../../src/proof/invariants/prove-invariants.ts'
import { observe } from '../../src/proof/observe.ts'
import { createWorld } from '../../src/proof/world.ts'
import { nearRequest } from './near-requests.ts'
import { type Case, loadSmall, pathOf, readable, SOURCES, toldPlaces } from './oracle-cases.ts'
import { compareFiles, findMissedChange } from './oracle-changes.ts'
import { findOneThatBreaks } from './oracle-invariants.ts'
import { findAgainst, findOneThatReaches, findUnexpectedReach, reachOf } from './oracle-rules.ts'
import { createRandom, pick, type Random } from './random.ts'
import { realConfig } from './real-configs.ts'
import { editConfig } from './small-configs.ts'

// `npm run prove:requests` makes a million, of files of 300 routes; here a few are made.
const REQUESTS = Number(process.env.KEYWAY_REQUESTS ?? 2_000)
const ROUTES = Number(process.env.KEYWAY_ROUTES ?? 25)
const SEED = Number(process.env.KEYWAY_SEED ?? 14)

/** Requests of one file, and of those that are looked at together. */
const OF_A_FILE = 40_000
const TOGETHER = 2_000

/** Looks for what contradicts one claim among the requests of a case. */
type Refute = (one: Case) => string | null

test('no request contradicts what is worked out of a file of real size', () => {
  const counts = { files: 0, requests: 0, claims: 0 }
  for (let at = 0; counts.requests < REQUESTS; at++) {
    const random = createRandom(SEED * 1_000_003 + at)
    const one = createCase(random)
    if (one === null) continue
    const refutations = claimsOf(one, random)
    counts.files++
    counts.claims += refutations.length
    const more = Math.min(OF_A_FILE, REQUESTS - counts.requests)
    counts.requests += more
    for (const requests of drawn(one, more, random))
      for (const refute of refutations)
        expect(refute({ ...one, observed: requests }), `file ${at}: ${one.text}`).toBeNull()
  }
  if (process.env.KEYWAY_REQUESTS !== undefined) console.log(counts)
  expect(counts.claims).toBeGreaterThan(10)
}, 36_000_000)

function createCase(random: Random): Case | null {
  const written = loadSmall(realConfig(random, { routes: ROUTES, invariants: 40 }))
  const loaded = readable(written)
  const { config, text } = loaded
  if (config === null) return null
  const world = createWorld(config, SOURCES)
  const edited = editConfig(JSON.parse(text) as Record<string, unknown>, random)
  return { seed: 0, written, loaded, config, text, edited, world, observed: [] }
}

/** All that is claimed of all requests: rules and routes out of reach, what always holds, invariants, and what an edit leaves as it is. */
function claimsOf(one: Case, random: Random): readonly Refute[] {
  const { written, loaded, config, world } = one
  const unreachable = toldPlaces(written, ['unreachable-rule', 'never-holds'])
  const findings = [...loaded.diagnostics, ...findIdleOutcomes(world)]
  const reach = reachOf(one)
  const invariants = proveInvariants(config.invariants, world)
  const edits = [1, 2, 3].flatMap(() => {
    const edited = editConfig(JSON.parse(one.text) as Record<string, unknown>, random)
    const { config: after } = loadSmall(edited)
    return after === null ? [] : [compareFiles(one, after)]
  })
  return [
    ...unreachable.map(
      (place): Refute =>
        (it) =>
          findOneThatReaches(it, place),
    ),
    ...findings.map(
      ({ code, path }): Refute =>
        (it) =>
          findAgainst(it, code, typeof path === 'string' ? path : pathOf(path)) ?? null,
    ),
    (it) => findUnexpectedReach(it, reach),
    ...invariants
      .filter(({ proof }) => proof.verdict === 'holds')
      .map(
        ({ invariant }): Refute =>
          (it) =>
            findOneThatBreaks(it, invariant),
      ),
    ...edits.map(
      (edit): Refute =>
        (it) =>
          findMissedChange(it, edit).missed,
    ),
  ]
}

/** Requests near those that show each class of decisions, in parts. */
function* drawn(one: Case, count: number, random: Random): Generator<Case['observed']> {
  const { world } = one
  const shown = listClasses(world).classes.flatMap((each) => requestOfClass(each, world) ?? [])
  for (let left = count; left > 0; left -= TOGETHER)
    yield Array.from({ length: Math.min(left, TOGETHER) }, () =>
      nearRequest(pick(random, shown), random),
    ).flatMap((request) => observe(request, null, world) ?? [])
}
