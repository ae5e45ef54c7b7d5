import { isScalar, type Node } from 'yaml'
import type { Finding } from '../diagnostics/finding.ts'
import type { Document, Placed } from './document.ts'
import { parseAround } from './parse-around.ts'
import { parseInPieces } from './parse-in-pieces.ts'
import { ALIASED_NODES_LIMIT, createReader, problem, readItems, readNode } from './read-node.ts'
import type { Reading } from './reading.ts'

/** Characters of a text that is read in pieces, where it has no faults: the rest is read as a whole. */
const LONG = 256 * 1024

/** Reads YAML by the `yaml` package, its warnings as errors, around what is broken. */
export function readYaml(text: string): Reading {
  return (text.length > LONG ? readInPieces(text) : null) ?? readWhole(text)
}

function readWhole(text: string): Reading {
  const { yaml, findings: syntax, damage } = parseAround(text)
  const reader = createReader(text, syntax)
  const { findings } = reader
  if (!hasContent(yaml.contents)) return { document: null, findings: orEmpty(findings), damage }
  const { value } = readNode(reader, yaml.contents)
  const isBomb = reader.aliased > ALIASED_NODES_LIMIT
  return { document: isBomb ? null : toDocument(text, value, reader.spans), findings, damage }
}

/** Reads a long text without its whole tree; null where it has faults, or what only the whole tells. */
export function readInPieces(text: string): Reading | null {
  const reader = createReader(text, [])
  const yaml = parseInPieces(text, (items, at) => {
    const head = reader.heads.get(at) ?? { value: [], offsets: [], nodes: 0 }
    reader.heads.set(at, head)
    reader.depth = 2
    readItems(reader, items, head)
    reader.depth = 0
    return reader.findings.length === 0
  })
  if (yaml === null || !hasContent(yaml.contents)) return null
  const { value } = readNode(reader, yaml.contents)
  if (reader.findings.length > 0) return null
  return { document: toDocument(text, value, reader.spans), findings: [], damage: [] }
}

function toDocument(text: string, value: unknown, spans: Placed['spans']): Document {
  return { text, value, synthetic: new Set(), placed: { value, spans } }
}

function hasContent(contents: Node | null): contents is Node {
  return contents !== null && !(isScalar(contents) && contents.value === null && !contents.source)
}

function orEmpty(findings: Finding[]): Finding[] {
  if (findings.length > 0) return findings
  const message = 'the file is empty'
  const hint = 'the least that it holds is "version: 1"'
  return [{ ...problem('empty-file', { start: 0, end: 1 }, message), hint }]
}
