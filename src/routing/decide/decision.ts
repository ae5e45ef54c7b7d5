import type { Envelope } from '../../config/shapes/config.generated.ts'
import type {
  FailureName,
  NormalRetry,
  NormalUpstream,
} from '../../config/shapes/normal-upstream.ts'
import type { RawHeaders } from '../../http/raw-headers.ts'
import type { UsedSecret } from '../rules/request-context.ts'
import type { Explanation } from './explain.ts'

/** A request as the engine sees it. */
export interface RequestView {
  readonly method: string
  /** Origin form: path and query, byte for byte as they came. */
  readonly target: string
  /** All fields as they came, hop-by-hop ones too. */
  readonly headers: RawHeaders
  /** Address of the peer at the other end of the connection. */
  readonly peerIp: string
  readonly protocol: 'http' | 'https'
  /** Version of HTTP that it came by, as Via writes it; default: 1.1. */
  readonly httpVersion?: string
  /** Made by the proxy, or the client's own X-Request-Id. */
  readonly id: string
}

/** What Keyway does with one request, and why. */
export type Decision = Forward | Rejection

/** Milliseconds and bytes, resolved from server, upstream and route; 0 means no limit. */
export interface ForwardLimits {
  readonly bodyBytes: number
  readonly responseHeadersMs: number
  readonly idleMs: number
  readonly totalMs: number
}

/** The request goes on. */
export interface Forward {
  readonly action: 'forward'
  readonly route: string
  /** Name of the rule that decided; null: none held. */
  readonly rule: string | null
  readonly upstream: TableUpstream
  /** What requests that belong together share, where the upstream's targets are chosen by it; null: they take turns. Never to be shown. */
  readonly balanceKey: string | null
  readonly retry: NormalRetry
  /** Where to go, in order, if the upstream fails before its response has begun. */
  readonly fallbacks: readonly Fallback[]
  /** Path and query as they leave, the upstream's base path included. */
  readonly target: string
  /**
   * Every field as it leaves, in order, except Host, which is the upstream's. Hop-by-hop fields
   * are gone; Content-Length is as it came; exactly one credential at most.
   */
  readonly headers: readonly string[]
  /**
   * Changes the upstream's response fields (end-to-end ones only), which came by a version of HTTP
   * (default: 1.1); null: they pass as they come.
   */
  readonly editResponse: ((headers: RawHeaders, httpVersion?: string) => string[]) | null
  readonly limits: ForwardLimits
  readonly errors: Envelope
  /** Kind of the client's credential; null: none was presented. */
  readonly credentialKind: string | null
  /** The secret that leaves in place of the client's credential; null: none. Never to be shown. */
  readonly secret: UsedSecret | null
}

/** Another upstream for a request that failed. */
export interface Fallback {
  /** The upstream's name. */
  readonly upstream: string
  readonly on: readonly FailureName[]
  /** Decides the request anew, by the rules of that upstream; a rejection means that it can't go there. */
  readonly decide: () => Decision
}

/** Keyway answers by itself. */
export interface Rejection {
  readonly action: 'reject'
  readonly route: string | null
  readonly rule: string | null
  readonly status: number
  /** Stable code, such as `credential_conflict`. */
  readonly code: string
  /** For the client; holds no credential and no upstream address. */
  readonly message: string
  readonly errors: Envelope
  readonly credentialKind: string | null
  /** When to try again, where waiting helps; null: it does not. */
  readonly retryAfterMs: number | null
}

/** An upstream, ready to be dispatched to. */
export interface TableUpstream {
  readonly config: NormalUpstream
  /** Equal for equal targets, chosen in the same way; what is known of their health lives as long as a key is in use. */
  readonly key: string
  /** None for a builtin. */
  readonly targets: readonly TableTarget[]
  /** null: an origin over the network. */
  readonly builtin: 'echo' | null
  /** Of the first target, such as `https://api.anthropic.com`; empty for a builtin. */
  readonly origin: string
  /** Value of the Host field for the first target. */
  readonly host: string
  /** Path that stands before every request's in `Forward.target`: the first target's. */
  readonly basePath: string
}

/** One origin of an upstream. */
export interface TableTarget {
  /** The upstream that it belongs to. */
  readonly config: NormalUpstream
  /** Equal for equal connection settings; pools live as long as their key is in use. */
  readonly key: string
  readonly url: string
  /** Such as `https://api.anthropic.com`. */
  readonly origin: string
  /** Value of the Host field. */
  readonly host: string
  /** Without a slash at its end. */
  readonly basePath: string
  readonly weight: number
  /** URL of the outbound proxy to go through, its password included; null: none. Never to be shown. */
  readonly proxy: string | null
}

/** One compiled configuration's routes; immutable. */
export interface RouteTable {
  readonly decide: (request: RequestView) => Decision
  /** The same decision with every step that led to it. */
  readonly explain: (request: RequestView) => Explanation
  readonly upstreams: readonly TableUpstream[]
}
