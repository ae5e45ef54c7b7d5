import { allOf, type Formula, not } from '../config/checks/reasoning/formula.ts'
import { matchFormula } from '../config/checks/reasoning/match-formula.ts'
import { CantTell } from '../config/checks/reasoning/verdict.ts'
import type { NormalInvariant } from '../config/shapes/normal-config.ts'
import { classesOf } from './classes.ts'
import type { DecisionClass } from './outcome.ts'
import { createProving, type Proof } from './prove-invariant.ts'
import { takenFormula } from './route-formula.ts'
import type { World } from './world.ts'

/** Routes that all have to be missed by a request that no route takes; of more it is not worked out. */
const MISSED = 300

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
  const unrouted = unroutedClass(world)
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

/** Requests that no route takes. */
export function unroutedClass({ routes, reasoner, config }: World): DecisionClass {
  const missed = routes.length > MISSED ? [] : routes
  const formulas: Formula[] = missed.map(({ match }) => not(matchFormula(match, reasoner)))
  // Nobody looks for a credential there.
  formulas.push({ type: 'present', subject: 'credential', holds: false })
  if (config.clients?.isRequired)
    formulas.push({ type: 'present', subject: 'client-name', holds: true })
  return {
    route: null,
    fallback: null,
    rule: null,
    branch: null,
    formulas: [allOf(formulas)],
    outcome: { action: 'reject', status: 404, code: 'no_route' },
  }
}
