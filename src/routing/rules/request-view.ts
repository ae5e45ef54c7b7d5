import type { RawHeaders } from '../../http/fields/raw-headers.ts'

/** A request as the engine sees it. */
export interface RequestView {
  readonly method: string
  /** Origin form: path and query, byte for byte as they came. */
  readonly target: string
  /** Path that a client writes ahead of `target`, where Keyway is mounted in another server; default: none. */
  readonly mount?: string
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
