import type { RequestContext } from '../rules/request-context.ts'
import type { Destination, Route } from '../rules/route.ts'
import type { DecisionObserver } from './decide-settings.ts'
import type { Selection } from './select-actions.ts'

/** One decision that has come as far as to its outcome. */
export interface Step {
  readonly route: Route
  readonly context: RequestContext
  readonly selection: Selection
  readonly destination: Destination
  readonly observer: DecisionObserver | null
}
