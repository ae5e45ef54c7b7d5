import type { EntrySpans } from '../text/document.ts'
import type { Span } from '../text/position.ts'

/** A map that a sentence stands for, and the words that each entry comes from. */
export interface SentenceNode {
  readonly value: Readonly<Record<string, unknown>>
  readonly span: Span
}

/** Where the entries of a sentence's maps and lists stand, in characters of the sentence. */
export type SentenceSpans = Map<object, EntrySpans>

/** One entry of a map: key, where it stands, value, where that stands. */
export type Entry = readonly [string, Span, unknown, Span]

/** Builds a map from entries, and notes where they stand if asked to. */
export function buildMap(spans: SentenceSpans | null, entries: readonly Entry[]): SentenceNode {
  const value: Record<string, unknown> = {}
  for (const [key, , entry] of entries) value[key] = entry
  spans?.set(value, {
    keys: entries.map(([key]) => key),
    offsets: entries.flatMap(([, key, , entry]) => [key.start, key.end, entry.start, entry.end]),
  })
  const first = entries[0] as Entry
  const last = entries.at(-1) as Entry
  return { value, span: { start: first[1].start, end: last[3].end } }
}
