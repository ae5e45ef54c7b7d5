import { writeCurl } from '../../src/config/diagnostics/write-curl.ts'
import type { NormalConfig } from '../../src/config/shapes/normal-config.ts'
import { compareWorlds } from '../../src/proof/changes/compare-worlds.ts'
import { type Observed, observe } from '../../src/proof/observe.ts'
import { createWorlds, type World } from '../../src/proof/world.ts'
import { compareDecisions } from '../../src/routing/decide/explain/compare-decisions.ts'
import type { RequestView } from '../../src/routing/rules/request-view.ts'
import { type Case, SOURCES } from './oracle-cases.ts'

/** What comparing two files missed. */
export interface ComparedCase {
  /** A request that is decided otherwise, of which nothing was told; null: none. */
  readonly missed: string | null
  /** Requests that are decided otherwise. */
  readonly changed: number
  readonly isDoubted: boolean
}

/** Decides requests by both files, and looks for one that is decided otherwise in a way that is not told. */
export function findMissedChange(one: Case, edited: NormalConfig): ComparedCase {
  const worlds = createWorlds(one.config, edited, SOURCES)
  const [before, after] = worlds
  const { changes, doubts } = compareWorlds(before, after)
  const told = new Set(
    changes.flatMap(({ was, is }) => [endsOf(was, is, true), endsOf(was, is, false)]),
  )
  const toldNext = new Set(
    changes.flatMap(({ was, is }) =>
      [was, is].filter(({ isFallback }) => isFallback).map((one) => deciderOf(one)),
    ),
  )
  let changed = 0
  let missed: string | null = null
  for (const { request } of one.observed) {
    for (const next of goingOn(request, worlds))
      if (!toldNext.has(deciderOf(next))) missed ??= writeCurl(request)
    for (const [was, is] of ends(request, worlds)) {
      if (compareDecisions(was.decision, is.decision).length === 0) continue
      changed++
      if (!told.has(endsOf(was, is, isFound(was) || isFound(is)))) missed ??= writeCurl(request)
    }
  }
  const isDoubted = doubts.length > 0
  return { missed: isDoubted ? null : missed, changed, isDoubted }
}

/** What both files come to for a request, and where both forward it what their fallbacks do. */
function ends(
  request: RequestView,
  worlds: readonly World[],
): readonly (readonly [Observed, Observed])[] {
  const [was, is] = worlds.map((world) => observe(request, null, world))
  if (!was || !is) return []
  if (was.decision.action !== 'forward' || is.decision.action !== 'forward') return [[was, is]]
  const [next, nextNow] = worlds.map((world) => observe(request, 0, world))
  if (next && nextNow)
    return [
      [was, is],
      [next, nextNow],
    ]
  return [[was, is]]
}

/** What becomes of requests that go on to a fallback where only one file has it: that is told by itself; a fallback that refuses is as good as none. */
function goingOn(request: RequestView, worlds: readonly World[]): readonly Observed[] {
  const own = worlds.map((world) => observe(request, null, world))
  if (own.some((one) => one?.decision.action !== 'forward')) return []
  const next = worlds.map((world) => observe(request, 0, world))
  const only = next[0] === null ? next[1] : next[1] === null ? next[0] : null
  return only?.decision.action === 'forward' ? [only] : []
}

function deciderOf({ decision: { route, rule } }: Observed): string {
  return JSON.stringify([route, rule])
}

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
