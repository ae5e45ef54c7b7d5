import type { ExchangeRecord } from './exchange-record.ts'

/** How often one route was taken. */
export interface RouteCount {
  readonly route: string
  readonly requests: number
  readonly rules: readonly { readonly rule: string; readonly then: number; readonly else: number }[]
}

/** Counts routes, rules and their branches: names of the file alone, so there are few. */
export interface RouteHits {
  readonly onExchange: (record: ExchangeRecord) => void
  readonly read: () => readonly RouteCount[]
}

interface Count {
  requests: number
  readonly rules: Map<string, { then: number; else: number }>
}

/** Creates the counts, at nothing. */
export function createRouteHits(): RouteHits {
  const counts = new Map<string, Count>()
  return {
    onExchange({ route, rule, branch }) {
      if (route === null) return
      const count = counts.get(route) ?? { requests: 0, rules: new Map() }
      counts.set(route, count)
      count.requests += 1
      if (rule === null || branch === null) return
      const hits = count.rules.get(rule) ?? { then: 0, else: 0 }
      count.rules.set(rule, hits)
      hits[branch] += 1
    },
    read: () =>
      [...counts].map(([route, { requests, rules }]) => ({
        route,
        requests,
        rules: [...rules].map(([rule, hits]) => ({ rule, ...hits })),
      })),
  }
}
