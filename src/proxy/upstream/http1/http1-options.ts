import type { OpenSocket } from '../open-socket.ts'

/** What a connection needs to know. */
export interface Http1Options {
  readonly open: OpenSocket
  /** Host of requests that name none. */
  readonly host: string
  /** How long it is kept idle; 0: as long as the upstream likes. */
  readonly keepAliveMs: number
  /** Hears of the end of a connection, once it is closed. */
  readonly onClosed: () => void
}
