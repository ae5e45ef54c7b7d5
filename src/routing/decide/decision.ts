import type { AnswerCode } from '../../answers/answers.ts'
import type { Envelope } from '../../config/shapes/config.generated.ts'
import type { Place } from '../../config/shapes/normal-config.ts'
import type { FailureName, NormalRetry } from '../../config/shapes/normal-upstream.ts'
import type { Charge } from '../rules/charges.ts'
import type { HiddenValues } from '../rules/hidden-values.ts'
import type { KnownClient, UsedSecret } from '../rules/request-context.ts'
import type { TableUpstream } from '../table-upstream.ts'

/** What Keyway does with one request, and why. */
export type Decision = Forward | Rejection

/** Changes the fields of an answer that Keyway makes itself, in place. */
export type EditOwn = (fields: string[]) => void

/** Milliseconds and bytes, resolved from server, upstream and route; 0 means no limit. */
export interface ForwardLimits {
  readonly bodyBytes: number
  readonly responseHeadersMs: number
  readonly idleMs: number
  readonly totalMs: number
}

/** What every decision tells of its request. */
interface Decided {
  /** Name of the rule that decided; null: none held. */
  readonly rule: string | null
  /** Which side of it. */
  readonly branch: 'then' | 'else' | null
  /** Kind of the client's credential; null: none was presented. */
  readonly credentialKind: string | null
  /** Where that was found; null: none was. */
  readonly credentialPlace: Place | null
  /** Its scheme, one that is known or named by the file; null: a bare value, or none. */
  readonly credentialScheme: string | null
  /** Who showed a client's token; null: nobody. */
  readonly client: KnownClient | null
  /** Values of the request that must not be shown. */
  readonly hidden: HiddenValues
  /** Address of the client. */
  readonly clientIp: string
  /** How Keyway's own answers to it are written. */
  readonly errors: Envelope
  /** What the file does to such an answer; null: nothing. */
  readonly editOwn: EditOwn | null
}

/** The request goes on. */
export interface Forward extends Decided {
  readonly action: 'forward'
  readonly route: string
  readonly upstream: TableUpstream
  /** What requests that belong together share, where the upstream's targets are chosen by it; null: they take turns. Never to be shown. */
  readonly balanceKey: string | null
  readonly retry: NormalRetry
  /** Where to go, in order, if the upstream fails before its response has begun. */
  readonly fallbacks: readonly Fallback[]
  /** Path and query as they leave, the upstream's base path included. */
  readonly target: string
  /**
   * Every field as it leaves, in order; Host only where it is not the upstream's. Hop-by-hop fields
   * are gone; Content-Length is as it came; exactly one credential at most.
   */
  readonly headers: readonly string[]
  /** Subprotocol that a WebSocket's client is told where the upstream was offered none; null: none. */
  readonly subprotocol: string | null
  /**
   * Changes the upstream's response fields (end-to-end ones only), which came by a version of HTTP
   * (default: 1.1) with a status (default: 200).
   */
  readonly editResponse: (headers: string[], httpVersion?: string, status?: number) => string[]
  readonly limits: ForwardLimits
  /** The limits that it counts towards. */
  readonly charges: readonly Charge[]
  /** The secret that leaves in place of the client's credential; null: none. Never to be shown. */
  readonly secret: UsedSecret | null
  /** Every secret that leaves, wherever it was put. Never to be shown. */
  readonly secrets: readonly UsedSecret[]
}

/** Another upstream for a request that failed. */
export interface Fallback {
  /** The upstream's name. */
  readonly upstream: string
  readonly on: readonly FailureName[]
  /** Decides the request anew, by the rules of that upstream; a rejection means that it can't go there. */
  readonly decide: () => Decision
}

/** Secrets that a request did not get. */
export interface SparedSecrets {
  /** Their names. */
  readonly names: readonly string[]
  /** Where they would have left for; null: nobody can say. */
  readonly upstream: TableUpstream | null
}

/** Keyway answers by itself. */
export interface Rejection extends Decided {
  readonly action: 'reject'
  /** null: none matched. */
  readonly route: string | null
  readonly status: number
  readonly code: AnswerCode
  /** For the client; holds no credential and no upstream address. */
  readonly message: string
  /** When to try again, where waiting helps; null: it does not. */
  readonly retryAfterMs: number | null
  /** The secrets that it would have taken. */
  readonly spared: SparedSecrets
}
