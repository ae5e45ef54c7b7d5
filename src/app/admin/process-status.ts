import { NO_STATUS, type ProcessStatus } from '../../admin/process-status.ts'
import type { ProxyServer } from '../../proxy/listener/proxy-server.ts'
import type { LiveConfig } from '../open-config.ts'

/** Reads what this process knows of its work. */
export function readStatus(
  { store, observer }: LiveConfig,
  proxy: Pick<ProxyServer, 'stats' | 'upstreams'>,
): ProcessStatus {
  return {
    ...NO_STATUS,
    processes: 1,
    ...proxy.stats(),
    ...(observer && { traffic: observer.traffic.read() }),
    upstreams: proxy.upstreams(),
    secrets: store.current.secrets.describe(),
  }
}

/** What a process knows that serves nothing itself: it looks at secrets whether or not they are asked for. */
export function readPrimaryStatus({ store }: LiveConfig): ProcessStatus {
  return { ...NO_STATUS, secrets: store.current.secrets.describe() }
}
