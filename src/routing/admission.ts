import type { Answer } from '../answers/answers.ts'
import type { Charge } from './rules/charges.ts'

/** Says whether a request may go on, by what it counts towards; never rejects. */
export type Admit = (charges: readonly Charge[]) => Promise<Admission>

/** A request may go on, or is answered. */
export type Admission = Permit | Refusal

export interface Permit {
  readonly isAdmitted: true
  /** To be called once, when the request is over. */
  readonly release: () => void
}

export interface Refusal {
  readonly isAdmitted: false
  readonly answer: Answer
}
