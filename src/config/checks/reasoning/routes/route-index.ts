import type { OrderedRoute } from './route-order.ts'

interface Node {
  readonly next: Map<string, Node>
  readonly routes: OrderedRoute[]
}

/** Lists the routes whose paths may overlap with one's, itself left out; stops behind `most` of them. */
export type FindRivals = (route: OrderedRoute, most: number) => readonly OrderedRoute[]

const PARAMETER = '*'

/** Sorts routes by the segments of their paths, so that few of thousands have to be compared. */
export function createFindRivals(routes: readonly OrderedRoute[]): FindRivals {
  const root = createNode()
  for (const route of routes) {
    let node = root
    for (const key of keysOf(route)) {
      let next = node.next.get(key)
      if (next === undefined) {
        next = createNode()
        node.next.set(key, next)
      }
      node = next
    }
    node.routes.push(route)
  }
  return (route, most) => {
    const found: OrderedRoute[] = []
    collect(root, keysOf(route), 0, { route, most, found })
    return found
  }
}

function createNode(): Node {
  return { next: new Map(), routes: [] }
}

function keysOf({ pattern }: OrderedRoute): readonly string[] {
  return pattern.segments.map((one) => (one.type === 'literal' ? `/${one.text}` : PARAMETER))
}

interface Collection {
  readonly route: OrderedRoute
  readonly most: number
  readonly found: OrderedRoute[]
}

function collect(node: Node, keys: readonly string[], depth: number, into: Collection): void {
  const { route, most, found } = into
  const isWithin = depth < keys.length
  for (const other of node.routes) {
    if (found.length >= most) return
    if (other !== route && (!isWithin || other.pattern.isPrefix)) found.push(other)
  }
  if (!isWithin && !route.pattern.isPrefix) return
  const key = keys[depth]
  const nexts =
    !isWithin || key === PARAMETER
      ? node.next.values()
      : [node.next.get(key as string), node.next.get(PARAMETER)]
  for (const next of nexts) {
    if (found.length >= most) return
    if (next) collect(next, keys, depth + 1, into)
  }
}
