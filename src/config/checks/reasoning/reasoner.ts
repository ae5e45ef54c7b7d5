import type { NormalCondition, NormalKind, NormalMatcher } from '../../shapes/normal-config.ts'
import { conditionFormula, matcherFormula } from './condition-formula.ts'
import { createDomains } from './domains.ts'
import type { Facts } from './facts.ts'
import { createFindSample, type FindSample } from './find-sample.ts'
import type { Formula, Subject } from './formula.ts'
import { type Solution, solve } from './solve.ts'
import { createTextAtoms, type TextAtoms } from './text/text-atom.ts'

/** Reasons about all requests at once; what it has worked out it remembers. */
export interface Reasoner {
  readonly atoms: TextAtoms
  readonly formulaOf: (condition: NormalCondition) => Formula
  readonly formulaOfMatcher: (subject: Subject, matcher: NormalMatcher) => Formula
  /** Whether there is a request of which all formulas hold. */
  readonly solve: (...formulas: readonly Formula[]) => Solution
  readonly sampleOf: FindSample
}

/** What is known of the world that requests come from. */
export interface ReasonerSettings {
  /** The catalogue's with the file's, in their order. */
  readonly kinds: readonly NormalKind[]
  /** Names that clients can have; null: any. */
  readonly clients: readonly string[] | null
}

/** Creates a reasoner for one file. */
export function createReasoner({ kinds, clients }: ReasonerSettings): Reasoner {
  const meter = { spent: 0 }
  const atoms = createTextAtoms(kinds, meter)
  const findSample = createFindSample({ atoms, domainOf: createDomains(atoms, clients), meter })
  return {
    atoms,
    formulaOf: (condition) => conditionFormula(condition, atoms),
    formulaOfMatcher: (subject, matcher) => matcherFormula(subject, matcher, atoms),
    solve: (...formulas) => solve(formulas, findSample),
    sampleOf: findSample,
  }
}

export type { Facts }
