import type { Envelope } from './config.generated.ts'
import type { NormalKind, NormalRule, Place } from './normal-config.ts'

/** What Keyway ships about credentials and the services that take them; read from config/credentials.yaml. */
export interface Catalogue {
  readonly kinds: readonly NormalKind[]
  readonly providers: readonly Provider[]
  /** Every place that is known to carry a credential, whoever takes it. */
  readonly places: readonly Place[]
}

/** A known service; `provider: NAME` on an upstream stands for all of this. */
export interface Provider {
  readonly name: string
  readonly description: string
  /** Absolute URL; null where it differs by customer, so that the file must give one. */
  readonly url: string | null
  /** Path at the end of the URL that some of its clients bring themselves; null: none. */
  readonly brought: string | null
  readonly accepts: readonly string[]
  /** Of the accepted kinds, those of which only values that a pattern matches are; the others are told by nothing else. */
  readonly only: readonly { readonly kind: string; readonly matches: string }[]
  readonly errors: Envelope
  /** Places beside the default ones that its documents let a credential stand in. */
  readonly places: readonly Place[]
  /** Rules of a route to this provider that has none of its own. */
  readonly rules: readonly NormalRule[]
  /** Clients, and the path that the base URL of each ends in, below the route's own; empty: none. */
  readonly clients: readonly { readonly name: string; readonly path: string }[]
}
