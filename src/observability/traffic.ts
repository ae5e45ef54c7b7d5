import { type Count, createCount } from './count.ts'
import { entryOf } from './entry-of.ts'
import type { ExchangeRecord } from './exchange-record.ts'
import { Latest } from './latest.ts'
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
  readonly rules: Map<string, Hits>
  /** Where a request is counted. */
  readonly counts: Latest<readonly Count[]>
}

type Hits = Readonly<Record<'then' | 'else', Count>>

/** Answers of upstreams, by the first digit of their status. */
const CLASSES: readonly string[] = Array.from({ length: 10 }, (_, digit) => `${digit}xx`)

/** Creates the counts, at nothing. */
export function createTraffic(): Traffic {
  const routes = new Map<string | null, RouteTally>()
  const answers = new Map<string, Count>()
  const kinds = new Map<string, Count>()
  const upstreams = new Map<string, Count>()
  const durations = new Array<number>(DURATION_BOUNDS_MS.length + 1).fill(0)
  const findCounts = (rules: Map<string, Hits>, record: ExchangeRecord): readonly Count[] => {
    const { route, rule, branch, credentialKind, upstream, origin, status } = record
    const counts = [
      entryOf(kinds, credentialKind ?? 'none', createCount),
      entryOf(answers, classOf(origin, status), createCount),
    ]
    if (route !== null && rule !== null && branch !== null)
      counts.push(entryOf(rules, rule, createHits)[branch])
    if (upstream !== null) counts.push(entryOf(upstreams, upstream, createCount))
    return counts
  }
  const createTally = (): RouteTally => {
    const rules = new Map<string, Hits>()
    return { requests: 0, rules, counts: new Latest((record) => findCounts(rules, record)) }
  }
  return {
    onExchange(record) {
      const tally = entryOf(routes, record.route, createTally)
      tally.requests += 1
      for (const count of tally.counts.of(record)) count.value += 1
      addDuration(durations, record.durationMs)
    },
    read: () => ({
      routes: [...routes].flatMap(([route, { requests, rules }]) =>
        route === null ? [] : [{ route, requests, rules: [...rules].map(readHits) }],
      ),
      answers: readCounts(answers),
      kinds: readCounts(kinds),
      upstreams: readCounts(upstreams),
      durations: [...durations],
    }),
    retain(names) {
      for (const [route, tally] of routes) {
        tally.counts.forget()
        if (route === null) continue
        if (!names.hasRoute(route)) routes.delete(route)
        for (const rule of tally.rules.keys())
          if (!names.hasRule(route, rule)) tally.rules.delete(rule)
      }
      for (const kind of kinds.keys()) if (!names.hasKind(kind)) kinds.delete(kind)
      for (const name of upstreams.keys()) if (!names.hasUpstream(name)) upstreams.delete(name)
    },
  }
}

function classOf(origin: ExchangeRecord['origin'], status: number): string {
  if (origin === 'keyway') return 'keyway'
  const digit = Math.floor(status / 100)
  return CLASSES[digit] ?? `${digit}xx`
}

function addDuration(durations: number[], durationMs: number): void {
  let bucket = 0
  while (durationMs > (DURATION_BOUNDS_MS[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1
  durations[bucket] = (durations[bucket] ?? 0) + 1
}

function readCounts(counts: ReadonlyMap<string, Count>): Record<string, number> {
  return Object.fromEntries([...counts].map(([name, { value }]) => [name, value]))
}

function readHits([rule, { then: held, else: other }]: readonly [string, Hits]): RuleCount {
  return { rule, then: held.value, else: other.value }
}

function createHits(): Hits {
  return { then: createCount(), else: createCount() }
}
