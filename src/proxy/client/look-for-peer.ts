/** A TLS socket, and what carries its bytes. */
interface Wrapping {
  readonly _parent?: { readonly write: (bytes: string) => unknown } | null
}

/**
 * Finds out whether the peer of a socket that is not read has reset it: who does not read hears of no
 * reset, but by an attempt to write. By TLS nothing would be written for nothing, so what carries it is asked.
 */
export function lookForPeer(socket: { readonly write: (bytes: string) => unknown }): void {
  const carrier = (socket as Wrapping)._parent ?? socket
  carrier.write('')
}
