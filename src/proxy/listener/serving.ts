import type { ServerLimits } from '../../config/shapes/normal-config.ts'
import type { OnExchange } from '../../observability/exchange-record.ts'
import type { Logger } from '../../observability/logger.ts'
import { OpenRequests } from '../../observability/open-requests.ts'
import type { Tracing } from '../../observability/tracing.ts'
import type { Admission, Admit } from '../../routing/admission.ts'
import type { NoteSecrets } from '../../routing/secret-notes.ts'
import type { SnapshotStore } from '../../routing/snapshot.ts'
import type { AddressShare } from '../client/address-share.ts'
import { createKeptBodies } from '../client/kept-bodies.ts'
import type { OnRetry, ProxyContext } from '../exchange/proxy-context.ts'
import { createRefusalTeller } from '../exchange/refusal-teller.ts'
import { createUnreadTeller } from '../exchange/unread-teller.ts'
import { createUpstreamPools, type OnTarget } from '../upstream/upstream-pools.ts'
import { createAddressShares } from './address-shares.ts'
import { createRequestIds } from './request-id.ts'

/** What serving is built from, whoever listens. */
export interface ServingOptions {
  /** Those on connections, which hold from the start; those on requests follow the store. */
  readonly limits: ServerLimits
  readonly store: SnapshotStore
  readonly log: Logger
  /** Counts requests towards the limits of the file; default: nobody does. */
  readonly admit?: Admit
  /** Gives whoever wants to hear of a request when it is over, which must not throw; null: nobody does. */
  readonly listener?: () => OnExchange | null
  /** Gives who takes note of what the operator's secrets are used for; null: nobody does. */
  readonly notary?: () => NoteSecrets | null
  /** Records requests as spans; default: nobody does. */
  readonly tracing?: Tracing | null
  /** Hears of each target that changes its state. */
  readonly onTarget?: OnTarget | undefined
  /** Hears of each attempt that follows another. */
  readonly onRetry?: OnRetry | undefined
  /** The path below which another server hands requests over; default: the listener is Keyway's own. */
  readonly mount?: string
}

/** What requests are served with. */
export interface Serving {
  readonly context: ProxyContext
  /** Connections that one client address may have open. */
  readonly connectionShare: AddressShare
  /** Follows the configuration no more. */
  readonly unfollow: () => void
}

const ADMITTED: Admission = { isAdmitted: true, release: () => {} }

async function admitAll(): Promise<Admission> {
  return ADMITTED
}

/** Creates what all requests share, over the snapshots of a store. */
export function createServing(options: ServingOptions): Serving {
  const { limits, store, log, admit = admitAll, mount = null } = options
  const { listener = () => null, notary = () => null } = options
  const pools = createUpstreamPools(log, options.onTarget)
  pools.follow(store.current.table)
  const openRequests = new OpenRequests()
  const unfollow = store.onSwap(({ table, config }) => {
    pools.follow(table)
    const routes = new Set(config.routes.map(({ name }) => name))
    openRequests.retain((route) => routes.has(route))
  })
  const shares = createAddressShares(limits, store)
  const context: ProxyContext = {
    log,
    store,
    pools,
    mount,
    requestShare: shares.requests,
    identify: createRequestIds(),
    admit,
    get onExchange() {
      return listener()
    },
    get noteSecrets() {
      return notary()
    },
    tracing: options.tracing ?? null,
    refusals: createRefusalTeller(log, () => store.current.config.server.hasAccessLog),
    unread: createUnreadTeller(log),
    open: openRequests,
    onRetry: options.onRetry ?? null,
    keptBodies: createKeptBodies(() => store.current.config.server.limits.keptBodiesBytes, log),
    isDraining: false,
    isCut: false,
    requests: 0,
    get limits() {
      return store.current.config.server.limits
    },
  }
  return { context, connectionShare: shares.connections, unfollow }
}
