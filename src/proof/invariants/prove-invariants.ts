import { CantTell } from '../../config/checks/reasoning/verdict.ts'
import type { NormalInvariant, NormalRoute } from '../../config/shapes/normal-config.ts'
import { classesOf } from '../classes/classes.ts'
import { unroutedClass } from '../classes/unrouted.ts'
import type { DecisionClass } from '../outcome.ts'
import { ABSENT, takenFormula } from '../route-formula.ts'
import { type ShapeQuestion, shapeOfRoute } from '../route-shape.ts'
import type { World } from '../world.ts'
import { createProving, type Looked, type Proof } from './prove-invariant.ts'

/** An invariant with what came of it. */
export interface ProvedInvariant {
  readonly invariant: NormalInvariant
  readonly proof: Proof
}

/** Proves invariants over all classes of decisions of a file, route by route. */
export function proveInvariants(
  invariants: readonly NormalInvariant[],
  world: World,
): readonly ProvedInvariant[] {
  const provings = invariants.map((invariant) => ({ invariant, ...begin(invariant, world) }))
  const doubts: string[] = []
  const question = questionOf(invariants)
  for (const route of provings.length === 0 ? [] : world.config.routes) {
    try {
      const looked = createLooked(route, shapeOfRoute(route, question, world), world)
      for (const { lookAt } of provings) lookAt(looked)
    } catch (error) {
      if (!(error instanceof CantTell)) throw error
      doubts.push(error.message)
    }
  }
  // Nobody looks for a credential there.
  const unrouted = withoutCredential(unroutedClass(world))
  const looked = { shape: null, classes: () => [unrouted], taken: () => unrouted.formulas }
  for (const { lookAt } of provings) lookAt(looked)
  const [doubt] = doubts
  return provings.map(({ invariant, proof }) => {
    const found = proof()
    const isDoubted = found.verdict === 'holds' && doubt !== undefined
    return { invariant, proof: isDoubted ? doubtful(doubt) : found }
  })
}

/** What the classes of routes of one shape may differ in, as far as invariants can tell. */
function questionOf(invariants: readonly NormalInvariant[]): ShapeQuestion {
  const outcomes = invariants.flatMap(({ never, always }) => [never, always])
  return {
    conditions: invariants.flatMap((one) => one.for ?? []),
    names: new Set(outcomes.flatMap((one) => [...(one?.routes ?? []), ...(one?.rules ?? [])])),
  }
}

/** What is looked at of a route is made when an invariant asks for it. */
function createLooked(route: NormalRoute, shape: string | null, world: World): Looked {
  let classes: readonly DecisionClass[] | null = null
  return {
    shape,
    taken: () => takenFormula(route, world),
    classes() {
      classes ??= classesOf(route, world)
      return classes
    },
  }
}

function begin(invariant: NormalInvariant, world: World): ReturnType<typeof createProving> {
  try {
    return createProving(invariant, world)
  } catch (error) {
    if (!(error instanceof CantTell)) throw error
    const { message } = error
    return { lookAt: () => undefined, proof: () => doubtful(message) }
  }
}

function doubtful(reason: string): Proof {
  return { verdict: "can't tell", reason, claim: null }
}

function withoutCredential(one: DecisionClass): DecisionClass {
  return { ...one, formulas: [...one.formulas, ABSENT] }
}
