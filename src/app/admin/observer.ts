import { createEventFeed, type EventFeed } from '../../admin/event-feed.ts'
import { createRequestSampler } from '../../admin/sample-requests.ts'
import type { OnExchange } from '../../observability/exchange-record.ts'
import { createTraffic, type Traffic } from '../../observability/traffic.ts'
import type { ReloadResult } from '../../reload/reload.ts'
import { createReloadHistory, type ReloadHistory } from '../../reload/reload-history.ts'

/** What is remembered of a process's work for those who run it. */
export interface Observer {
  readonly feed: EventFeed
  readonly traffic: Traffic
  readonly history: ReloadHistory
  readonly onExchange: OnExchange
  readonly onReload: (result: ReloadResult) => void
}

/** Creates an observer that has seen nothing. */
export function createObserver(): Observer {
  const feed = createEventFeed()
  const traffic = createTraffic()
  const history = createReloadHistory()
  const sample = createRequestSampler(feed)
  return {
    feed,
    traffic,
    history,
    onExchange(record) {
      traffic.onExchange(record)
      sample(record)
    },
    onReload(result) {
      history.add(result)
      const { outcome, generation, changes } = result
      if (outcome !== 'unchanged')
        feed.publish({ type: 'reload', outcome, generation, changes: changes.slice(0, 20) })
    },
  }
}
