import type { Place } from '../../config/shapes/normal-config.ts'
import type { KindTeller } from '../../credentials/kind-teller.ts'
import type { RequestContext } from '../rules/request-context.ts'
import type { Route, Rule } from '../rules/route.ts'
import type { ClientSettings } from './credential/client-token.ts'
import type { Gate } from './credential/gate.ts'
import type { OutgoingCredential } from './credential/outgoing-credential.ts'
import type { FindRoute } from './find-route.ts'
import type { PageSettings } from './foreign-page.ts'
import type { LoopSettings } from './loops.ts'
import type { Verdict } from './select-actions.ts'

/** What deciding needs beside the request. */
export interface DecideSettings {
  readonly findRoute: FindRoute<Route>
  readonly teller: KindTeller
  /** Every place that is known to carry a credential. */
  readonly places: readonly Place[]
  /** The last look at what would leave. */
  readonly gate: Gate
  readonly isTrusted: (address: string) => boolean
  readonly clients: ClientSettings | null
  readonly pages: PageSettings
  readonly loops: LoopSettings
  readonly via: string | null
  /** How long until a secret whose keys all rest can be had again; null: nobody knows. */
  readonly secretRetryAfterMs: (name: string) => number | null
}

/** Sees the steps of a decision; explain listens, the proxy does not. */
export interface DecisionObserver {
  readonly onRoute: (route: Route | null, context: RequestContext) => void
  readonly onRule: (rule: Rule, verdict: Verdict, context: RequestContext) => void
  readonly onLeaving: (
    leaving: readonly OutgoingCredential[] | null,
    context: RequestContext,
  ) => void
}
