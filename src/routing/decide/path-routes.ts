import type { PathPattern } from '../../config/language/path-pattern.ts'
import type { RequestContext } from '../rules/request-context.ts'

/** What the table looks at to place a route and to choose it. */
export interface TableEntry {
  /** Its place in the file; the earlier one wins among equals. */
  readonly index: number
  readonly pattern: PathPattern
  /** Lower case, exact or `*.example.com`; null: any. */
  readonly hosts: readonly string[] | null
  readonly methods: ReadonlySet<string> | null
  /** How many header matchers it has. */
  readonly headerCount: number
  /** Whether the header matchers hold. */
  readonly matchesHeaders: (context: RequestContext) => boolean
}

/** Routes on one path pattern. The only one, if for any host, stands there itself: among thousands each object on the way is waited for. */
export type PathRoutes<Entry> = Entry | HostRoutes<Entry>

function isEntry<Entry extends TableEntry>(routes: PathRoutes<Entry>): routes is Entry {
  return 'pattern' in routes
}

/** The routes with one more of them. */
export function withEntry<Entry extends TableEntry>(
  routes: PathRoutes<Entry> | null,
  entry: Entry,
): PathRoutes<Entry> {
  if (routes === null && entry.hosts === null) return entry
  if (routes !== null && !isEntry(routes)) return addByHost(routes, entry)
  const byHosts = createHostRoutes<Entry>()
  if (routes !== null) addByHost(byHosts, routes)
  return addByHost(byHosts, entry)
}

/** Several routes on one path pattern, by host. */
interface HostRoutes<Entry> {
  byHost: Map<string, Entry[]> | null
  /** By what follows the `*` of `*.example.com`. */
  bySuffix: Map<string, Entry[]> | null
  anyHost: Entry[] | null
}

function createHostRoutes<Entry>(): HostRoutes<Entry> {
  return { byHost: null, bySuffix: null, anyHost: null }
}

function addByHost<Entry extends TableEntry>(
  byHosts: HostRoutes<Entry>,
  entry: Entry,
): HostRoutes<Entry> {
  if (entry.hosts === null) byHosts.anyHost = insertSorted(byHosts.anyHost, entry)
  for (const host of entry.hosts ?? []) {
    const isWildcard = host.startsWith('*')
    const sort = isWildcard ? 'bySuffix' : 'byHost'
    byHosts[sort] ??= new Map()
    const map = byHosts[sort]
    const key = isWildcard ? host.slice(1) : host
    map.set(key, insertSorted(map.get(key) ?? null, entry))
  }
  return byHosts
}

/** A first entry is written as an array of just that length: there may be thousands of them. */
function insertSorted<Entry extends TableEntry>(list: Entry[] | null, entry: Entry): Entry[] {
  if (list === null) return [entry]
  const before = list.findLastIndex((other) => compareEntries(entry, other) >= 0)
  list.splice(before + 1, 0, entry)
  return list
}

function compareEntries(a: TableEntry, b: TableEntry): number {
  const methods = Number(b.methods !== null) - Number(a.methods !== null)
  return methods || b.headerCount - a.headerCount || a.index - b.index
}

/** The route that takes a request: by host, methods, headers, file order; null: none does. */
export function pick<Entry extends TableEntry>(
  routes: PathRoutes<Entry>,
  context: RequestContext,
): Entry | null {
  if (isEntry(routes)) return holds(routes, context) ? routes : null
  const { byHost, bySuffix, anyHost } = routes
  const named = byHost === null ? null : firstMatch(byHost.get(context.host) ?? null, context)
  const found = named ?? (bySuffix === null ? null : pickBySuffix(bySuffix, context))
  return found ?? firstMatch(anyHost, context)
}

/** The longest suffix wins. */
function pickBySuffix<Entry extends TableEntry>(
  bySuffix: ReadonlyMap<string, Entry[]>,
  context: RequestContext,
): Entry | null {
  const { host } = context
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    const found = firstMatch(bySuffix.get(host.slice(dot)) ?? null, context)
    if (found) return found
  }
  return null
}

function firstMatch<Entry extends TableEntry>(
  entries: readonly Entry[] | null,
  context: RequestContext,
): Entry | null {
  for (const entry of entries ?? []) if (holds(entry, context)) return entry
  return null
}

function holds(entry: TableEntry, context: RequestContext): boolean {
  if (entry.methods !== null && !entry.methods.has(context.request.method)) return false
  return entry.headerCount === 0 || entry.matchesHeaders(context)
}
