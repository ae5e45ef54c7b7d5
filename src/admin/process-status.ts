import type { OpenRoute } from '../observability/open-requests.ts'
import type { RouteCount, TrafficCounts } from '../observability/traffic.ts'

/** What one serving process knows of its work, or a crew's sum of it; holds no credential. */
export interface ProcessStatus {
  readonly processes: number
  /** Open client connections. */
  readonly connections: number
  /** Requests taken since the start. */
  readonly requests: number
  /** Requests that hold a place at an upstream: event streams and WebSockets too. */
  readonly inFlight: number
  /** Requests from their decision to their end, by route: plain, event streams and WebSockets. */
  readonly open: readonly OpenRoute[]
  readonly traffic: TrafficCounts
  readonly upstreams: readonly UpstreamView[]
  readonly secrets: readonly SecretView[]
}

export interface UpstreamView {
  readonly name: string
  readonly retriesLeft: number
  readonly targets: readonly TargetView[]
}

export interface TargetView {
  readonly url: string
  readonly weight: number
  readonly state: string
  /** Of its weight, from 0 to 1: less than 1 while it comes back from an ejection. */
  readonly share: number
  /** null: it is not checked, or not yet. */
  readonly lastCheck: CheckView | null
  readonly connections: number
  readonly idle: number
  readonly waiting: number
  readonly inFlight: number
}

/** What became of the latest check of a target, and when, as ISO 8601. */
export interface CheckView {
  readonly outcome: 'good' | 'bad'
  readonly at: string
}

export interface SecretView {
  readonly name: string
  readonly isPool: boolean
  readonly keys: readonly KeyView[]
}

export interface KeyView {
  readonly source: string
  readonly reason: string | null
  readonly restsMs: number
  /** Since when it can be used, or can't; ISO 8601. */
  readonly since: string | null
  /** When it ends, where it says so itself; ISO 8601. */
  readonly expires: string | null
}

/** What a process knows that has done nothing. */
export const NO_STATUS: ProcessStatus = {
  processes: 0,
  connections: 0,
  requests: 0,
  inFlight: 0,
  open: [],
  traffic: { routes: [], answers: {}, kinds: {}, upstreams: {}, durations: [] },
  upstreams: [],
  secrets: [],
}

/** Sums what several processes know; of a state the worst is told, of a rest the longest. */
export function sumStatus(parts: readonly ProcessStatus[]): ProcessStatus {
  return parts.reduce(
    (sum, part) => ({
      processes: sum.processes + part.processes,
      connections: sum.connections + part.connections,
      requests: sum.requests + part.requests,
      inFlight: sum.inFlight + part.inFlight,
      open: merge(sum.open, part.open, ({ route }) => route, addOpen),
      traffic: addTraffic(sum.traffic, part.traffic),
      upstreams: merge(sum.upstreams, part.upstreams, ({ name }) => name, addUpstreams),
      secrets: merge(sum.secrets, part.secrets, ({ name }) => name, addSecrets),
    }),
    NO_STATUS,
  )
}

function merge<Item>(
  a: readonly Item[],
  b: readonly Item[],
  keyOf: (item: Item) => string,
  add: (one: Item, other: Item) => Item,
): readonly Item[] {
  const items = new Map(a.map((item) => [keyOf(item), item]))
  for (const item of b) {
    const known = items.get(keyOf(item))
    items.set(keyOf(item), known === undefined ? item : add(known, item))
  }
  return [...items.values()]
}

/** Sums traffic; what counts by name keeps the order in which names were seen. */
export function addTraffic(a: TrafficCounts, b: TrafficCounts): TrafficCounts {
  return {
    routes: merge(a.routes, b.routes, ({ route }) => route, addRoutes),
    answers: addCounts(a.answers, b.answers),
    kinds: addCounts(a.kinds, b.kinds),
    upstreams: addCounts(a.upstreams, b.upstreams),
    durations: (a.durations.length > 0 ? a : b).durations.map(
      (_, index) => (a.durations[index] ?? 0) + (b.durations[index] ?? 0),
    ),
  }
}

type Counts = Readonly<Record<string, number>>

function addCounts(a: Counts, b: Counts): Counts {
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]))
}

function addRoutes(a: RouteCount, b: RouteCount): RouteCount {
  return {
    route: a.route,
    requests: a.requests + b.requests,
    rules: merge(
      a.rules,
      b.rules,
      ({ rule }) => rule,
      (one, other) => ({
        rule: one.rule,
        then: one.then + other.then,
        else: one.else + other.else,
      }),
    ),
  }
}

function addOpen(a: OpenRoute, b: OpenRoute): OpenRoute {
  return {
    route: a.route,
    plain: a.plain + b.plain,
    sse: a.sse + b.sse,
    websocket: a.websocket + b.websocket,
  }
}

function addUpstreams(a: UpstreamView, b: UpstreamView): UpstreamView {
  return {
    name: a.name,
    retriesLeft: a.retriesLeft + b.retriesLeft,
    targets: merge(a.targets, b.targets, ({ url }) => url, addTargets),
  }
}

const STATES: readonly string[] = ['up', 'recovering', 'ejected', 'down', 'unusable']

function addTargets(a: TargetView, b: TargetView): TargetView {
  const worst = Math.max(STATES.indexOf(a.state), STATES.indexOf(b.state))
  return {
    ...a,
    state: STATES[worst] ?? a.state,
    share: Math.min(a.share, b.share),
    lastCheck: latest(a.lastCheck, b.lastCheck),
    connections: a.connections + b.connections,
    idle: a.idle + b.idle,
    waiting: a.waiting + b.waiting,
    inFlight: a.inFlight + b.inFlight,
  }
}

function latest(a: CheckView | null, b: CheckView | null): CheckView | null {
  return (a?.at ?? '') < (b?.at ?? '') ? b : a
}

function addSecrets(a: SecretView, b: SecretView): SecretView {
  return { ...a, keys: a.keys.map((key, index) => addKeys(key, b.keys[index] ?? key)) }
}

/** What is wrong in one process is told; of those that agree, the one that has seen it longest. */
function addKeys(a: KeyView, b: KeyView): KeyView {
  const worse = a.reason === null && b.reason !== null ? b : a
  const isAgreed = a.reason === b.reason
  const [since = null] = [a.since, b.since].filter((one) => one !== null).toSorted()
  return {
    ...worse,
    restsMs: Math.max(a.restsMs, b.restsMs),
    since: isAgreed ? since : worse.since,
  }
}
