import { compilePattern } from '../language/pattern.ts'
import type { NormalKind } from '../shapes/normal-config.ts'

/**
 * How sure one must be that what starts as a credential is one. `sent`: where a request would be
 * refused for it; `shown`: where it would only be hidden, so that little is enough; `written`: where a
 * whole text stands in a file, which would be refused for it, and may be a name of somebody's own.
 */
export type Care = 'sent' | 'shown' | 'written'

/** Tells whether what follows a prefix at `at` makes a credential of it. */
export type IsLikely = (text: string, start: number, at: number, care: Care) => boolean

/** A prefix this long is nobody's word by chance. */
const TELLING = 6
const SHORT = 3

/** Letters and digits in a row, one of them a digit or a capital, that a word is unlikely to have. */
const RANDOM = { telling: 0, medium: 6, short: 8, ambiguous: 12 }

/**
 * Builds the test for one prefix of a kind. Words of people's own begin with short prefixes too
 * (`sk-SK`, `hf_hub`, `xai-grok-4`), so what follows those must look random.
 */
export function createLikelihood(kind: NormalKind, prefix: string): IsLikely {
  const shape = kind.shape === undefined ? null : compilePattern(kind.shape).test
  const length = randomLength(kind, prefix)
  return (text, start, at, care) => {
    if (care === 'shown') return isShown(text, at, prefix)
    if (care === 'written') return isWritten(text, at, prefix)
    if (shape !== null) return shape(runAt(text, start))
    return length === 0 ? goesOn(text, at) : hasRandom(text, at, length)
  }
}

function randomLength({ ambiguous }: NormalKind, prefix: string): number {
  if (prefix.length >= TELLING) return RANDOM.telling
  if (ambiguous) return RANDOM.ambiguous
  return prefix.length > SHORT ? RANDOM.medium : RANDOM.short
}

function isShown(text: string, at: number, prefix: string): boolean {
  return goesOn(text, at) && (prefix.length >= TELLING || hasRandom(text, at, 1))
}

/** What is long enough behind its prefix is no name, whatever letters it is made of. */
function isWritten(text: string, at: number, prefix: string): boolean {
  const rest = text.length - at
  return rest >= 16 || (prefix.length >= 8 && rest >= 4)
}

/** Which characters join a word: what stands behind one of them does not begin a credential. */
export const INNER: Uint8Array = new Uint8Array(128)
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-')
  INNER[character.charCodeAt(0)] = 1

/** Characters of a word that a credential has behind its prefix at least. */
const FEWEST = 4

/** Whether a word goes on at `at` for long enough to be more than a prefix. */
function goesOn(text: string, at: number): boolean {
  for (let i = at; i < at + FEWEST; i++) if (!isInner(text.charCodeAt(i))) return false
  return true
}

/** Whether a character code is one that joins a word. */
function isInner(code: number): boolean {
  return code < 128 && INNER[code] === 1
}

/** Whether the word at `at` has so many letters and digits in a row, with a digit or a capital among them. */
function hasRandom(text: string, at: number, length: number): boolean {
  let run = 0
  let isMarked = false
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (!isInner(code)) break
    if (code === 45 || code === 95) {
      run = 0
      isMarked = false
      continue
    }
    run += 1
    isMarked ||= code < 97
    if (isMarked && run >= length) return true
  }
  return false
}

function runAt(text: string, start: number): string {
  return /[\w.~+/=-]*/y.exec(start === 0 ? text : text.slice(start))?.[0] ?? ''
}
