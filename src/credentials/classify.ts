import { compilePattern } from '../config/language/pattern.ts'
import type { NormalKind } from '../config/shapes/normal-config.ts'

/** Tells a credential's kind; kind `unknown` where no prefix and no pattern fits. */
export type Classify = (value: string) => NormalKind

const UNKNOWN: NormalKind = { name: 'unknown', description: 'a credential of no known kind' }

interface Entry {
  readonly prefix: string
  readonly kind: NormalKind
}

/**
 * Compiles kinds: the longest prefix wins, then the first kind whose `matches` holds. Of two kinds
 * with one prefix the first wins. Throws PatternError.
 */
export function createClassifier(kinds: readonly NormalKind[]): Classify {
  const buckets = bucketPrefixes(kinds)
  const patterns = kinds.flatMap((kind) =>
    kind.matches === undefined ? [] : [{ kind, test: compilePattern(kind.matches).test }],
  )
  const unknown = kinds.find((kind) => kind.name === UNKNOWN.name) ?? UNKNOWN
  return (value) => {
    const bucket = buckets.get(value.charCodeAt(0))
    if (bucket) for (const entry of bucket) if (value.startsWith(entry.prefix)) return entry.kind
    for (const pattern of patterns) if (pattern.test(value)) return pattern.kind
    return unknown
  }
}

/** Prefixes by their first UTF-16 unit, the longest first, so that most are never looked at. */
function bucketPrefixes(kinds: readonly NormalKind[]): ReadonlyMap<number, readonly Entry[]> {
  const entries = kinds.flatMap((kind) =>
    (kind.prefixes ?? []).map((prefix): Entry => ({ prefix, kind })),
  )
  entries.sort((a, b) => b.prefix.length - a.prefix.length)
  const buckets = new Map<number, Entry[]>()
  for (const entry of entries) {
    const first = entry.prefix.charCodeAt(0)
    const bucket = buckets.get(first)
    if (bucket) bucket.push(entry)
    else buckets.set(first, [entry])
  }
  return buckets
}
