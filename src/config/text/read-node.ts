import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { Finding } from '../diagnostics/finding.ts'
import type { DiagnosticCode } from '../shapes/diagnostic-code.ts'
import type { EntrySpans } from './document.ts'
import type { Span } from './position.ts'
import { lacksColon } from './yaml-errors.ts'

/** Nodes that all aliases of a file may stand for together. */
export const ALIASED_NODES_LIMIT = 2000

/** Maps and lists that may stand in one another. */
const DEPTH_LIMIT = 64

/** Turns nodes into values, and remembers where each stands. */
export interface Reader {
  readonly text: string
  readonly findings: Finding[]
  readonly spans: Map<object, EntrySpans>
  /** Anchor → what it names; null while that is being read. */
  readonly anchors: Map<string, Read | null>
  /** Maps, by their keys, in which a key stands twice. */
  readonly repeating: Set<readonly string[]>
  /** Items of lists, by the lists' offsets, that were read before the lists were whole. */
  readonly heads: Map<number, Items>
  aliased: number
  depth: number
}

/** Creates a reader of a text, of which something may be found already. */
export function createReader(text: string, findings: readonly Finding[]): Reader {
  return {
    text,
    findings: [...findings],
    spans: new Map(),
    anchors: new Map(),
    repeating: new Set(),
    heads: new Map(),
    aliased: 0,
    depth: 0,
  }
}

function refuseDepth(reader: Reader, node: Node): Read {
  const message = `this stands more than ${DEPTH_LIMIT} maps and lists deep`
  const finding = { ...problem('too-deep', spanOf(node), message), hint: 'write it flatter' }
  if (!reader.findings.some(({ code }) => code === 'too-deep')) reader.findings.push(finding)
  return NOTHING
}

/** What was read of a node. */
export interface Read {
  readonly value: unknown
  /** Nodes that it stands for, aliases counted out. */
  readonly nodes: number
}

const NOTHING: Read = { value: null, nodes: 1 }

/** Reads a node, with all that stands in it. */
export function readNode(reader: Reader, node: Node | null): Read {
  if (node === null) return NOTHING
  if (isAlias(node)) return readAlias(reader, node)
  if (reader.depth >= DEPTH_LIMIT) return refuseDepth(reader, node)
  const anchor = 'anchor' in node ? node.anchor : undefined
  if (anchor) reader.anchors.set(anchor, null)
  reader.depth++
  const read = readContent(reader, node)
  reader.depth--
  if (anchor) reader.anchors.set(anchor, read)
  return read
}

function readContent(reader: Reader, node: Node): Read {
  if (isMap(node)) return readMap(reader, node)
  if (isSeq(node)) return readSeq(reader, node)
  return { value: isScalar(node) ? node.value : null, nodes: 1 }
}

function readAlias(reader: Reader, node: Alias): Read {
  const read = reader.anchors.get(node.source)
  if (read === null)
    reader.findings.push(bomb(node, `the alias "*${node.source}" stands for itself, without end`))
  if (read === undefined) reader.findings.push(unknownAlias(node))
  if (!read) return NOTHING
  const before = reader.aliased
  reader.aliased += read.nodes
  if (before <= ALIASED_NODES_LIMIT && reader.aliased > ALIASED_NODES_LIMIT)
    reader.findings.push(
      bomb(node, `aliases blow this file up to over ${ALIASED_NODES_LIMIT} more values`),
    )
  return read
}

function unknownAlias(node: Alias): Finding {
  const message = `no anchor "&${node.source}" stands before this alias`
  return {
    ...problem('yaml-syntax', spanOf(node), message),
    hint: `a text that starts with * needs quotes: "*${node.source}"`,
  }
}

function bomb(node: Node, message: string): Finding {
  return { ...problem('alias-bomb', spanOf(node), message), hint: 'write the values out' }
}

/** Items of a list, and four offsets of each. */
export interface Items {
  readonly value: unknown[]
  readonly offsets: number[]
  nodes: number
}

function readSeq(reader: Reader, node: YAMLSeq): Read {
  const items = reader.heads.get(spanOf(node).start) ?? { value: [], offsets: [], nodes: 0 }
  readItems(reader, node, items)
  const { value, offsets, nodes } = items
  reader.spans.set(value, { keys: null, offsets })
  return { value, nodes: nodes + 1 }
}

