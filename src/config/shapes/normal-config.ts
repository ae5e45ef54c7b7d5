import type {
  Envelope,
  RequestOperations,
  ResponseOperations,
  Rewrite,
  Test,
} from './config.generated.ts'
import type { NormalCondition, NormalMatcher } from './normal-condition.ts'
import type { NormalInvariant } from './normal-invariant.ts'
import type { NormalLimit, NormalStore } from './normal-limit.ts'
import type { NormalPlacement, Place, PlacedCredential } from './normal-placement.ts'
import type { FailureName, NormalRetry, NormalUpstream } from './normal-upstream.ts'

/** What a block does to header fields, on the way there or back. */
export type HeaderOperations = Pick<
  RequestOperations,
  'remove' | 'rename' | 'set' | 'add' | 'append'
>

export type { NormalCondition, NormalMatcher } from './normal-condition.ts'
export type { NormalInvariant, NormalOutcome } from './normal-invariant.ts'
export type { NormalPlacement, Place, PlacedCredential } from './normal-placement.ts'

/**
 * The configuration with its sugar taken off: sentences parsed, short forms expanded, defaults
 * filled in, units in numbers. This is what routing compiles; it holds no secret's value.
 */
export interface NormalConfig {
  readonly server: NormalServer
  readonly secrets: readonly NormalSecret[]
  readonly clients: NormalClients | null
  /** null: nobody takes note of what secrets are used for. */
  readonly audit: NormalAudit | null
  readonly kinds: readonly NormalKind[]
  readonly upstreams: readonly NormalUpstream[]
  readonly routes: readonly NormalRoute[]
  readonly limits: readonly NormalLimit[]
  readonly invariants: readonly NormalInvariant[]
  readonly tests: readonly Test[]
}

export interface NormalServer {
  readonly listen: NormalListen
  /** null: turned off. */
  readonly admin: NormalAddress | null
  /** What whoever asks there has to show; null: nothing. */
  readonly adminToken: SecretSource | null
  readonly trust: readonly string[]
  /** Origins of web pages that may have a secret spent, in lower case; `*`: all. */
  readonly origins: readonly string[]
  /** Names by which a listener on loopback may be asked too, in lower case. */
  readonly hosts: readonly string[]
  readonly via: string | null
  /** What becomes of names that CGI-style servers can't tell from one that the file or Keyway speaks of. */
  readonly underscores: 'drop' | 'keep'
  readonly hasAccessLog: boolean
  readonly log: NormalLog
  /** What becomes of a client's trace context. */
  readonly trace: 'pass' | 'make' | 'drop'
  readonly limits: ServerLimits
  /** null: limits are counted in memory. */
  readonly store: NormalStore | null
}

/** How the log is written. */
export interface NormalLog {
  /** null: as the process was started. */
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent' | null
  /** null: pretty on a terminal, JSON elsewhere. */
  readonly format: 'json' | 'logfmt' | 'pretty' | null
  /** Share of the access lines that is written of requests that went well. */
  readonly sample: number
}

export type NormalAddress =
  | { readonly host: string; readonly port: number }
  | { readonly socketPath: string }

export interface NormalListen {
  readonly address: NormalAddress
  /** Files with certificate chain and key, PEM. */
  readonly tls: { readonly cert: string; readonly key: string } | null
}

export interface ServerLimits {
  readonly headersBytes: number
  readonly headerFields: number
  readonly headersTimeoutMs: number
  readonly bodyBytes: number
  readonly bodyIdleMs: number
  readonly keepAliveMs: number
  readonly connections: number
  /** null: the default, which spares loopback addresses. */
  readonly connectionsPerAddress: number | null
  /** null: as above. */
  readonly requestsPerAddress: number | null
  readonly messageBytes: number
  /** What all requests together keep of their bodies, to be sent again. */
  readonly keptBodiesBytes: number
  readonly drainMs: number
}

export type SecretSource = { readonly file: string } | { readonly env: string }

