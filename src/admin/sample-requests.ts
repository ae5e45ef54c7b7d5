import type { OnExchange } from '../observability/exchange-record.ts'
import type { EventFeed } from './event-feed.ts'

/** Requests that are told within a second; answers of Keyway's own have as many for themselves. */
const PER_SECOND = 10

/** Creates what tells a feed of some requests, so that a flood of them costs nothing. */
export function createRequestSampler(
  feed: Pick<EventFeed, 'publish'>,
  now: () => number = () => performance.now(),
): OnExchange {
  const told = { upstream: 0, keyway: 0 }
  let since = now()
  return (record) => {
    const { origin } = record
    const time = now()
    if (time - since >= 1_000) {
      since = time
      told.upstream = 0
      told.keyway = 0
    }
    if (told[origin] >= PER_SECOND) return
    told[origin] += 1
    const { method, route, rule, upstream, status, code, credentialKind, client } = record
    const durationMs = Math.round(record.durationMs * 10) / 10
    const what = { method, route, rule, upstream, status, origin, code, credentialKind, client }
    feed.publish({ type: 'request', ...what, durationMs })
  }
}
