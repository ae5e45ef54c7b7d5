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

/** Finds the route of a request: the most specific path, then hosts, methods, headers, file order. */
export type FindRoute<Entry> = (context: RequestContext) => Entry | null

/**
 * Builds a trie over path segments. A look-up walks the request's path, so that its cost does not
 * grow with the number of routes; routes on one path are told apart by host without a walk too.
 */
export function createFindRoute<Entry extends TableEntry>(
  entries: readonly Entry[],
): FindRoute<Entry> {
  const root = createNode<Entry>(null)
  for (const entry of entries) insert(root, entry)
  return (context) => {
    const path = context.canonicalPath
    const found = findLiterally(root, path, context)
    if (found !== 'parameters') return found
    return findWhole(root, path, 1, context) ?? findBelow(root, path, 1, 0, context)?.entry ?? null
  }
}

interface Node<Entry> {
  /** null: the root. */
  readonly parent: Node<Entry> | null
  literals: Map<string, Node<Entry>> | null
  parameter: Node<Entry> | null
  /** Routes whose pattern ends here. */
  whole: Candidates<Entry> | null
  /** Routes whose pattern is this and everything below. */
  below: Candidates<Entry> | null
}

function createNode<Entry>(parent: Node<Entry> | null): Node<Entry> {
  return { parent, literals: null, parameter: null, whole: null, below: null }
}

function insert<Entry extends TableEntry>(root: Node<Entry>, entry: Entry): void {
  let node = root
  for (const segment of entry.pattern.segments) {
    if (segment.type === 'parameter') {
      node.parameter ??= createNode(node)
      node = node.parameter
      continue
    }
    node.literals ??= new Map()
    let next = node.literals.get(segment.text)
    if (!next) {
      next = createNode(node)
      node.literals.set(segment.text, next)
    }
    node = next
  }
  const slot = entry.pattern.isPrefix ? 'below' : 'whole'
  node[slot] ??= createCandidates()
  addCandidate(node[slot], entry)
}

/** Walks a path once, where no parameter stands beside its segments: among thousands of routes each look-up waits for memory. */
function findLiterally<Entry extends TableEntry>(
  root: Node<Entry>,
  path: string,
  context: RequestContext,
): Entry | null | 'parameters' {
  let deepest = root
  let start = 1
  while (start <= path.length) {
    if (deepest.parameter) return 'parameters'
    const end = endOfSegment(path, start)
    const next = deepest.literals?.get(path.slice(start, end))
    if (!next) break
    deepest = next
    start = end + 1
  }
  const whole = start > path.length && deepest.whole ? pick(deepest.whole, context) : null
  if (whole) return whole
  for (let node: Node<Entry> | null = deepest; node; node = node.parent) {
    const below = node.below && pick(node.below, context)
    if (below) return below
  }
  return null
}

/** `start` is where the next segment begins; past the end of the path all segments are used up. */
function findWhole<Entry extends TableEntry>(
  node: Node<Entry>,
  path: string,
  start: number,
  context: RequestContext,
): Entry | null {
  if (start > path.length) return node.whole && pick(node.whole, context)
  const end = endOfSegment(path, start)
  const literal = node.literals?.get(path.slice(start, end))
  const found = literal ? findWhole(literal, path, end + 1, context) : null
  if (found || !node.parameter || end === start) return found
  return findWhole(node.parameter, path, end + 1, context)
}

interface Below<Entry> {
  readonly entry: Entry
  readonly depth: number
}

function findBelow<Entry extends TableEntry>(
  node: Node<Entry>,
  path: string,
  start: number,
  depth: number,
  context: RequestContext,
): Below<Entry> | null {
  let longest: Below<Entry> | null = null
  if (start <= path.length) {
    const end = endOfSegment(path, start)
    const literal = node.literals?.get(path.slice(start, end))
    if (literal) longest = findBelow(literal, path, end + 1, depth + 1, context)
    if (node.parameter && end > start) {
      const other = findBelow(node.parameter, path, end + 1, depth + 1, context)
      if (other && (!longest || other.depth > longest.depth)) longest = other
    }
  }
  if (longest || !node.below) return longest
  const entry = pick(node.below, context)
  return entry && { entry, depth }
}

function endOfSegment(path: string, start: number): number {
  const slash = path.indexOf('/', start)
  return slash < 0 ? path.length : slash
}

/** Routes on one path pattern, by host. */
interface Candidates<Entry> {
  /** The one that there is, where it is for any host: among thousands of routes each object on the way to it is waited for. */
  only: Entry | null
  byHost: Map<string, Entry[]> | null
  /** By what follows the `*` of `*.example.com`. */
  bySuffix: Map<string, Entry[]> | null
  anyHost: Entry[] | null
}

function createCandidates<Entry>(): Candidates<Entry> {
  return { only: null, byHost: null, bySuffix: null, anyHost: null }
}

function addCandidate<Entry extends TableEntry>(candidates: Candidates<Entry>, entry: Entry): void {
  const { byHost, bySuffix, anyHost } = candidates
  const isFirst = byHost === null && bySuffix === null && anyHost === null
  candidates.only = isFirst && entry.hosts === null ? entry : null
  if (entry.hosts === null) candidates.anyHost = insertSorted(anyHost, entry)
  for (const host of entry.hosts ?? []) {
    const isWildcard = host.startsWith('*')
    const sort = isWildcard ? 'bySuffix' : 'byHost'
    candidates[sort] ??= new Map()
    const map = candidates[sort]
    const key = isWildcard ? host.slice(1) : host
    map.set(key, insertSorted(map.get(key) ?? null, entry))
  }
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

function pick<Entry extends TableEntry>(
  candidates: Candidates<Entry>,
  context: RequestContext,
): Entry | null {
  const { only } = candidates
  if (only !== null) return holds(only, context) ? only : null
  const { byHost, bySuffix, anyHost } = candidates
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