/** Reads items of a list behind those that were read before. */
export function readItems(reader: Reader, list: YAMLSeq, into: Items): void {
  for (const item of list.items as (Node | null)[]) {
    const read = readNode(reader, item)
    into.nodes += read.nodes
    const { start, end } = spanOf(item ?? list)
    into.offsets.push(start, end, start, end)
    into.value.push(read.value)
  }
}

function readMap(reader: Reader, node: YAMLMap): Read {
  const value: Record<string, unknown> = {}
  const keys: string[] = []
  const offsets: number[] = []
  let nodes = 1
  for (const pair of node.items as { key: Node; value: Node | null }[]) {
    const key = readKey(reader, pair.key)
    if (key === null) continue
    const keySpan = spanOf(pair.key)
    if (Object.hasOwn(value, key)) {
      reportDuplicate(reader, { keys, offsets }, key, keySpan)
      continue
    }
    const read = readNode(reader, pair.value)
    nodes += read.nodes
    const isWritten = pair.value?.range && pair.value.range[1] > pair.value.range[0]
    const span = isWritten ? spanOf(pair.value as Node) : keySpan
    keys.push(key)
    offsets.push(keySpan.start, keySpan.end, span.start, span.end)
    if (key === '__proto__')
      Object.defineProperty(value, key, { value: read.value, enumerable: true })
    else value[key] = read.value
  }
  reader.spans.set(value, { keys, offsets })
  return { value, nodes }
}

const NO_KEY = 'a key is a text, not a map, a list or an alias'

/** `{{ … }}` is a map in a map to YAML, and a template to the tools that fill it in. */
function templateHint({ text }: Reader, { start }: Span): Partial<Finding> {
  if (!/^\{\s*\{/.test(text.slice(0, start + 1).slice(-2))) return {}
  return {
    message: 'a template in {{ }} is no YAML',
    hint: 'fill it in before Keyway reads the file; ${env.NAME} takes a value from the environment',
  }
}

/** A key that has taken in the bracket which opens its value. */
const BRACKET_IN_KEY = /^()([A-Za-z][\w.-]*)\s*:?\s*[{[]/

/** A key as text: 8080 and true are texts where they are keys. */
function readKey(reader: Reader, node: Node | null): string | null {
  const lacking = isScalar(node) && node.type === 'PLAIN' && BRACKET_IN_KEY.exec(node.source ?? '')
  if (lacking) {
    const { span, ...words } = lacksColon(lacking, spanOf(node).start)
    reader.findings.push({ ...problem('yaml-syntax', span ?? spanOf(node), ''), ...words })
    return lacking[2] as string
  }
  if (isScalar(node)) return typeof node.value === 'string' ? node.value : (node.source ?? '')
  const span = node ? spanOf(node) : { start: 0, end: 1 }
  reader.findings.push({ ...problem('yaml-syntax', span, NO_KEY), ...templateHint(reader, span) })
  return null
}

/** Tells of a key that stands twice; several in one map are one mistake, and the first is told. */
function reportDuplicate(reader: Reader, entries: EntrySpans, key: string, span: Span): void {
  const index = (entries.keys as string[]).indexOf(key)
  const first = entries.offsets[4 * index] as number
  const line = reader.text.slice(0, first).split('\n').length
  const message = `the key "${key}" stands on line ${line} already`
  if (reader.repeating.has(entries.keys as string[])) return
  reader.repeating.add(entries.keys as string[])
  const isItem =
    index === 0 && /^\s*- $/.test(reader.text.slice(lineStart(reader.text, first), first))
  const hint = isItem ? { hint: 'is a "- " missing before it?' } : {}
  reader.findings.push({ ...problem('duplicate-key', span, message), ...hint })
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** A fault of the text. */
export function problem(code: DiagnosticCode, span: Span, message: string): Finding {
  return { code, severity: 'error', path: [], span, message }
}

function spanOf(node: Node): Span {
  const [start, end] = node.range ?? [0, 1]
  return { start, end }
}
