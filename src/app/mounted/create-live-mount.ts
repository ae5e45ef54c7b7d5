import { createFingerprint } from '../../credentials/show/fingerprint.ts'
import type { Logger } from '../../observability/logger.ts'
import {
  createMountedProxy,
  type MountedProxy,
  type MountedProxyOptions,
} from '../../proxy/listener/mounted-proxy.ts'
import { createNotary, type LiveAudit } from '../audit.ts'
import { createExchangeListener } from '../exchange-listener.ts'
import { openLimits } from '../limits.ts'
import type { LiveConfig } from '../open-config.ts'

/** What createLiveMount builds from. */
export interface LiveMountOptions extends Pick<MountedProxyOptions, 'server' | 'mount' | 'route'> {
  readonly live: LiveConfig
  readonly log: Logger
  readonly audit: LiveAudit
}

/** A proxy below a path of another server, over a live configuration. */
export interface LiveMount extends Pick<MountedProxy, 'serve'> {
  /** Lets open requests finish for the file's drain time. */
  readonly drain: () => void
  readonly close: () => Promise<void>
}

/** Creates it with its records and limits. */
export function createLiveMount({ live, log, audit, ...where }: LiveMountOptions): LiveMount {
  const { store, metrics, observer } = live
  const { limits, store: counts } = store.current.config.server
  const counted = openLimits({ store: counts, shared: null, log, metrics, observer })
  const proxy = createMountedProxy({
    ...where,
    limits,
    store,
    log,
    admit: counted.admit,
    notary: createNotary(store, createFingerprint(), audit.note),
    listener: createExchangeListener(store, metrics, observer, log),
  })
  return {
    serve: proxy.serve,
    drain: () => proxy.drain(store.current.config.server.limits.drainMs),
    async close() {
      proxy.close()
      await counted.close()
      await audit.close()
    },
  }
}
