import type { ServerLimits } from '../../config/shapes/normal-config.ts'
import type { OnExchange } from '../../observability/exchange-record.ts'
import type { Logger } from '../../observability/logger.ts'
import type { OpenRequests } from '../../observability/open-requests.ts'
import type { Tracing } from '../../observability/tracing.ts'
import type { Admit } from '../../routing/admission.ts'
import type { NoteSecrets } from '../../routing/secret-notes.ts'
import type { SnapshotStore } from '../../routing/snapshot.ts'
import type { AddressShare } from '../client/address-share.ts'
import type { KeptBytes } from '../client/body-queue.ts'
import type { UpstreamPools } from '../upstream/upstream-pools.ts'
import type { RefusalTeller } from './refusal-teller.ts'
import type { UnreadTeller } from './unread-teller.ts'

/** Hears of each attempt that follows another, at the same upstream or at its fallback. */
export type OnRetry = (failed: string, next: string) => void

/** What every request shares. */
export interface ProxyContext {
  readonly log: Logger
  /** The live configuration's. */
  readonly limits: ServerLimits
  readonly store: SnapshotStore
  readonly pools: UpstreamPools
  /** The path below which another server hands requests over; null: the listener is Keyway's own. */
  readonly mount: string | null
  /** Requests that one client address may have under way. */
  readonly requestShare: AddressShare
  /** The client's own id where it is sane, else a new one. */
  readonly identify: (sent: string | undefined) => string
  /** Counts requests towards their limits. */
  readonly admit: Admit
  /** Hears of each request when it is over; null: nobody does. */
  readonly onExchange: OnExchange | null
  /** Takes note of what the operator's secrets are used for; null: nobody does. */
  readonly noteSecrets: NoteSecrets | null
  /** Records requests as spans; null: nobody does. */
  readonly tracing: Tracing | null
  /** Says in the log why requests failed. */
  readonly refusals: RefusalTeller
  /** Says in the log whose bytes could not be read. */
  readonly unread: UnreadTeller
  /** Those under way, where somebody wants to hear of them. */
  readonly open: OpenRequests
  readonly onRetry: OnRetry | null
  /** What bodies that may have to be sent again share. */
  readonly keptBodies: KeptBytes
  /** Set once Keyway is going down: no connection outlives its response. */
  isDraining: boolean
  /** Set once the time to drain is over: what is open is cut. */
  isCut: boolean
  /** Requests taken since the start. */
  requests: number
}
