import type { ExchangeRecord, OnExchange } from '../observability/exchange-record.ts'
import type { AdminEvent, EventFeed } from './event-feed.ts'

/** Requests that are told within a second; answers of Keyway's own have as many for themselves. */
const PER_SECOND = 10
/** In this time the first request that is decided in a way of its own is told, however many there are. */
const ANEW_MS = 10_000
/** Ways of deciding that are told apart in that time; of more, those that the second has room for are told. */
const TOLD_APART = 64

/** Creates what tells a feed of some requests, so that a flood of them costs nothing, and of each way of deciding one. */
export function createRequestSampler(feed: Pick<EventFeed, 'publish'>): OnExchange {
  const told = { upstream: 0, keyway: 0 }
  let seen: RequestEvent[] = []
  const forgetTold = (): void => {
    told.upstream = 0
    told.keyway = 0
  }
  const forgetSeen = (): void => {
    seen = []
  }
  return (record) => {
    const { origin } = record
    const isNew = seen.length < TOLD_APART && !seen.some((other) => isAlike(other, record))
    if (!isNew && told[origin] >= PER_SECOND) return
    // By timers, as a look at the clock for each request takes longer than all else here.
    if (told.upstream + told.keyway === 0) setTimeout(forgetTold, 1_000).unref()
    if (isNew && seen.length === 0) setTimeout(forgetSeen, ANEW_MS).unref()
    told[origin] += 1
    const event = describe(record)
    if (isNew) seen.push(event)
    feed.publish(event)
  }
}

type RequestEvent = Extract<AdminEvent, { readonly type: 'request' }>

function describe(record: ExchangeRecord): RequestEvent {
  const { method, route, rule, branch, upstream, first, status, origin, code } = record
  const { credentialKind, credentialSource, credentialScheme, client } = record
  const decided = { method, route, rule, branch, upstream, first, status, origin, code }
  const durationMs = Math.round(record.durationMs * 10) / 10
  const asked = { credentialKind, credentialSource, credentialScheme, client }
  return { type: 'request', ...decided, ...asked, durationMs }
}

/** Whether two requests were decided alike, as far as is told of them. */
function isAlike(one: RequestEvent, other: ExchangeRecord): boolean {
  return (
    one.rule === other.rule &&
    one.route === other.route &&
    one.branch === other.branch &&
    one.upstream === other.upstream &&
    one.code === other.code &&
    one.credentialKind === other.credentialKind &&
    one.credentialSource === other.credentialSource &&
    one.credentialScheme === other.credentialScheme &&
    one.client === other.client &&
    one.first?.rule === other.first?.rule
  )
}
