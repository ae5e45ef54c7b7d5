import { entryOf } from './entry-of.ts'
import type { ExchangeRecord } from './exchange-record.ts'
import { Latest } from './latest.ts'

/** Routes whose names are remembered at a time. */
const MOST_ROUTES = 1_000

/**
 * Creates what gives the members of a line that most requests of a route have in common with the one
 * before: which way it went, how it was answered, and what credential it had.
 */
export function createAccessNames(
  mostRoutes: number = MOST_ROUTES,
): (record: ExchangeRecord) => string {
  const routes = new Map<string | null, Latest<string>>()
  return (record) => {
    const { route } = record
    if (routes.size >= mostRoutes && !routes.has(route)) routes.clear()
    return entryOf(routes, route, createLatest).of(record)
  }
}

function createLatest(): Latest<string> {
  return new Latest(writeNames)
}

function writeNames(record: ExchangeRecord): string {
  const { route, rule, upstream, status, origin, code, credentialKind } = record
  const names = { route, rule, upstream, status, origin, code, credentialKind }
  return JSON.stringify(names).slice(1, -1)
}
