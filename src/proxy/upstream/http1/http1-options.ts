import type { Socket } from 'node:net'
import type { TableTarget } from '../../../routing/table-upstream.ts'
import { ownSocket, ownUnread, type SocketOwner } from '../../client/own-socket.ts'
import { createSocketOpener, type OpenSocket } from '../open-socket.ts'

/** What a connection needs to know. */
export interface Http1Options {
  readonly open: OpenSocket
  /** Has a connection hear of its socket, of what it brings too where that is not read into shared memory. */
  readonly own: (socket: Socket, owner: SocketOwner) => void
  /** Host of requests that name none. */
  readonly host: string
  /** How long it is kept idle; 0: as long as the upstream likes. */
  readonly keepAliveMs: number
  /** Hears of the end of a connection, once it is closed. */
  readonly onClosed: () => void
}

/** Protocols that are offered in a TLS handshake. */
const PROTOCOLS: readonly string[] = ['http/1.1']

/** What the connections to a target need to know. Reads its certificate files; throws where one can't be read. */
export function describeHttp1(target: TableTarget, onClosed: () => void): Http1Options {
  const { host, config, proxy } = target
  return {
    open: createSocketOpener(target, PROTOCOLS),
    // What comes through an outbound proxy always goes to `data`.
    own: proxy === null ? ownUnread : ownSocket,
    host,
    keepAliveMs: config.limits.keepAliveMs,
    onClosed,
  }
}
