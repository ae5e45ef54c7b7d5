import { type Formula, isNever } from '../../config/checks/reasoning/formula.ts'
import { CantTell } from '../../config/checks/reasoning/verdict.ts'
import type { NormalInvariant } from '../../config/shapes/normal-config.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import { holdsFor, isAsSaid, type Observed, observe } from '../observe.ts'
import type { DecisionClass } from '../outcome.ts'
import { formulaIn } from '../route-formula.ts'
import { writeWitnesses } from '../witness.ts'
import type { World } from '../world.ts'
import { chanceOf } from './expectation.ts'

/** What came of proving one invariant. */
export type Proof =
  | { readonly verdict: 'holds'; readonly classes: number }
  | { readonly verdict: 'broken'; readonly by: Counterexample }
  | {
      readonly verdict: "can't tell"
      readonly reason: string
      /** Of which of the two claims; null: of either. */
      readonly claim: Claim | null
    }

/** What an invariant says of its requests. */
export type Claim = 'never' | 'always'

/** A request that breaks an invariant: it was really decided so. */
export interface Counterexample {
  readonly request: RequestView
  readonly observed: Observed
  readonly class: DecisionClass
  /** Which of the two claims it breaks. */
  readonly claim: Claim
}

/** One invariant on its way through the classes. */
export interface Proving {
  /** Looks at the classes of one more route; does nothing once the invariant is broken. */
  readonly lookAt: (looked: Looked) => void
  readonly proof: () => Proof
}

/** A route as it is looked at. */
export interface Looked {
  /** Equal for routes whose classes are alike; null: it is like no other. */
  readonly shape: string | null
  /** Throws CantTell. */
  readonly classes: () => readonly DecisionClass[]
  /** That a request is taken by the route. */
  readonly taken: () => readonly Formula[]
}

/** Begins to prove an invariant. */
export function createProving(invariant: NormalInvariant, world: World): Proving {
  const meant = invariant.for === null ? [] : [formulaIn(invariant.for, world)]
  let count = 0
  let doubt: { readonly claim: Claim; readonly reason: string } | null = null
  let broken: Counterexample | null = null
  const lookAtOne = (one: DecisionClass): void => {
    count++
    for (const claim of ['never', 'always'] as const) {
      const found = tryToBreak({ invariant, claim, one, meant, world })
      if (typeof found === 'string') doubt ??= { claim, reason: found }
      else broken ??= found
    }
  }
  /** Shapes of routes that keep it, with how many classes were looked at. */
  const kept = new Map<string, number>()
  return {
    lookAt({ shape, classes, taken }) {
      if (broken !== null) return
      const known = shape === null ? undefined : kept.get(shape)
      if (known !== undefined) {
        count += known
        return
      }
      const before = count
      const isConcerned =
        meant.length === 0 || world.reasoner.solve(...meant, ...taken()).verdict !== 'no'
      if (isConcerned) for (const one of classes()) if (broken === null) lookAtOne(one)
      if (shape !== null && broken === null && doubt === null) kept.set(shape, count - before)
    },
    proof() {
      if (broken !== null) return { verdict: 'broken', by: broken }
      return doubt === null
        ? { verdict: 'holds', classes: count }
        : { verdict: "can't tell", ...doubt }
    },
  }
}

interface Attempt {
  readonly invariant: NormalInvariant
  readonly claim: Claim
  readonly one: DecisionClass
  readonly meant: readonly Formula[]
  readonly world: World
}

/** A counterexample, null where there is none in a class, or why there is no telling. */
function tryToBreak(attempt: Attempt): Counterexample | string | null {
  const { invariant, claim, one, meant, world } = attempt
  const wanted = invariant[claim]
  if (wanted === null) return null
  const chance = chanceOf(wanted, one, world)
  const broken = claim === 'never' ? chance.may : chance.mayNot
  if (isNever(broken)) return null
  const formulas = [...one.formulas, ...meant, broken]
  const solution = world.reasoner.solve(...formulas)
  if (solution.verdict === 'no') return null
  if (solution.verdict === "can't tell") return solution.reason
  try {
    for (const request of writeWitnesses(solution.facts, { formulas, classes: [one] }, world)) {
      const observed = observe(request, one.fallback, world)
      if (observed && isBroken(attempt, observed)) return { request, observed, class: one, claim }
    }
  } catch (error) {
    if (!(error instanceof CantTell)) throw error
    return error.message
  }
  return `a request that goes by ${nameOf(one)} may break it, but those that were tried did not`
}

function isBroken({ invariant, claim, world }: Attempt, observed: Observed): boolean {
  const wanted = invariant[claim]
  if (wanted === null) return false
  const isMeant = invariant.for === null || holdsFor(invariant.for, observed, world)
  return isMeant && isAsSaid(wanted, observed) === (claim === 'never')
}

/** The route and the rule of a class, in words. */
export function nameOf({ route, fallback, rule, branch }: DecisionClass): string {
  if (route === null) return 'no route'
  const to = fallback === null ? '' : `, fallback ${fallback + 1}`
  const by =
    rule === null ? 'by no rule' : `rule "${rule.name}"${branch === 'else' ? ' (else)' : ''}`
  return `route "${route.name}"${to}, ${by}`
}
