import type { NormalUpstream } from '../config/shapes/normal-upstream.ts'

/** An upstream, ready to be dispatched to. */
export interface TableUpstream {
  readonly config: NormalUpstream
  /** Equal for one name and equal targets, chosen in the same way; what is known of their health lives as long as a key is in use. */
  readonly key: string
  /** Fields that a request has which Keyway sent to this upstream before; null: it can't come back. */
  readonly comesBackWith: readonly string[] | null
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
