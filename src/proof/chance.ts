import { FALSE, type Formula, not, TRUE } from '../config/checks/reasoning/formula.ts'

/** When something may be so, and when it may not: both where there is no telling. */
export interface Chance {
  readonly may: Formula
  readonly mayNot: Formula
}

/** That it is so, or is not, whatever the request. */
export function surely(isSo: boolean): Chance {
  return isSo ? { may: TRUE, mayNot: FALSE } : { may: FALSE, mayNot: TRUE }
}

/** Exactly when a formula holds. */
export function exactly(formula: Formula): Chance {
  return { may: formula, mayNot: not(formula) }
}
