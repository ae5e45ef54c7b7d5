import type { NormalKind } from '../shapes/normal-config.ts'
import { type Care, INNER } from './likelihood.ts'
import { createPrefixTable, type PrefixEntry } from './prefix-table.ts'

/** A piece of a text that the catalogue can name. */
export interface NamedPiece {
  readonly kind: NormalKind
  readonly start: number
  /** Where its characters end. */
  readonly end: number
}

/** Whether a piece is looked for: by its kind, and its characters as they stand. */
type IsMeant = (kind: NormalKind, piece: string) => boolean

/** Finds credentials of known kinds anywhere in a text. */
export interface KindScanner {
  /** False: the text holds none, unless something of one is percent-encoded. */
  readonly mayHold: (text: string) => boolean
  /** The next piece at or behind `from`; null: none. */
  readonly next: (text: string, from: number, care: Care) => NamedPiece | null
  /** The kind of the first piece that is meant, percent-encoded or not; null: none. */
  readonly find: (text: string, isMeant: IsMeant) => NormalKind | null
}

const known = new WeakMap<readonly NormalKind[], KindScanner>()

/** The scanner for a list of kinds, compiled once a list. */
export function createKindScanner(kinds: readonly NormalKind[]): KindScanner {
  const scanner = known.get(kinds) ?? compileScanner(kinds)
  known.set(kinds, scanner)
  return scanner
}

/**
 * Compiles the prefixes of kinds into one pass over a text. A piece begins where no letter, digit,
 * `_` or `-` stands before it; it may be encoded in base64, and stand in the user or the password of
 * Basic credentials. Kinds without a prefix can't be found so.
 */
function compileScanner(kinds: readonly NormalKind[]): KindScanner {
  const { entriesAt, starts, mayHold } = createPrefixTable(kinds)
  const matchAt = (text: string, at: number, care: Care): NamedPiece | null => {
    for (const entry of entriesAt(text, at)) {
      if (!text.startsWith(entry.text, at)) continue
      const kind = entry.read(text, at, care)
      if (kind !== null) return { kind, start: at, end: endOf(text, at, entry) }
      if (entry.isFinal) return null
    }
    return null
  }
  const next: KindScanner['next'] = (text, from, care) => {
    if (from === 0 && !mayHold.test(text)) return null
    const isInside = from > 0 && INNER[text.charCodeAt(from - 1)] === 1
    let at = isInside ? behindWord(text, from) : from
    // What begins one takes two characters.
    while (at + 1 < text.length) {
      if (starts[text.charCodeAt(at) * 128 + text.charCodeAt(at + 1)] === 1) {
        const piece = matchAt(text, at, care)
        if (piece !== null) return piece
      }
      at = behindWord(text, at)
    }
    return null
  }
  const findIn = (text: string, isMeant: IsMeant): NormalKind | null => {
    for (
      let piece = next(text, 0, 'sent');
      piece !== null;
      piece = next(text, piece.start + 1, 'sent')
    )
      if (isMeant(piece.kind, text.slice(piece.start, piece.end))) return piece.kind
    return null
  }
  const find: KindScanner['find'] = (text, isMeant) => {
    const found = findIn(text, isMeant)
    if (found !== null || !text.includes('%')) return found
    for (const decoded of decodings(text)) {
      const kind = findIn(decoded, isMeant)
      if (kind !== null) return kind
    }
    return null
  }
  return { mayHold: (text) => mayHold.test(text), next, find }
}

/** A word and what ends it: a character, or one that is percent-encoded, as what %22 leaves behind is no part of a word. */
const WORD = /[A-Za-z0-9_-]*(?:%[0-9A-Fa-f]{2}|[^A-Za-z0-9_-])?/y

/** Where the next piece may begin: behind the word at `at`, with what ends it. */
function behindWord(text: string, at: number): number {
  WORD.lastIndex = at
  WORD.test(text)
  return WORD.lastIndex
}

/** URLs within URLs are percent-encoded as often as they are nested; nobody nests them deeper. */
const ROUNDS_MOST = 4

/** A text percent-decoded once, twice and so on, as long as that changes it. */
export function decodings(text: string): readonly string[] {
  const decoded: string[] = []
  let last = text
  while (last.includes('%') && decoded.length < ROUNDS_MOST) {
    const next = decodePercent(last)
    if (next === last) break
    decoded.push(next)
    last = next
  }
  return decoded
}

/** Decodes each percent triplet once; bytes beyond ASCII stay bytes. */
function decodePercent(text: string): string {
  return text.replaceAll(/%[0-9a-f]{2}/gi, (triplet) =>
    String.fromCharCode(Number.parseInt(triplet.slice(1), 16)),
  )
}

const CREDENTIAL = /[\w.~+/=%-]*/y
const SEGMENT = /[\w.~+=%-]*/y
const WORD_END = /[ \t]*/y
const SLASH = 47

/**
 * All characters that tokens are made of belong to a piece, but for the slash behind a segment of a
 * path; and so does the white space behind a word that begins one.
 */
function endOf(text: string, at: number, { text: mark, isWord }: PrefixEntry): number {
  WORD_END.lastIndex = at + mark.length
  if (isWord) WORD_END.test(text)
  const rest = text.charCodeAt(at - 1) === SLASH && !mark.includes('/') ? SEGMENT : CREDENTIAL
  rest.lastIndex = WORD_END.lastIndex
  rest.test(text)
  return rest.lastIndex
}
