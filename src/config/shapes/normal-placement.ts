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