/** Where it is noted what secrets are used for. */
export interface NormalAudit {
  /** As the configuration names it. */
  readonly file: string
  /** Whether requests go on while it can't be written. */
  readonly isOpenWhenAway: boolean
}

export interface NormalSecret {
  readonly name: string
  /** One source, or the keys of a pool. */
  readonly sources: readonly SecretSource[]
  readonly isPool: boolean
  readonly cooldownMs: number
}

export interface NormalClients {
  /** Where a token may stand, in order. */
  readonly places: readonly Place[]
  readonly isRequired: boolean
  /** Whether metrics count by client. */
  readonly isCounted: boolean
  /** Whether CORS preflights need a token as all requests do. */
  readonly preflight: 'closed' | 'open'
  readonly tokens: readonly { readonly name: string; readonly file: string }[]
}

/** A kind of credential that the file adds to the catalogue or overrides in it; absent keys keep the catalogue's. */
export interface NormalKind {
  readonly name: string
  readonly prefixes?: readonly string[]
  readonly matches?: string
  readonly provider?: string
  readonly description?: string
  readonly forward?: 'never' | 'inference' | 'admin'
  readonly pool?: 'never' | 'allowed'
  readonly instead?: string
  readonly ambiguous?: boolean
  /** Regular expression that a value must match to be taken for one outside of the places of credentials. */
  readonly shape?: string
}

/** Another upstream for what failed at the route's own; keys that are null are the route's. */
export interface NormalFallback {
  readonly upstream: string
  readonly on: readonly FailureName[]
  readonly rules: readonly NormalRule[]
  readonly rewrite: Rewrite | null
  readonly request: RequestOperations | null
}

export interface NormalRoute {
  readonly name: string
  /** Its place in the file's `routes`, from 0. */
  readonly index: number
  readonly match: {
    readonly path: string
    /** Lower case. */
    readonly hosts: readonly string[] | null
    readonly methods: readonly string[] | null
    readonly headers: readonly NormalNamedMatcher[]
  }
  /** Whether a path must be decided alike by all who may read it, or is matched as it comes alone. */
  readonly paths: 'both' | 'exact'
  readonly rewrite: Rewrite | null
  readonly upstream: string | null
  /** What the route sets in place of its upstream's. */
  readonly retry: Partial<NormalRetry>
  /** Asked in order where the route's own upstream failed. */
  readonly fallback: readonly NormalFallback[]
  /** Where to look for the credential, in order; null: the default places and the provider's. */
  readonly from: readonly Place[] | null
  readonly conflict: 'reject' | 'first'
  readonly rules: readonly NormalRule[]
  readonly also: readonly PlacedCredential[]
  readonly request: RequestOperations | null
  readonly response: ResponseOperations | null
  readonly reject: NormalReject | null
  readonly errors: Envelope | null
  /** Set where the route overrides the server's or the upstream's limit. */
  readonly limits: {
    readonly bodyBytes?: number
    readonly responseHeadersMs?: number
    readonly idleMs?: number
    readonly totalMs?: number
  }
}

export interface NormalRule {
  /** Its name, or `rules[INDEX]`. */
  readonly name: string
  readonly index: number
  /** null: always holds. */
  readonly if: NormalCondition | null
  readonly then: NormalAction
  readonly else: NormalAction | null
  readonly continue: boolean
}

export interface NormalAction {
  readonly use: NormalPlacement | null
  /** Credentials that go along; those without a value are the client's own of that place. */
  readonly also: readonly PlacedCredential[]
  readonly request: RequestOperations | null
  readonly response: ResponseOperations | null
  readonly rewrite: Rewrite | null
  readonly upstream: string | null
  readonly reject: NormalReject | null
}

export interface NormalReject {
  readonly status: number
  /** null: the status's own words. */
  readonly message: string | null
  /** Fields to answer with: name → template. */
  readonly headers: Readonly<Record<string, string>>
}

export interface NormalNamedMatcher {
  /** Lower case. */
  readonly name: string
  readonly matcher: NormalMatcher
}
