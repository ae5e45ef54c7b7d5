import { Counter, type Registry } from 'prom-client'
import type { ExchangeRecord, OnExchange } from './exchange-record.ts'
import { createRouteDurations } from './route-durations.ts'

/** Creates the counters of requests: what comes with each is counted here, and given to prom-client at a scrape. */
export function createRequestMetrics(registry: Registry): OnExchange {
  const countRequest = createRequestCounter([registry])
  const countFailure = createFailureCounters([registry])
  const countClient = createClientCounter([registry])
  const addDuration = createRouteDurations(registry)
  return (record) => {
    countRequest(record)
    addDuration(record)
    countFailure(record)
    countClient(record)
  }
}

/** Answers of Keyway's own, and those by which an upstream refuses a credential. */
function createFailureCounters(registers: Registry[]): OnExchange {
  const errors = new Counter({
    name: 'keyway_errors_total',
    help: 'Answers that Keyway made by itself, by code.',
    labelNames: ['route', 'code'],
    registers,
  })
  const refusals = new Counter({
    name: 'keyway_upstream_refusals_total',
    help: 'Answers 401 and 403 of upstreams, by kind of credential.',
    labelNames: ['upstream', 'status', 'kind'],
    registers,
  })
  return (record) => {
    const { route, upstream, status, code, credentialKind } = record
    if (code !== null) errors.inc({ route: route ?? '', code })
    if (isRefusal(record))
      refusals.inc({ upstream: upstream ?? '', status, kind: credentialKind ?? 'none' })
  }
}

/** Requests of clients, where the file asks for it: names from the file alone, so they are few. */
function createClientCounter(registers: Registry[]): OnExchange {
  const requests = new Counter({
    name: 'keyway_client_requests_total',
    help: 'Requests, by client and route, where clients.metrics is set.',
    labelNames: ['client', 'route', 'status'],
    registers,
  })
  return ({ countedClient: client, route, status }) => {
    if (client !== null) requests.inc({ client, route: route ?? '', status })
  }
}

function isRefusal({ origin, status }: ExchangeRecord): boolean {
  return origin === 'upstream' && (status === 401 || status === 403)
}

type Origin = ExchangeRecord['origin']

interface RequestCount {
  readonly labels: Readonly<Record<'route' | 'upstream' | 'origin', string> & { status: number }>
  value: number
}

// prom-client joins all labels to a key at each call; a map for each of them finds the same without.
type Statuses = Readonly<Record<Origin, Map<number, RequestCount>>>
type Upstreams = Map<string | null, Statuses>

function createRequestCounter(registers: Registry[]): OnExchange {
  const counts: RequestCount[] = []
  const routes = new Map<string | null, Upstreams>()
  new Counter({
    name: 'keyway_requests_total',
    help: 'Requests, by route, upstream, status and who made the answer.',
    labelNames: ['route', 'upstream', 'status', 'origin'],
    registers,
    collect() {
      this.reset()
      for (const { labels, value } of counts) this.inc(labels, value)
    },
  })
  const open = ({ route, upstream, status, origin }: ExchangeRecord): RequestCount => {
    const labels = { route: route ?? '', upstream: upstream ?? '', status, origin }
    const count = { labels, value: 0 }
    counts.push(count)
    const upstreams: Upstreams = routes.get(route) ?? new Map()
    const statuses = upstreams.get(upstream) ?? { upstream: new Map(), keyway: new Map() }
    statuses[origin].set(status, count)
    routes.set(route, upstreams.set(upstream, statuses))
    return count
  }
  return (record) => {
    const statuses = routes.get(record.route)?.get(record.upstream)
    const count = statuses?.[record.origin].get(record.status) ?? open(record)
    count.value += 1
  }
}
