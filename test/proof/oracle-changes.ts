import { writeCurl } from '../../src/config/diagnostics/write-curl.ts'
import type { NormalConfig } from '../../src/config/shapes/normal-config.ts'
import { compareWorlds } from '../../src/proof/changes/compare-worlds.ts'
import { type Observed, observe } from '../../src/proof/observe.ts'
import { createWorlds, type World } from '../../src/proof/world.ts'
import { compareDecisions } from '../../src/routing/decide/explain/compare-decisions.ts'
import { type Case, nextOf, SOURCES } from './oracle-cases.ts'

/** What comparing two files missed. */
export interface ComparedCase {
  /** A request that is decided otherwise, of which nothing was told; null: none. */
  readonly missed: string | null
  /** Requests that are decided otherwise. */
  readonly changed: number
}

/** Two files that were compared: what is told of them. */
export interface ComparedFiles {
  readonly after: World
  readonly isDoubted: boolean
  /** Ends before and after; with the code of a rejection, and without. */
  readonly told: ReadonlySet<string>
  /** What decides requests that go on to a fallback which one of them has. */
  readonly toldNext: ReadonlySet<string>
}

/** Compares a file with an edited one. */
export function compareFiles(one: Case, edited: NormalConfig): ComparedFiles {
  const [before, after] = createWorlds(one.config, edited, SOURCES)
  const { changes, doubts } = compareWorlds(before, after)
  const next = changes.flatMap(({ was, is }) => [was, is].filter(({ isFallback }) => isFallback))
  return {
    after,
    isDoubted: doubts.length > 0,
    told: new Set(changes.flatMap(({ was, is }) => [true, false].map((it) => endsOf(was, is, it)))),
    toldNext: new Set(next.map(deciderOf)),
  }
}

/** Decides requests by both files, and looks for one that is decided otherwise in a way that is not told. */
export function findMissedChange(
  one: Case,
  { after, isDoubted, told, toldNext }: ComparedFiles,
): ComparedCase {
  const worlds: Worlds = [one.world, after]
  let changed = 0
  let missed: string | null = null
  for (const old of one.observed) {
    const { request } = old
    const now = observe(request, null, after)
    if (now === null) continue
    for (const next of goingOn(old, now, worlds))
      if (!toldNext.has(deciderOf(next))) missed ??= writeCurl(request)
    for (const [was, is] of ends(old, now, worlds)) {
      if (compareDecisions(was.decision, is.decision).length === 0) continue
      if (isUncompared(was) || isUncompared(is)) continue
      changed++
      if (!told.has(endsOf(was, is, isFound(was) || isFound(is)))) missed ??= writeCurl(request)
    }
  }
  return { missed: isDoubted ? null : missed, changed }
}

type Worlds = readonly [World, World]

/** What both files come to for a request, and where both forward it what their fallbacks do. */
function ends(
  was: Observed,
  is: Observed,
  worlds: Worlds,
): readonly (readonly [Observed, Observed])[] {
  if (was.decision.action !== 'forward' || is.decision.action !== 'forward') return [[was, is]]
  const [next, nextNow] = [nextOf(was, worlds[0]), nextOf(is, worlds[1])]
  if (next && nextNow)
    return [
      [was, is],
      [next, nextNow],
    ]
  return [[was, is]]
}

/** What becomes of requests that go on to a fallback where only one file has it: that is told by itself; a fallback that refuses is as good as none. */
function goingOn(was: Observed, is: Observed, worlds: Worlds): readonly Observed[] {
  if ([was, is].some(({ decision }) => decision.action !== 'forward')) return []
  const next = [nextOf(was, worlds[0]), nextOf(is, worlds[1])] as const
  const only = next[0] === null ? next[1] : next[1] === null ? next[0] : null
  return only?.decision.action === 'forward' ? [only] : []
}

function deciderOf({ decision: { route, rule } }: Observed): string {
  return JSON.stringify([route, rule])
}

/** Refused by Keyway itself for what is no part of a class. */
function isUncompared({ decision }: Observed): boolean {
  return decision.action === 'reject' && UNCOMPARED.includes(decision.code)
}

const UNCOMPARED = [
  'unsafe_path',
  'ambiguous_path',
  'credential_malformed',
  'foreign_origin',
  'bad_value',
]

function isFound({ decision }: Observed): boolean {
  return decision.action === 'reject' && FOUND.includes(decision.code)
}

function endsOf(was: Observed, is: Observed, isFound: boolean): string {
  return JSON.stringify(
    [was, is].map(({ decision, isFallback }) => [endOf(decision, isFound), isFallback]),
  )
}

/** Credentials that stand where nobody looks for them are no part of a class: whether they are refused is not told apart. */
const FOUND = ['credential_not_accepted', 'credential_refused', 'credential_misplaced']

function endOf(decision: Observed['decision'], isFound: boolean): unknown {
  const { route, rule, action } = decision
  if (isFound) return [route, rule]
  return [route, rule, action === 'reject' ? decision.code : decision.upstream.config.name]
}
