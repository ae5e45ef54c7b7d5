import type { Envelope } from '../../config/shapes/config.generated.ts'
import type {
  NormalKind,
  NormalPlacement,
  NormalRoute,
  Place,
} from '../../config/shapes/normal-config.ts'
import type { FailureName, NormalRetry } from '../../config/shapes/normal-upstream.ts'
import type { Extract } from '../../credentials/extract.ts'
import type { ClearedPlaces } from '../decide/credential/cleared-places.ts'
import type { ForwardLimits } from '../decide/decision.ts'
import type { TableEntry } from '../decide/path-routes.ts'
import type { CopyFields } from '../decide/outgoing-headers.ts'
import type { TableUpstream } from '../table-upstream.ts'
import type { Charges } from './charges.ts'
import type { Condition } from './condition.ts'
import type { HeaderOperations } from './header-operations.ts'
import type { RequestContext } from './request-context.ts'
import type { Rewrite } from './rewrite.ts'
import type { Template } from './template.ts'

/** A route with everything compiled that a request needs. */
export interface Route extends TableEntry {
  readonly config: NormalRoute
  readonly name: string
  /** null: the route or each of its rules rejects, or a rule picks the upstream. */
  readonly destination: Destination | null
  readonly extract: Extract
  /** Whether the one credential is looked for in a place. */
  readonly isSearched: (place: Place) => boolean
  /** Where a credential may stand beside headers, which copyFields leaves out. */
  readonly cleared: ClearedPlaces
  readonly copyFields: CopyFields
  /** Whether anything reads path parameters. */
  readonly hasParameters: boolean
  readonly takesFirst: boolean
  /** Whether paths are matched as they come alone, however servers may read them. */
  readonly hasExactPaths: boolean
  readonly rules: readonly Rule[]
  /** What applies to every request of the route, before its rules. */
  readonly action: Action
  readonly errors: Envelope
  /** The secrets that it or a rule of it may add. */
  readonly secretNames: readonly string[]
  /** What its requests count towards. */
  readonly charges: Charges
  /** Where its requests go, in order, when they failed. */
  readonly fallbacks: readonly FallbackRoute[]
}

/** A fallback as a route of its own, which matches what the one it stands for does. */
export interface FallbackRoute {
  readonly on: readonly FailureName[]
  readonly route: Route
}

/** An upstream with the limits that hold for one route. */
export interface Destination {
  readonly upstream: TableUpstream
  readonly accepts: ReadonlySet<string> | null
  /** Whether a credential of a kind must not leave for it; of some kinds only some values may. */
  readonly isRefused: (kind: NormalKind, value: string) => boolean
  readonly basePath: string
  readonly limits: ForwardLimits
  readonly errors: Envelope
  readonly retry: NormalRetry
  /** What the upstream's targets are chosen by; null: they take turns. */
  readonly balanceKeyOf: ((context: RequestContext) => string | null) | null
}

/** One compiled rule. */
export interface Rule {
  readonly name: string
  /** null: always holds. */
  readonly condition: Condition | null
  readonly then: Action
  readonly else: Action | null
  readonly isContinued: boolean
}

/** What a rule or a route does. */
export interface Action {
  readonly use: Use | null
  readonly also: readonly Use[]
  readonly request: HeaderOperations | null
  /** The Host that leaves, or `preserve`; null: nothing is said of it. */
  readonly host: string | null
  readonly response: HeaderOperations | null
  /** Those that Keyway's own answers on the route get too; null: none do. */
  readonly ownResponse: HeaderOperations | null
  /** Which URLs of a response become the client's; null: nothing is said of it. */
  readonly urlMode: 'redirects' | 'rewrite' | 'keep' | null
  /** Further fields that hold one, in lower case. */
  readonly urlNames: readonly string[]
  readonly rewrite: Rewrite | null
  readonly destination: Destination | null
  readonly reject: Refusal | null
}

/** An answer that the file gives in an upstream's place. */
export interface Refusal {
  readonly status: number
  readonly message: string | null
  /** Writes its own fields; null: it has none. */
  readonly edit: HeaderOperations | null
}

/** A placement, ready to be written. */
export interface Use {
  readonly placement: NormalPlacement
  /** Another credential in the client's place; null: the client's own. */
  readonly value: Template | null
  /** Whether that value is a user and a password, to be encoded. */
  readonly isBasic: boolean
  /** Whether that value is the operator's alone: nothing of the request is in it. */
  readonly isOperators: boolean
  /** Whether the rule names the scheme, and so means credentials that are bound to theirs too. */
  readonly namesScheme: boolean
}
