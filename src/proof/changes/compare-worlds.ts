import { CantTell } from '../../config/checks/reasoning/verdict.ts'
import { atOnce, type Steps } from '../../routing/compile/steps.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import { isOf } from '../classes/class-requests.ts'
import { classesOf } from '../classes/classes.ts'
import { ownClasses } from '../classes/own-classes.ts'
import { unroutedBeside } from '../classes/unrouted.ts'
import { nameOf } from '../invariants/prove-invariant.ts'
import { observe } from '../observe.ts'
import type { DecisionClass } from '../outcome.ts'
import { takenFormula } from '../route-formula.ts'
import { writeWitnesses } from '../witness.ts'
import type { World } from '../world.ts'
import { besideOf, compareBeside, sentBy } from './beside.ts'
import { compareFallbacks } from './compare-fallbacks.ts'
import { comparePages } from './compare-pages.ts'
import { comparePaths, differInPaths } from './compare-paths.ts'
import { comparePlaces } from './compare-places.ts'
import { type ChangedClass, type Comparing, keepChange } from './comparing.ts'
import { dangerOf, differencesOf } from './danger.ts'
import { compareTokens } from './compare-tokens.ts'
import { compareTrust } from './compare-trust.ts'
import { doubtsOfSettings } from './doubts-of-settings.ts'
import { pairRoutes, type RoutePair } from './route-pairs.ts'
import { signatureOf } from './signature.ts'

/** What a change changes. */
export interface Comparison {
  /** The most dangerous first. */
  readonly changes: readonly ChangedClass[]
  /** Requests of which there is no telling, in words. */
  readonly doubts: readonly string[]
}

/** Finds all classes of requests that two files decide otherwise. */
export function compareWorlds(before: World, after: World): Comparison {
  return atOnce(compareSteps(before, after))
}

/** The same, pair by pair of routes. */
export function* compareSteps(before: World, after: World): Steps<Comparison> {
  const comparing: Comparing = { before, after, changes: new Map(), doubts: new Set() }
  for (const doubt of doubtsOfSettings(before, after)) comparing.doubts.add(doubt)
  for (const pair of pairRoutes(before, after)) {
    yield* comparePair(pair, comparing)
    yield
  }
  yield* comparePages(comparing)
  yield* compareTrust(comparing)
  yield* compareTokens(comparing)
  const changes = [...comparing.changes.values()].sort((a, b) => a.danger - b.danger)
  return { changes, doubts: [...comparing.doubts] }
}

function* comparePair(pair: RoutePair, comparing: Comparing): Steps<void> {
  const { before, after, doubts } = comparing
  try {
    if (!mayTakeOne(pair, comparing)) return
    const old = listOf(pair.before, before, pair.after)
    const now = listOf(pair.after, after, pair.before)
    if (pair.before && pair.after) {
      comparePlaces({ before: pair.before, after: pair.after }, [old, now], comparing)
      yield
    }
    const signatures = new Map([
      ...old.map((one) => [one, signatureOf(one, before)] as const),
      ...now.map((one) => [one, signatureOf(one, after)] as const),
    ])
    for (const one of old)
      for (const other of now) {
        if (one.fallback !== other.fallback) continue
        if (signatures.get(one) === signatures.get(other)) continue
        compareClasses(one, other, comparing)
        yield
      }
    compareFallbacks(pair, [old, now], comparing)
  } catch (error) {
    if (!(error instanceof CantTell)) throw error
    doubts.add(error.message)
  }
}

function listOf(
  route: RoutePair['before'],
  world: World,
  other: RoutePair['before'],
): readonly DecisionClass[] {
  if (route === null) return unroutedBeside(other, world)
  return [...classesOf(route, world), ...ownClasses(route, world)]
}

function mayTakeOne({ before, after }: RoutePair, worlds: Comparing): boolean {
  const taken = [
    ...(before === null ? [] : takenFormula(before, worlds.before)),
    ...(after === null ? [] : takenFormula(after, worlds.after)),
  ]
  return worlds.before.reasoner.solve(...taken).verdict !== 'no'
}

/** Looks for a request of both classes, and decides it by both files. */
function compareClasses(one: DecisionClass, other: DecisionClass, comparing: Comparing): void {
  const { before, after, doubts } = comparing
  const isOfPaths = differInPaths(one, other, comparing)
  if (isOfPaths && comparePaths(one, other, comparing) !== 'unknown') return
  const formulas = [...one.formulas, ...other.formulas]
  const solution = before.reasoner.solve(...formulas)
  if (solution.verdict === 'no') return
  if (solution.verdict === "can't tell") {
    doubts.add(`${nameOf(one)}, now ${nameOf(other)}: ${solution.reason}`)
    return
  }
  const beside = compareBeside(besideOf(one, before), besideOf(other, after), sentBy(other))
  const respects = beside.map(({ danger: _, ...difference }) => difference)
  // A client shows who it is where one of the files looks for that.
  const world = before.config.clients === null ? after : before
  const requests = writeWitnesses(solution.facts, { formulas, classes: [one, other] }, world)
  for (const request of withOtherFields(requests, comparing)) {
    const was = observe(request, one.fallback, before)
    const is = observe(request, other.fallback, after)
    if (was === null || is === null) continue
    // It shows the change that was worked out only if both went the ways that were.
    const isShown = isOf(was, one) && isOf(is, other)
    const differences = [...differencesOf(was, is), ...(isShown ? respects : [])]
    if (differences.length === 0) continue
    const danger = Math.min(dangerOf(was, is), ...(isShown ? beside : []).map((it) => it.danger))
    keepChange({ danger, request, was, is, by: other, differences }, comparing)
    if (isShown) return
  }
  doubts.add(
    `requests that went by ${nameOf(one)} and go by ${nameOf(other)} may be decided otherwise, but those that were tried are not`,
  )
}

/** The same requests, each first with the fields that only one of the files sends on as they came: without them it may be sent on alike. */
function* withOtherFields(
  requests: Iterable<RequestView>,
  { before, after }: Comparing,
): Generator<RequestView> {
  const isOther = (key: 'trace' | 'underscores'): boolean =>
    before.config.server[key] !== after.config.server[key]
  const fields = [
    ...(isOther('trace') ? [TRACEPARENT] : []),
    ...(isOther('underscores') ? [UNDERSCORED] : []),
  ]
  for (const request of requests) {
    const missing = fields.filter(([name]) => !request.headers.includes(name))
    if (missing.length > 0) yield { ...request, headers: [...request.headers, ...missing.flat()] }
    yield request
  }
}

/** An example of W3C Trace Context, §3.2. */
const TRACEPARENT = [
  'traceparent',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
] as const

/** A name that some servers can't tell from one that Keyway writes. */
const UNDERSCORED = ['x_forwarded_for', '192.0.2.1'] as const
