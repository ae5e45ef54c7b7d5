import type { Registry } from 'prom-client'
import { entryOf } from '../entry-of.ts'
import type { ExchangeRecord, OnExchange } from '../exchange-record.ts'
import { LabelledCounts } from './labelled-counts.ts'
import { isLive, type LiveNames } from './live-names.ts'
import { registerSeries, type Series, type SeriesDescription } from './register-series.ts'
import { RouteTally } from './route-tally.ts'

/** Counters that are fed as things happen, and forget what is gone from the file. */
export interface RequestMetrics {
  readonly onExchange: OnExchange
  readonly retain: (names: LiveNames) => void
}

/** Creates the counters of requests, all plain numbers: a scrape makes series of them. */
export function createRequestMetrics(registry: Registry): RequestMetrics {
  const routes = new Map<string | null, RouteTally>()
  registerTallies(registry, () => routes)
  const errors = registerCounts(registry, ERRORS)
  const refusals = registerCounts(registry, REFUSALS)
  const clients = registerCounts(registry, CLIENTS)
  return {
    onExchange(record) {
      const { route, countedClient: client, code } = record
      entryOf(routes, route, createTally).add(record)
      if (code !== null) errors.add({ route: route ?? '', code })
      if (isRefusal(record)) refusals.add(refusalOf(record))
      if (client !== null)
        clients.add({ client, route: route ?? '', status: String(record.status) })
    },
    retain(names) {
      for (const [route, tally] of routes) {
        if (route === null) tally.retain('', names)
        else if (names.hasRoute(route)) tally.retain(route, names)
        else routes.delete(route)
      }
      for (const counts of [errors, refusals, clients])
        counts.retain((labels) => isLive(names, labels))
    },
  }
}

function createTally(): RouteTally {
  return new RouteTally()
}

const ERRORS: SeriesDescription = {
  name: 'keyway_errors_total',
  help: 'Answers that Keyway made by itself, by code.',
  type: 'counter',
}
const REFUSALS: SeriesDescription = {
  name: 'keyway_upstream_refusals_total',
  help: 'Answers 401 and 403 of upstreams, by kind of credential.',
  type: 'counter',
}
const CLIENTS: SeriesDescription = {
  name: 'keyway_client_requests_total',
  help: 'Requests, by client and route, where clients.metrics is set.',
  type: 'counter',
}

/** Registers a counter that something seldom adds to. */
export function registerCounts(registry: Registry, description: SeriesDescription): LabelledCounts {
  const counts = new LabelledCounts()
  registerSeries(registry, description, () => counts.read())
  return counts
}

function isRefusal({ origin, status }: ExchangeRecord): boolean {
  return origin === 'upstream' && (status === 401 || status === 403)
}

function refusalOf({ upstream, status, credentialKind }: ExchangeRecord): Record<string, string> {
  return { upstream: upstream ?? '', status: String(status), kind: credentialKind ?? 'none' }
}

type ReadTally = (tally: RouteTally, route: string, name: string) => Series[]

/** What is read of each route's tally. */
const TALLIES: readonly (SeriesDescription & { readonly read: ReadTally })[] = [
  {
    name: 'keyway_requests_total',
    help: 'Requests, by route, upstream, status and who made the answer.',
    type: 'counter',
    read: (tally, route) => tally.readStatuses(route),
  },
  {
    name: 'keyway_rule_requests_total',
    help: 'Requests that a rule decided, by the branch that was taken, class of status and who made the answer.',
    type: 'counter',
    read: (tally, route) => tally.readRules(route),
  },
  {
    name: 'keyway_credential_requests_total',
    help: "Requests, by the kind of the client's credential, class of status and who made the answer.",
    type: 'counter',
    read: (tally, route) => tally.readKinds(route),
  },
  {
    name: 'keyway_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    type: 'histogram',
    read: ({ durations }, route, name) => durations.read(name, { route }),
  },
  {
    name: 'keyway_request_first_byte_seconds',
    help: "Time from the request to the first byte of an upstream's answer to the client.",
    type: 'histogram',
    read: ({ firstBytes }, route, name) => firstBytes.read(name, { route }),
  },
  {
    name: 'keyway_request_added_seconds',
    help: "Time up to the first byte of an upstream's answer that was spent neither on upstreams nor on the client's body.",
    type: 'histogram',
    read: ({ added }, route, name) => added.read(name, { route }),
  },
  {
    name: 'keyway_received_bytes_total',
    help: 'Bytes of request bodies, and that WebSocket clients sent.',
    type: 'counter',
    read: ({ receivedBytes: value }, route) => [{ labels: { route }, value }],
  },
  {
    name: 'keyway_sent_bytes_total',
    help: "Bytes of upstreams' response bodies, and that WebSocket clients were sent.",
    type: 'counter',
    read: ({ sentBytes: value }, route) => [{ labels: { route }, value }],
  },
]

function registerTallies(
  registry: Registry,
  routes: () => ReadonlyMap<string | null, RouteTally>,
): void {
  for (const { read, ...description } of TALLIES)
    registerSeries(registry, description, () =>
      [...routes()].flatMap(([route, tally]) => read(tally, route ?? '', description.name)),
    )
}
