import type { Formula } from '../config/checks/reasoning/formula.ts'
import type {
  NormalAction,
  NormalReject,
  NormalRoute,
  NormalRule,
  PlacedCredential,
} from '../config/shapes/normal-config.ts'
import type { NormalUpstream } from '../config/shapes/normal-upstream.ts'

/** Which credential leaves. */
export type Leaving =
  | { readonly type: 'none' }
  /** The client's, where and as it came. */
  | { readonly type: 'as it came' }
  /** The client's, put elsewhere. */
  | { readonly type: 'placed'; readonly placement: PlacedCredential }
  /** One that the file gives; `isMade`: of something that stands in the request. */
  | { readonly type: 'given'; readonly placement: PlacedCredential; readonly isMade: boolean }

/** What the file does with a class of requests. */
export type Outcome =
  | {
      readonly action: 'reject'
      readonly status: number
      readonly code: string
      /** What the file answers with; null: Keyway's own words. */
      readonly told: NormalReject | null
      /** What is done to the answer's headers, in order. */
      readonly responses: readonly NormalAction['response'][]
    }
  | {
      readonly action: 'forward'
      readonly upstream: NormalUpstream
      readonly leaving: Leaving
      /** What goes along with it. */
      readonly also: readonly PlacedCredential[]
      /** Secrets that leave, wherever they are put. */
      readonly secrets: readonly string[]
      /** What is done to the headers and the path, in order. */
      readonly actions: readonly NormalAction[]
    }

/** A rule, and which of its branches is taken. */
export interface AppliedRule {
  readonly rule: NormalRule
  readonly branch: 'then' | 'else'
}

/** Requests that are decided alike: the same route, rules, branches and credential. */
export interface DecisionClass {
  /** null: no route takes them. */
  readonly route: NormalRoute | null
  /** Which of the route's fallbacks it is, from 0; null: the route's own upstream. */
  readonly fallback: number | null
  readonly rule: NormalRule | null
  readonly branch: 'then' | 'else' | null
  /** All rules that apply, in order. */
  readonly applied: readonly AppliedRule[]
  /** What is so of its requests, and of no others but those that Keyway refuses by itself. */
  readonly formulas: readonly Formula[]
  readonly outcome: Outcome
}
