import type { NormalKind, Place } from '../config/shapes/normal-config.ts'

/** The secret that a client presents. */
export interface Credential {
  /** Where it was found first. */
  readonly place: Place
  /** Its scheme in lower case; null: a bare value. */
  readonly scheme: string | null
  /** Without the scheme. */
  readonly value: string
  /** The field's whole value as it came. */
  readonly raw: string
  readonly kind: NormalKind
  /**
   * Whether it is one opaque token, which may travel under another scheme. Basic, Digest,
   * AWS4-HMAC-SHA256 and others are bound to theirs.
   */
  readonly isOpaque: boolean
}
