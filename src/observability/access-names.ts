import type { ExchangeRecord } from './exchange-record.ts'

/** What most requests of a route have in common with the one before: names of the file, of kinds and of clients. */
export interface AccessNames
  extends Pick<ExchangeRecord, 'rule' | 'upstream' | 'credentialKind' | 'client'> {
  /** Which way it went, as members of a line. */
  readonly way: string
  /** Who asked, likewise. */
  readonly who: string
}

/** Routes whose names are remembered at a time. */
const MOST_ROUTES = 1_000

/** Creates what gives names as they are written, made anew where they differ from a route's latest. */
export function createAccessNames(
  mostRoutes: number = MOST_ROUTES,
): (record: ExchangeRecord) => AccessNames {
  const latest = new Map<string | null, AccessNames>()
  return (record) => {
    const known = latest.get(record.route)
    if (known !== undefined && isAlike(known, record)) return known
    const names = writeNames(record)
    if (latest.size >= mostRoutes) latest.clear()
    latest.set(record.route, names)
    return names
  }
}

function isAlike(names: AccessNames, record: ExchangeRecord): boolean {
  return (
    names.rule === record.rule &&
    names.upstream === record.upstream &&
    names.credentialKind === record.credentialKind &&
    names.client === record.client
  )
}

function writeNames({
  route,
  rule,
  upstream,
  credentialKind,
  client,
}: ExchangeRecord): AccessNames {
  const way = writeMembers({ route, rule, upstream })
  return {
    rule,
    upstream,
    credentialKind,
    client,
    way,
    who: writeMembers({ credentialKind, client }),
  }
}

function writeMembers(names: Readonly<Record<string, string | null>>): string {
  return JSON.stringify(names).slice(1, -1)
}
