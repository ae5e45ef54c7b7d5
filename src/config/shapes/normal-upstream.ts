import type { Envelope } from './config.generated.ts'

export interface NormalUpstream {
  readonly name: string
  /** `builtin:echo`, or an absolute http(s) URL without query and fragment; of several targets the first's. */
  readonly url: string
  /** At least one. */
  readonly targets: readonly NormalTarget[]
  readonly balance: NormalBalance
  /** null: targets are not asked how they are. */
  readonly health: NormalHealth | null
  /** null: no target is ejected. */
  readonly eject: NormalEject | null
  readonly retry: NormalRetry
  readonly http2: boolean
  /** Path of a unix socket to connect to; null: the URL says where. */
  readonly socket: string | null
  /** URL of an outbound proxy, or `env`; null: none. */
  readonly proxy: string | null
  readonly provider: string | null
  /** Whether it is told who asked, by X-Forwarded-* and the like. */
  readonly forwarded: boolean
  /** Path at the end of its URL that some clients of its provider bring themselves: it leaves once; null: none. */
  readonly brought: string | null
  /** null: every kind is accepted. */
  readonly accepts: readonly string[] | null
  /** Of the kinds that its provider accepts, those of which only values that a pattern matches are. */
  readonly only: readonly { readonly kind: string; readonly matches: string }[]
  readonly errors: Envelope | null
  readonly tls: UpstreamTls
  readonly limits: UpstreamLimitsMs
}

export interface NormalTarget {
  readonly url: string
  readonly weight: number
}

export type NormalBalance =
  | { readonly by: 'round-robin' | 'least-requests' | 'credential' | 'client' }
  /** `name` is in lower case. */
  | { readonly by: 'header'; readonly name: string }

export interface NormalHealth {
  readonly path: string
  readonly intervalMs: number
  readonly timeoutMs: number
  /** Good answers in a row that bring a target up. */
  readonly healthy: number
  /** Bad answers in a row that bring it down. */
  readonly unhealthy: number
  readonly statuses: readonly number[]
}

export interface NormalEject {
  /** Failures in a row. */
  readonly failures: number
  readonly forMs: number
  readonly recoverMs: number
}

/** A way in which an attempt fails: a status stands for itself. */
export type FailureName = 'connect' | 'reset' | 'timeout' | '5xx' | number

export interface NormalRetry {
  /** How often a request may be sent again. */
  readonly attempts: number
  readonly on: readonly FailureName[]
  /** Methods that may be carried out twice. */
  readonly methods: readonly string[]
  /** Retries as a share of requests, such as 0.2. */
  readonly budget: number
  readonly backoffMs: number
  readonly maxBackoffMs: number
  /** Bytes of a body that are kept to be sent again. */
  readonly bufferBytes: number
}

export interface UpstreamTls {
  readonly ca: string | null
  readonly cert: string | null
  readonly key: string | null
  readonly servername: string | null
  readonly insecure: boolean
}

/** Milliseconds and counts; 0 means no limit. */
export interface UpstreamLimitsMs {
  readonly connectMs: number
  readonly responseHeadersMs: number
  readonly idleMs: number
  readonly totalMs: number
  readonly connections: number
  readonly queue: number
  readonly keepAliveMs: number
  readonly connectionAgeMs: number
}
