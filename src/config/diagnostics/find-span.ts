import { parseSentence, type RuleObject } from '../language/sentence.ts'
import { SentenceError } from '../language/sentence-error.ts'
import type { SentenceSpans } from '../language/sentence-nodes.ts'
import { type Document, type EntrySpans, isContainer, type Path } from '../text/document.ts'
import type { Span } from '../text/position.ts'

/** Where a node stands; that of the nearest node above it where there is none. */
export function findSpan(document: Document, path: Path, part: 'key' | 'value'): Span {
  const { value, spans } = document.placed
  let span: Span = { start: 0, end: document.text.indexOf('\n') + 1 || document.text.length }
  let node = value
  for (const [depth, step] of path.entries()) {
    if (typeof node === 'string')
      return findInSentence(document, span, node, path.slice(depth), part)
    const next = spanOfStep(spans, node, step, partAt(path, depth, part))
    if (!next) return span
    span = next
    node = (node as Record<string | number, unknown>)[step]
  }
  return span
}

/** Where the characters of a text value begin in the file; null where they are written otherwise there. */
export function verbatimOffset(document: Document, path: Path, value: string): number | null {
  return startOf(document.text, findSpan(document, path, 'value'), value)
}

function startOf(text: string, { start, end }: Span, value: string): number | null {
  const written = text.slice(start, end)
  if (written === value) return start
  return /^(['"]).*\1$/s.test(written) && written.slice(1, -1) === value ? start + 1 : null
}

/** A node of a sentence stands where its words do; one of another short form, where that does. */
function findInSentence(
  document: Document,
  sentenceSpan: Span,
  text: string,
  path: Path,
  part: 'key' | 'value',
): Span {
  const start = startOf(document.text, sentenceSpan, text)
  const spans: SentenceSpans = new Map()
  let node: unknown = start === null ? null : readSentence(text, spans)
  let span: Span | null = null
  for (const [depth, step] of path.entries()) {
    const next = spanOfStep(spans, node, step, partAt(path, depth, part))
    if (!next) break
    span = next
    node = (node as Record<string | number, unknown>)[step]
  }
  if (!span || start === null) return sentenceSpan
  return { start: start + span.start, end: start + span.end }
}

function readSentence(text: string, spans: SentenceSpans): RuleObject | null {
  try {
    return parseSentence(text, spans)
  } catch (error) {
    if (error instanceof SentenceError) return null
    throw error
  }
}

/** The way to a key leads through values. */
function partAt(path: Path, depth: number, part: 'key' | 'value'): 'key' | 'value' {
  return depth === path.length - 1 ? part : 'value'
}

function spanOfStep(
  spans: ReadonlyMap<object, EntrySpans>,
  node: unknown,
  step: string | number,
  part: 'key' | 'value',
): Span | null {
  const entries = isContainer(node) ? spans.get(node) : undefined
  const index = entries ? indexOfEntry(entries, step) : -1
  if (!entries || index < 0) return null
  const at = 4 * index + (part === 'key' ? 0 : 2)
  return { start: entries.offsets[at] as number, end: entries.offsets[at + 1] as number }
}

function indexOfEntry(entries: EntrySpans, step: string | number): number {
  if (entries.keys) return entries.keys.indexOf(String(step))
  const index = Number(step)
  return 4 * index < entries.offsets.length ? index : -1
}
