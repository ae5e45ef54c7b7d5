import type { ProcessStatus } from '../../admin/process-status.ts'
import { createTraffic, type TrafficCounts } from '../../observability/traffic.ts'
import type { ProxyServer } from '../../proxy/listener/proxy-server.ts'
import type { LiveConfig } from '../open-config.ts'

const NO_TRAFFIC: TrafficCounts = createTraffic().read()

/** Reads what this process knows of its work. */
export function readStatus(
  { store, observer }: LiveConfig,
  proxy: Pick<ProxyServer, 'stats' | 'upstreams'>,
): ProcessStatus {
  return {
    processes: 1,
    ...proxy.stats(),
    traffic: observer?.traffic.read() ?? NO_TRAFFIC,
    upstreams: proxy.upstreams(),
    secrets: store.current.secrets.describe(),
  }
}
