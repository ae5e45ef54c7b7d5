import { writeCurl } from '../../src/config/diagnostics/write-curl.ts'
import type { NormalInvariant } from '../../src/config/shapes/normal-config.ts'
import type { Proof } from '../../src/proof/invariants/prove-invariant.ts'
import { proveInvariants } from '../../src/proof/invariants/prove-invariants.ts'
import { holdsFor, isAsSaid, type Observed } from '../../src/proof/observe.ts'
import { type Case, isOwn, isStray, nextOf } from './oracle-cases.ts'

/** The invariant of a file, and what came of proving it. */
export function proveOne({ config, world }: Case): {
  readonly invariant: NormalInvariant
  readonly verdict: Proof['verdict']
} {
  const [proved] = proveInvariants(config.invariants, world)
  if (proved === undefined) throw new Error('the file has no invariant')
  return { invariant: proved.invariant, verdict: proved.proof.verdict }
}

/** A request that breaks an invariant, by what the route does or what its fallback does; null: none of those asked does. */
export function findOneThatBreaks(one: Case, invariant: NormalInvariant): string | null {
  const isBroken = (observed: Observed): boolean => {
    if (isOwn(observed.decision) || isStray(observed)) return false
    if (invariant.for !== null && !holdsFor(invariant.for, observed, one.world)) return false
    const { never, always } = invariant
    return (
      (never !== null && isAsSaid(never, observed) === true) ||
      (always !== null && isAsSaid(always, observed) === false)
    )
  }
  const found = one.observed.find((observed) => {
    if (isBroken(observed)) return true
    const next = nextOf(observed, one.world)
    return next !== null && isBroken(next)
  })
  return found === undefined ? null : writeCurl(found.request)
}
