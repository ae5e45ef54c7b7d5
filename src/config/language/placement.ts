import type { Placement } from '../shapes/config.generated.ts'
import type { NormalPlacement, Place } from '../shapes/normal-config.ts'
import { SentenceError } from './sentence-error.ts'

/** A header name of RFC 9110 §5.6.2. */
export const HEADER_NAME: RegExp = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/

/** Schemes as they are written on the wire; others stand as the file has them. */
const CANONICAL_SCHEMES: Readonly<Record<string, string>> = {
  bearer: 'Bearer',
  token: 'Token',
  basic: 'Basic',
}

/** Parses a placement, text or object; throws SentenceError, its offsets in the text. */
export function parsePlacement(placement: Placement): NormalPlacement {
  if (typeof placement === 'string') return parseText(placement)
  const { header, query, scheme, value } = placement
  if (header === undefined && query === undefined)
    throw new SentenceError('names no place', 'add "header" or "query"', 0, 0)
  if (header !== undefined && query !== undefined)
    throw new SentenceError(
      'names a header and a query parameter',
      'a credential goes to one place; remove one of them',
      0,
      0,
    )
  if (query !== undefined && scheme !== undefined)
    throw new SentenceError('a query parameter has no scheme', 'remove "scheme"', 0, 0)
  const place = header === undefined ? queryPlace(query as string) : headerPlace(header)
  return {
    place,
    scheme: scheme === undefined ? null : canonicalScheme(scheme),
    value: value ?? null,
  }
}

function parseText(text: string): NormalPlacement {
  const [first, second, third] = splitWords(text)
  if (!first) throw new SentenceError('the text is empty', EXPECTED, 0, 1)
  if (third) throw wordError(third, 'nothing can follow here')
  if (first.text === 'none') {
    if (second) throw wordError(second, 'nothing can follow "none"')
    return { place: 'none' }
  }
  if (first.text === 'query') {
    if (!second) throw new SentenceError('"query" names no parameter', 'write "query NAME"', 0, 5)
    return { place: queryPlace(second.text), scheme: null, value: null }
  }
  if (first.text === 'reject')
    throw new SentenceError('"reject" is no place for a credential', 'write { reject: 403 }', 0, 6)
  for (const word of second ? [first, second] : [first])
    if (!HEADER_NAME.test(word.text)) throw badName(word)
  return {
    place: headerPlace(first.text),
    scheme: second ? canonicalScheme(second.text) : null,
    value: null,
  }
}

const EXPECTED = 'a placement is "HEADER", "HEADER SCHEME", "query NAME" or "none"'

interface PlacementWord {
  readonly text: string
  readonly offset: number
}

function splitWords(text: string): readonly PlacementWord[] {
  return [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0], offset: match.index }))
}

function wordError(word: PlacementWord, reason: string): SentenceError {
  return new SentenceError(
    `${reason}, but "${word.text}" does`,
    EXPECTED,
    word.offset,
    word.text.length,
  )
}

function badName(word: PlacementWord): SentenceError {
  const hint = word.text.includes(':') ? 'write it without ":"' : EXPECTED
  return new SentenceError(`"${word.text}" is no header name`, hint, word.offset, word.text.length)
}

function headerPlace(name: string): Place {
  return { in: 'header', name: name.toLowerCase() }
}

function queryPlace(name: string): Place {
  return { in: 'query', name }
}

function canonicalScheme(scheme: string): string {
  return CANONICAL_SCHEMES[scheme.toLowerCase()] ?? scheme
}

/** Reads a place to look for a credential: a header name, or `query NAME`. */
export function parsePlace(text: string): Place {
  const query = /^query\s+(\S+)$/.exec(text.trim())
  return query ? queryPlace(query[1] as string) : headerPlace(text.trim())
}
