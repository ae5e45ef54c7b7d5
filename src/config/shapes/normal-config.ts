import type {
  Envelope,
  RequestOperations,
  ResponseOperations,
  Rewrite,
  Test,
} from './config.generated.ts'
import type { NormalLimit, NormalStore } from './normal-limit.ts'
import type { FailureName, NormalRetry, NormalUpstream } from './normal-upstream.ts'

/** What a block does to header fields, on the way there or back. */
export type HeaderOperations = Pick<
  RequestOperations,
  'remove' | 'rename' | 'set' | 'add' | 'append'
>

/**
 * The configuration with its sugar taken off: sentences parsed, short forms expanded, defaults
 * filled in, units in numbers. This is what routing compiles; it holds no secret's value.
 */
export interface NormalConfig {
  readonly server: NormalServer
  readonly secrets: readonly NormalSecret[]
  readonly clients: NormalClients | null
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
  readonly limits: ServerLimits
  /** null: limits are counted in memory. */
  readonly store: NormalStore | null
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

/** A place a credential can stand in. */
export interface Place {
  readonly in: 'header' | 'query' | 'cookie' | 'subprotocol'
  /**
   * A header's name in lower case, a parameter's or a cookie's as it is written. Of a WebSocket
   * subprotocol `PREFIX*` (the one that starts so; the value is what stands behind the prefix where
   * that ends in a dot, else all of it) or `WORD *` (the one behind WORD).
   */
  readonly name: string
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

export type NormalPlacement = { readonly place: 'none' } | PlacedCredential

/** A placement that names a place. */
export interface PlacedCredential {
  readonly place: Place
  /** As it is written before the value, such as `Bearer`; null: the bare value. */
  readonly scheme: string | null
  /** Template of another credential; null: the client's own. */
  readonly value: string | null
  /** Templates of a user and a password, which are encoded together; null: it is not made of two. */
  readonly basic: { readonly user: string; readonly password: string } | null
}

/** A tree whose leaves look at one thing each. `all` stands for keys side by side too. */
export type NormalCondition =
  | { readonly type: 'all' | 'any'; readonly of: readonly NormalCondition[] }
  | { readonly type: 'not'; readonly of: NormalCondition }
  | { readonly type: 'credential'; readonly matcher: NormalMatcher }
  | { readonly type: 'kind' | 'scheme' | 'source'; readonly in: readonly string[] }
  | { readonly type: 'method' | 'path' | 'host'; readonly matcher: NormalMatcher }
  | { readonly type: 'path-pattern'; readonly pattern: string }
  | { readonly type: 'header' | 'query'; readonly name: string; readonly matcher: NormalMatcher }
  | { readonly type: 'client-ip'; readonly in: readonly string[] }
  | { readonly type: 'client-name'; readonly matcher: NormalMatcher }

/** All that is set must hold. */
export interface NormalMatcher {
  readonly equals?: string
  readonly prefix?: string
  readonly suffix?: string
  readonly contains?: string
  readonly matches?: string
  readonly in?: readonly string[]
  readonly present?: boolean
}

export interface NormalNamedMatcher {
  /** Lower case. */
  readonly name: string
  readonly matcher: NormalMatcher
}

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
