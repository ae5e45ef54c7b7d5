import type { Path } from '../text/document.ts'
import type { Schema } from './schema-error.ts'

/** A map of the format: the keys that may stand in it, and how it is called in a hint. */
export interface Place {
  /** Where its schema stands in the whole schema, such as `#/definitions/route`. */
  readonly id: string
  /** Such as `on a route` or `under "match"`. */
  readonly words: string
  readonly keys: readonly string[]
}

/** All maps of the format, and which of them lie near which. */
export interface Places {
  /** The nearest places in whose map a key may stand, seen from the map at a path of a document. */
  readonly homesOf: (key: string, from: Path) => readonly Place[]
  /** The place of a key that lies directly in the map at a path of a document. */
  readonly insideOf: (key: string, at: Path) => Place | null
  readonly all: readonly Place[]
}

interface Node extends Place {
  words: string
  /** What it is called where another place lies in it, such as `a route` or `"match"`. */
  readonly noun: string
  readonly parents: Set<Node>
  readonly children: Set<Node>
}

/** Lists the maps of a schema. */
export function listPlaces(root: Schema): Places {
  const nodes = new Map<string, Node>()
  visit({ root, nodes }, { schema: root, id: '#', key: '', parent: null })
  tellApart([...nodes.values()])
  return {
    all: [...nodes.values()],
    insideOf: (key, at) => {
      const children = [...(nodes.get(idAt(root, at))?.children ?? [])]
      return children.find(({ keys }) => keys.includes(key)) ?? null
    },
    homesOf: (key, from) => {
      const start = nodes.get(idAt(root, from))
      const isHome = (node: Node): boolean => node.keys.includes(key)
      return start ? nearest(start, isHome) : [...nodes.values()].filter(isHome)
    },
  }
}

interface Walk {
  readonly root: Schema
  readonly nodes: Map<string, Node>
}

interface Step {
  readonly schema: Schema
  readonly id: string
  /** The key that leads there. */
  readonly key: string
  readonly parent: Node | null
}

function visit(walk: Walk, step: Step): void {
  const { schema, id, key, parent } = dereferenced(walk.root, step)
  const known = walk.nodes.get(id)
  const node = known ?? (schema.properties ? createNode(walk, schema, id, key) : null)
  if (node && parent && node !== parent) link(parent, node)
  if (known) return
  const inside = node ?? parent
  for (const [name, child] of Object.entries((schema.properties ?? {}) as Record<string, Schema>))
    visit(walk, { schema: child, id: `${id}/properties/${name}`, key: name, parent: inside })
  for (const keyword of ['items', 'additionalProperties']) {
    const child = schema[keyword] as Schema | boolean | undefined
    if (typeof child === 'object')
      visit(walk, { schema: child, id: `${id}/${keyword}`, key, parent: inside })
  }
}

function dereferenced(root: Schema, step: Step): Step {
  const reference = step.schema.$ref
  if (typeof reference !== 'string') return step
  return { ...step, schema: resolve(root, reference), id: reference }
}

/** Where the schema stands that a part of a document is held to. */
function idAt(root: Schema, path: Path): string {
  let schema = root
  let id = '#'
  for (const step of path) {
    const own = (schema.properties as Schema | undefined)?.[step]
    if (own) id += `/properties/${step}`
    else id += typeof step === 'number' ? '/items' : '/additionalProperties'
    const next = own ?? schema[typeof step === 'number' ? 'items' : 'additionalProperties']
    if (typeof next !== 'object' || next === null) return ''
    schema = next as Schema
    if (typeof schema.$ref !== 'string') continue
    id = schema.$ref
    schema = resolve(root, id)
  }
  return id
}

function resolve(root: Schema, reference: string): Schema {
  let schema: unknown = root
  for (const step of reference.split('/').slice(1)) schema = (schema as Schema)[step]
  return schema as Schema
}

function createNode({ nodes }: Walk, schema: Schema, id: string, key: string): Node {
  const own = schema['x-place'] as string | undefined
  const node: Node = {
    id,
    words: own ?? `under "${key}"`,
    noun: own?.replace(/^(at|in|on|under) /, '') ?? `"${key}"`,
    keys: Object.keys(schema.properties as object),
    parents: new Set(),
    children: new Set(),
  }
  nodes.set(id, node)
  return node
}

function link(parent: Node, child: Node): void {
  parent.children.add(child)
  child.parents.add(parent)
}

/** Where several places have the same words, each says what it lies in: `under "limits" of a route`. */
function tellApart(nodes: readonly Node[]): void {
  for (const words of new Set(nodes.map((node) => node.words))) {
    const same = nodes.filter((node) => node.words === words)
    if (same.length < 2) continue
    for (const node of same) {
      const [parent] = node.parents
      if (parent) node.words = `${words} of ${parent.noun}`
    }
  }
}

type Neighbours = (node: Node) => Iterable<Node>

/** The nearest nodes that fit, all at the same distance: inside the map, else anywhere around it. */
function nearest(start: Node, fits: (node: Node) => boolean): readonly Node[] {
  const inside = search(start, fits, ({ children }) => children)
  if (inside.length > 0) return inside
  return search(start, fits, ({ children, parents }) => [...children, ...parents])
}

function search(start: Node, fits: (node: Node) => boolean, next: Neighbours): readonly Node[] {
  const seen = new Set([start])
  for (let level = [start]; level.length > 0; ) {
    const found = level.filter(fits)
    if (found.length > 0) return found
    level = [...new Set(level.flatMap((node) => [...next(node)]))].filter((node) => !seen.has(node))
    for (const node of level) seen.add(node)
  }
  return []
}
