import type { Finding } from './finding.ts'
import type { Span } from './position.ts'
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

/** The values of a YAML text, with the place of every node. */
export interface Document {
  /** The text without its byte order mark; offsets count in it. */
  readonly text: string
  readonly value: unknown
  /** Maps and lists of `value` → where their entries stand. */
  readonly spans: Map<object, EntrySpans>
  /** Maps and lists that a short form stands for; paths in diagnostics end before them. */
  readonly synthetic: ReadonlySet<object>
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
  return readYaml(text.startsWith('\uFEFF') ? text.slice(1) : text)
}

function tooLarge(bytes: number, limitBytes: number): Finding {
  return {
    code: 'file-too-large',
    severity: 'error',
    path: [],
    span: { start: 0, end: 1 },
    message: `the file has ${bytes} bytes, over the limit of ${limitBytes}`,
  }
}

/** Where a node stands; that of the nearest node above it where there is none. */
export function findSpan(document: Document, path: Path, part: 'key' | 'value'): Span {
  let span: Span = { start: 0, end: document.text.indexOf('\n') + 1 || document.text.length }
  let node = document.value
  for (const [depth, step] of path.entries()) {
    const entries = isContainer(node) ? document.spans.get(node) : undefined
    const index = entries ? indexOfEntry(entries, step) : -1
    if (!entries || index < 0) return span
    const isKey = part === 'key' && depth === path.length - 1
    const at = 4 * index + (isKey ? 0 : 2)
    span = { start: entries.offsets[at] as number, end: entries.offsets[at + 1] as number }
    node = (node as Record<string | number, unknown>)[step]
  }
  return span
}

/** Where the characters of a text value begin in the file; null where they are written otherwise there. */
export function verbatimOffset(document: Document, path: Path, value: string): number | null {
  const { start, end } = findSpan(document, path, 'value')
  const written = document.text.slice(start, end)
  if (written === value) return start
  return /^(['"]).*\1$/s.test(written) && written.slice(1, -1) === value ? start + 1 : null
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

function indexOfEntry(entries: EntrySpans, step: string | number): number {
  if (entries.keys) return entries.keys.indexOf(String(step))
  const index = Number(step)
  return 4 * index < entries.offsets.length ? index : -1
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
