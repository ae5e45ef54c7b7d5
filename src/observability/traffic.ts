import type { ExchangeRecord } from './exchange-record.ts'
import type { LiveNames } from './metrics/live-names.ts'

/** What was asked and answered since the start, by names of the file alone, so that it stays small. */
export interface TrafficCounts {
  readonly routes: readonly RouteCount[]
  /** Answers by class, `2xx` to `5xx`, of upstreams, and `keyway` for those of its own. */
  readonly answers: Readonly<Record<string, number>>
  readonly kinds: Readonly<Record<string, number>>
  readonly upstreams: Readonly<Record<string, number>>
  /** Requests that took up to each of DURATION_BOUNDS_MS, and last those that took longer. */
  readonly durations: readonly number[]
}

/** How often one route was taken. */
export interface RouteCount {
  readonly route: string
  readonly requests: number
  readonly rules: readonly RuleCount[]
}

export interface RuleCount {
  readonly rule: string
  /** Requests for which its `if` held. */
  readonly then: number
  readonly else: number
}

/** Upper bounds of the durations that are counted together, in milliseconds. */
export const DURATION_BOUNDS_MS: readonly number[] = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000,
]

/** Counts requests. */
export interface Traffic {
  readonly onExchange: (record: ExchangeRecord) => void
  readonly read: () => TrafficCounts
  /** Forgets what the running file names no more. */
  readonly retain: (names: LiveNames) => void
}

interface RouteTally {
  requests: number
  readonly rules: Map<string, { then: number; else: number }>
}

/** Creates the counts, at nothing. */
export function createTraffic(): Traffic {
  const routes = new Map<string, RouteTally>()
  const answers = new Map<string, number>()
  const kinds = new Map<string, number>()
  const upstreams = new Map<string, number>()
  const durations = new Array<number>(DURATION_BOUNDS_MS.length + 1).fill(0)
  return {
    onExchange(record) {
      const { status, origin, credentialKind, upstream, durationMs } = record
      addRoute(routes, record)
      add(answers, origin === 'keyway' ? 'keyway' : `${Math.floor(status / 100)}xx`)
      add(kinds, credentialKind ?? 'none')
      if (upstream !== null) add(upstreams, upstream)
      const index = DURATION_BOUNDS_MS.findIndex((bound) => durationMs <= bound)
      const bucket = index < 0 ? DURATION_BOUNDS_MS.length : index
      durations[bucket] = (durations[bucket] ?? 0) + 1
    },
    read: () => ({
      routes: [...routes].map(([route, { requests, rules }]) => ({
        route,
        requests,
        rules: [...rules].map(([rule, hits]) => ({ rule, ...hits })),
      })),
      answers: Object.fromEntries(answers),
      kinds: Object.fromEntries(kinds),
      upstreams: Object.fromEntries(upstreams),
      durations: [...durations],
    }),
    retain(names) {
      for (const [route, { rules }] of routes) {
        if (!names.hasRoute(route)) routes.delete(route)
        for (const rule of rules.keys()) if (!names.hasRule(route, rule)) rules.delete(rule)
      }
      for (const kind of kinds.keys()) if (!names.hasKind(kind)) kinds.delete(kind)
      for (const name of upstreams.keys()) if (!names.hasUpstream(name)) upstreams.delete(name)
    },
  }
}

function addRoute(routes: Map<string, RouteTally>, { route, rule, branch }: ExchangeRecord): void {
  if (route === null) return
  const tally = routes.get(route) ?? { requests: 0, rules: new Map() }
  routes.set(route, tally)
  tally.requests += 1
  if (rule === null || branch === null) return
  const hits = tally.rules.get(rule) ?? { then: 0, else: 0 }
  tally.rules.set(rule, hits)
  hits[branch] += 1
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
