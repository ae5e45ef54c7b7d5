import type { RequestContext } from '../rules/request-context.ts'
import { type PathRoutes, pick, type TableEntry, withEntry } from './path-routes.ts'
import { hashSegment, type Segment, SegmentSet } from './segment-set.ts'

/** Finds the route of a request: the most specific path, then hosts, methods, headers, file order. */
export type FindRoute<Entry> = (context: RequestContext) => Entry | null

/**
 * Builds a trie over path segments. A look-up walks the request's path, so that its cost does not
 * grow with the number of routes; routes on one path are told apart by host without a walk too.
 */
export function createFindRoute<Entry extends TableEntry>(
  entries: readonly Entry[],
): FindRoute<Entry> {
  const root = createNode<Entry>(null, '')
  for (const entry of entries) insert(root, entry)
  return (context) => {
    const path = context.canonicalPath
    const found = findLiterally(root, path, context)
    if (found !== 'parameters') return found
    return findWhole(root, path, 1, context) ?? findBelow(root, path, 1, 0, context)?.entry ?? null
  }
}

interface Node<Entry> extends Segment {
  /** null: the root. */
  readonly parent: Node<Entry> | null
  literals: SegmentSet<Node<Entry>> | null
  parameter: Node<Entry> | null
  /** Routes whose pattern ends here. */
  whole: PathRoutes<Entry> | null
  /** Routes whose pattern is this and everything below. */
  below: PathRoutes<Entry> | null
}

function createNode<Entry>(parent: Node<Entry> | null, text: string): Node<Entry> {
  const hash = hashSegment(text, 0, text.length)
  return { hash, text, parameter: null, literals: null, below: null, whole: null, parent }
}

function insert<Entry extends TableEntry>(root: Node<Entry>, entry: Entry): void {
  let node = root
  for (const segment of entry.pattern.segments) {
    if (segment.type === 'parameter') {
      node.parameter ??= createNode(node, '')
      node = node.parameter
      continue
    }
    node.literals ??= new SegmentSet()
    let next = node.literals.find(segment.text, 0, segment.text.length)
    if (!next) {
      next = createNode(node, segment.text)
      node.literals.add(next)
    }
    node = next
  }
  const slot = entry.pattern.isPrefix ? 'below' : 'whole'
  node[slot] = withEntry(node[slot], entry)
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
    const next = deepest.literals?.find(path, start, end)
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
  const literal = node.literals?.find(path, start, end)
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
    const literal = node.literals?.find(path, start, end)
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
