import type { NormalCondition } from './normal-condition.ts'
import type { NormalPlacement } from './normal-placement.ts'

/** What must hold of all requests, or of those that a condition describes. */
export interface NormalInvariant {
  readonly name: string
  /** Its place in the file's `invariants`, from 0. */
  readonly index: number
  /** null: all requests. */
  readonly for: NormalCondition | null
  readonly never: NormalOutcome | null
  readonly always: NormalOutcome | null
}

/** What becomes of a request; null: that is left open. All that is set must hold; of names, one must. */
export interface NormalOutcome {
  readonly isForwarded: boolean | null
  readonly status: number | null
  readonly routes: readonly string[] | null
  readonly rules: readonly string[] | null
  readonly upstreams: readonly string[] | null
  /** Lower case. */
  readonly hosts: readonly string[] | null
  readonly kinds: readonly string[] | null
  readonly secrets: readonly string[] | null
  readonly placements: readonly NormalPlacement[] | null
  /** Names in lower case. */
  readonly headers: readonly { readonly name: string; readonly isPresent: boolean }[]
}
