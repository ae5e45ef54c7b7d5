import type {
  NormalAction,
  NormalRoute,
  NormalRule,
  PlacedCredential,
} from '../../config/shapes/normal-config.ts'
import type { AppliedRule } from '../outcome.ts'
import type { World } from '../world.ts'

/** What classes are listed for. */
export interface Walk {
  readonly route: NormalRoute
  readonly fallback: number | null
  readonly world: World
}

/** What the route and the rules so far come to. */
export interface Selected {
  readonly rule: NormalRule | null
  readonly branch: 'then' | 'else' | null
  readonly applied: readonly AppliedRule[]
  readonly use: NormalAction['use']
  /** The rule whose `use` holds. */
  readonly user: NormalRule | null
  readonly also: readonly PlacedCredential[]
  readonly upstream: string | null
  readonly reject: NormalAction['reject']
  readonly actions: readonly NormalAction[]
}
