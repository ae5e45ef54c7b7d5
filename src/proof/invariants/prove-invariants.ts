import { CantTell } from '../../config/checks/reasoning/verdict.ts'
import type { NormalInvariant } from '../../config/shapes/normal-config.ts'
import { classesOf } from '../classes/classes.ts'
import { unroutedClass } from '../classes/unrouted.ts'
import type { DecisionClass } from '../outcome.ts'
import { ABSENT, takenFormula } from '../route-formula.ts'
import type { World } from '../world.ts'
import { createProving, type Proof } from './prove-invariant.ts'

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
  for (const route of world.config.routes) {
    try {
      const classes = classesOf(route, world)
      const taken = takenFormula(route, world)
      for (const { lookAt } of provings) lookAt(classes, taken)
    } catch (error) {
      if (!(error instanceof CantTell)) throw error
      doubts.push(error.message)
    }
  }
  // Nobody looks for a credential there.
  const unrouted = withoutCredential(unroutedClass(world))
  for (const { lookAt } of provings) lookAt([unrouted], unrouted.formulas)
  const [doubt] = doubts
  return provings.map(({ invariant, proof }) => {
    const found = proof()
    const isDoubted = found.verdict === 'holds' && doubt !== undefined
    return { invariant, proof: isDoubted ? { verdict: "can't tell", reason: doubt } : found }
  })
}

function begin(invariant: NormalInvariant, world: World): ReturnType<typeof createProving> {
  try {
    return createProving(invariant, world)
  } catch (error) {
    if (!(error instanceof CantTell)) throw error
    const { message } = error
    return { lookAt: () => undefined, proof: () => ({ verdict: "can't tell", reason: message }) }
  }
}

function withoutCredential(one: DecisionClass): DecisionClass {
  return { ...one, formulas: [...one.formulas, ABSENT] }
}
