import type { Finding } from '../diagnostics/finding.ts'
import { readPlain } from './plain/plain-reader.ts'
import { readYaml } from './yaml-reader.ts'

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
  readonly placed: () => Placed
}

/** A document as far as it can be read, and what is wrong with its syntax. */
export interface Reading {
  /** null: nothing can be read. */
  readonly document: Document | null
  readonly findings: readonly Finding[]
}

/** Bytes that a configuration file may have. */
export const DEFAULT_LIMIT_BYTES: number = 1024 * 1024

/** Parses YAML 1.2 (core schema, no merge keys, one document) into values and their places. */
export function parseDocument(text: string, limitBytes: number): Reading {
  const bytes = Buffer.byteLength(text)
  if (bytes > limitBytes) return { document: null, findings: [tooLarge(bytes, limitBytes)] }
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text
  const plain = readPlain(bare)
  return plain ? { document: plain, findings: [] } : readYaml(bare)
}

function tooLarge(bytes: number, limitBytes: number): Finding {
  return {
    code: 'file-too-large',
    severity: 'error',
    path: [],
    span: { start: 0, end: 1 },
    message: `the file has ${bytes} bytes, over the limit of ${limitBytes}`,
    hint: 'the environment variable KEYWAY_CONFIG_LIMIT sets another, such as 16MiB',
  }
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
