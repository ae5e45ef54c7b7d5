import { listWords, suggest } from '../diagnostics/suggest.ts'
import type { Span } from '../text/position.ts'
import { SentenceError } from './sentence-error.ts'

/** One word of a sentence; quotes are off its text, but not off its span. */
export interface Word extends Span {
  readonly text: string
  readonly isQuoted: boolean
}

/** The words of a sentence, taken one by one. */
export interface Words {
  /** The next word, which stays; null at the end. */
  readonly peek: () => Word | null
  /** Takes the next word if it is this one, unquoted. */
  readonly skip: (text: string) => Word | null
  /** Takes the next word; fails at the end, naming what is expected there. */
  readonly take: (expected: string) => Word
  /** Takes the next word, which must be one of the given ones. */
  readonly takeOneOf: (expected: readonly string[], synonyms: Synonyms) => Word
  /** Where the last taken word ends. */
  readonly end: () => number
}

/** Words that people write for another one. */
export type Synonyms = Readonly<Record<string, string>>

/** Splits a sentence at white space; quotes keep words together, parentheses around conditions stand alone. */
export function createWords(text: string): Words {
  const list = split(text)
  let next = 0
  const words: Words = {
    peek: () => list[next] ?? null,
    skip: (wanted) => {
      const word = list[next]
      if (!word || word.isQuoted || word.text !== wanted) return null
      next++
      return word
    },
    take: (expected) => {
      const word = list[next]
      if (!word) throw endError(text, expected)
      next++
      return word
    },
    takeOneOf: (expected, synonyms) => {
      const word = list[next] ?? words.take(listQuoted(expected))
      if (word.isQuoted || !expected.includes(word.text)) throw wordError(word, expected, synonyms)
      next++
      return word
    },
    end: () => list[next - 1]?.end ?? 0,
  }
  return words
}

function endError(text: string, expected: string): SentenceError {
  const offset = Math.max(0, text.trimEnd().length)
  return new SentenceError(`the sentence ends where ${expected} is expected`, null, offset, 1)
}

/** Says that a word is none of those that can stand there. */
export function wordError(
  word: Word,
  expected: readonly string[],
  synonyms: Synonyms,
): SentenceError {
  const lower = word.text.toLowerCase()
  const synonym = Object.hasOwn(synonyms, lower) ? synonyms[lower] : undefined
  const meant = synonym ?? suggest(word.text, expected)
  return SentenceError.over(
    word,
    `"${word.text}" stands where ${listQuoted(expected)} is expected`,
    meant ? `did you mean "${meant}"?` : null,
  )
}

function listQuoted(words: readonly string[]): string {
  return listWords(
    words.map((word) => `"${word}"`),
    'or',
  )
}

function split(text: string): readonly Word[] {
  const words: Word[] = []
  const pattern =
    /\s+|(['"])(.*?)\1(?=[\s)]|$)|[()](?=[(\s)]|(?:not|credential|method|path|host|header|query|client)\s|$)|\S+/gy
  let depth = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [whole, quote, quoted] = match
    if (!whole.trim()) continue
    if (!quote && /^['"]/.test(whole)) throw unclosed(whole, match.index)
    if (!quote && /^[“”„]/.test(whole)) throw typographic(whole, match.index)
    const word = quote ? whole : withoutClosing(whole, depth)
    pattern.lastIndex = match.index + word.length
    if (word === '(') depth++
    if (word === ')') depth--
    words.push({
      text: quoted ?? word,
      isQuoted: quote !== undefined,
      start: match.index,
      end: match.index + word.length,
    })
  }
  return words
}

/** A word without the `)` at its end that close a group: those that it did not open itself. */
function withoutClosing(word: string, depth: number): string {
  if (depth === 0 || word === ')') return word
  let excess = word.split(')').length - word.split('(').length
  let end = word.length
  for (let left = depth; left > 0 && excess > 0 && word[end - 1] === ')' && end > 1; left--) {
    end--
    excess--
  }
  return word.slice(0, end)
}

function unclosed(word: string, offset: number): SentenceError {
  return new SentenceError(
    `the quote ${word[0]} is never closed`,
    'the closing quote is followed by a space or the end',
    offset,
    word.length,
  )
}

function typographic(word: string, offset: number): SentenceError {
  return new SentenceError(
    'typographic quotes are letters here',
    `write "${word.replace(/^[“”„]|[“”]$/g, '')}"`,
    offset,
    word.length,
  )
}
