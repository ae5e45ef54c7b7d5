/** A configuration file as it was read. */
export interface SourceFile {
  /** Its name in diagnostics. */
  readonly file: string
  readonly text: string
}

/** The way from the root to a node: keys and indexes. */
export type Path = readonly (string | number)[]

/** Where the entries of one map or list stand: per entry the key's and the value's start and end. */
export interface EntrySpans {
  /** null: a list, whose key spans are those of the items. */
  readonly keys: readonly string[] | null
  /** Four offsets an entry. */
  readonly offsets: readonly number[]
}

/** Values with the place of every map and list among them. */
export interface Placed {
  readonly value: unknown
  readonly spans: ReadonlyMap<object, EntrySpans>
}

/** The values of a YAML text, and what is needed to find the place of every node. */
export interface Document {
  /** The text without its byte order mark; offsets count in it. */
  readonly text: string
  readonly value: unknown
  /** Maps that a short form stands for; paths in diagnostics end before them. */
  readonly synthetic: ReadonlySet<object>
  /** The file as it is written. */
  readonly placed: Placed
}

/** The part of a path that stands in the file itself. */
export function writtenPath(document: Document, path: Path): Path {
  let node = document.value
  for (const [depth, step] of path.entries()) {
    if (isContainer(node) && document.synthetic.has(node)) return path.slice(0, depth)
    node = isContainer(node) ? (node as Record<string | number, unknown>)[step] : undefined
  }
  return path
}

/** Whether a value is a map or a list. */
export function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** The value at a path; undefined where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  let node = root
  for (const step of path) {
    if (!isContainer(node) || !Object.hasOwn(node, step)) return undefined
    node = (node as Record<string | number, unknown>)[step]
  }
  return node
}

/** A path in the document's own words, such as `routes[0].match.headers["x.y"]`. */
export function formatPath(path: Path): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (/^[A-Za-z0-9_-]+$/.test(step)) text += text === '' ? step : `.${step}`
    else text += `[${JSON.stringify(step)}]`
  }
  return text
}
