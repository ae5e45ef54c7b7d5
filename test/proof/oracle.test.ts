import { expect, test } from 'vitest'
import { findIdleOutcomes } from '../../src/proof/idle-outcomes.ts'
import {
  type Case,
  checkedCases,
  loadSmall,
  namedCase,
  pathOf,
  toldPlaces,
} from './oracle-cases.ts'
import { compareFiles, findMissedChange } from './oracle-changes.ts'
import { findOneThatBreaks, proveOne } from './oracle-invariants.ts'
import { findAgainst, findOneThatReaches, findUnexpectedReach, reachOf } from './oracle-rules.ts'

// `npm run prove:oracle` looks at far more; here a few are held to what enumerating finds.
const RUNS = Number(process.env.KEYWAY_ORACLE ?? 100)
const SEED = Number(process.env.KEYWAY_SEED ?? 14)
/** The seed that a fault names: its file is looked at alone. */
const CASE = Number(process.env.KEYWAY_CASE ?? Number.NaN)

/** More faults say no more. */
const MOST_FAULTS = 5

test('what is worked out is what enumerating finds', () => {
  const faults: string[] = []
  const counts: Record<string, number> = {}
  const count = (what: string, more = 1): void => {
    counts[what] = (counts[what] ?? 0) + more
  }
  const isAlone = !Number.isNaN(CASE)
  for (const one of isAlone ? namedCase(CASE) : checkedCases(RUNS, SEED)) {
    count('files')
    for (const look of [lookAtErrors, lookAtWarnings, lookAtReach, lookAtInvariant, lookAtChange]) {
      const fault = look(one, count)
      if (fault !== null) faults.push(`${look.name}, seed ${one.seed}: ${fault}\n${one.text}`)
    }
    if (faults.length >= MOST_FAULTS) break
  }
  expect(faults.join('\n\n')).toBe('')
  if (isAlone) return
  expect(counts).toMatchObject({ files: expect.any(Number) as number })
  for (const [what, share] of SHARES)
    expect(counts[what], `${what} of ${JSON.stringify(counts)}`).toBeGreaterThan(RUNS * share)
  expect(counts.doubts ?? 0).toBeLessThan(RUNS * 0.4)
}, 36_000_000)

/** Of how many files there is something to look at: where there is nothing, nothing is shown. */
const SHARES = [
  ['files', 0.7],
  ['unreachable rules', 0.05],
  ['reached', 2],
  ['holding', 0.1],
  ['broken', 0.1],
  ['changed requests', 1],
] as const

type Count = (what: string, more?: number) => void

/** A rule that no request gets to is got to by none. */
function lookAtErrors(one: Case, count: Count): string | null {
  for (const place of toldPlaces(one.written, ['unreachable-rule', 'never-holds'])) {
    count('unreachable rules')
    const request = findOneThatReaches(one, place)
    if (request !== null) return `${request} gets to the rule at ${JSON.stringify(place)}`
  }
  return null
}

/** What is said to come to nothing comes to nothing. */
function lookAtWarnings(one: Case, count: Count): string | null {
  const found = [...one.loaded.diagnostics, ...findIdleOutcomes(one.world)]
  for (const { code, path } of found) {
    const request = findAgainst(one, code, typeof path === 'string' ? path : pathOf(path))
    if (request === undefined) continue
    count('idle')
    if (request !== null) return `${request} in spite of ${code}`
  }
  return null
}

/** A rule that is not told is got to by a request that is found. */
function lookAtReach(one: Case, count: Count): string | null {
  const reach = reachOf(one)
  count('reached', reach.reached)
  return findUnexpectedReach(one, reach)
}

/** An invariant holds where no request breaks it, and is broken by the one that is shown. */
function lookAtInvariant(one: Case, count: Count): string | null {
  const { verdict, invariant } = proveOne(one)
  if (verdict === "can't tell") count('doubts')
  if (verdict === 'broken') count('broken')
  if (verdict !== 'holds') return null
  count('holding')
  const request = findOneThatBreaks(one, invariant)
  return request === null ? null : `${request} breaks the invariant`
}

/** A change that is said to change nothing changes no decision, and each class is told. */
function lookAtChange(one: Case, count: Count): string | null {
  const edited = loadSmall(one.edited)
  if (edited.config === null) return null
  const compared = compareFiles(one, edited.config)
  const { missed, changed } = findMissedChange(one, compared)
  count('changed requests', changed)
  if (compared.isDoubted) count('doubts')
  return missed === null ? null : `${missed} is missed by the comparison with ${edited.text}`
}
