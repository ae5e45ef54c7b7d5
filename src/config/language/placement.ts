import type { Also, Placement } from '../shapes/config.generated.ts'
import type { NormalPlacement, Place } from '../shapes/normal-config.ts'
import { headerPlace, parsePlace } from './place.ts'
import { PLACEMENT_FORMS, type PlacementWord, refuseMisplacedWords } from './placement-words.ts'
import { SentenceError } from './sentence-error.ts'

/** A header name of RFC 9110 §5.6.2. */
export const HEADER_NAME: RegExp = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/

/** Schemes as they are written on the wire; others stand as the file has them. */
const CANONICAL_SCHEMES: Readonly<Record<string, string>> = {
  bearer: 'Bearer',
  token: 'Token',
  basic: 'Basic',
}

const SORTS = ['header', 'query', 'cookie', 'subprotocol'] as const

/** Parses a placement, text or object; throws SentenceError, its offsets in the text. */
export function parsePlacement(placement: Placement): NormalPlacement {
  if (typeof placement === 'string') return parseText(placement)
  const { scheme, value, basic } = placement
  const place = parsePlaces(placement)
  if (place.in !== 'header' && scheme !== undefined)
    throw new SentenceError('only a header has a scheme', 'remove "scheme"', 0, 0)
  if (basic !== undefined) return placeBasic(place, placement)
  refuseMisplacedWords([{ text: place.name, offset: 0 }], place.in)
  return {
    place,
    scheme: scheme === undefined ? null : canonicalScheme(scheme),
    value: value ?? null,
    basic: null,
  }
}

/** The placements under an `also`, which may be one or a list. */
export function alsoItems(also: Also | undefined): readonly Placement[] {
  if (also === undefined) return []
  return Array.isArray(also) ? also : [also as Placement]
}

type PlacementObject = Exclude<Placement, string>

function parsePlaces(placement: PlacementObject): Place {
  const named = SORTS.filter((sort) => placement[sort] !== undefined)
  const [sort] = named
  if (named.length > 1)
    throw new SentenceError(
      `names ${named.map((one) => `a ${one}`).join(' and ')}`,
      'a credential goes to one place; keep one of them',
      0,
      0,
    )
  if (sort === undefined && placement.basic !== undefined) return headerPlace('authorization')
  if (sort === undefined) throw new SentenceError('names no place', 'add "header" or "query"', 0, 0)
  const name = placement[sort] as string
  return sort === 'header' ? headerPlace(name) : parsePlace(`${sort} ${name}`)
}

function placeBasic(place: Place, { basic, scheme, value }: PlacementObject): NormalPlacement {
  if (place.in !== 'header' || scheme !== undefined || value !== undefined)
    throw new SentenceError(
      '"basic" writes the scheme and the value of a header itself',
      'keep only "basic", and "header" where it is another than authorization',
      0,
      0,
    )
  return { place, scheme: 'Basic', value: null, basic: basic ?? null }
}

function parseText(text: string): NormalPlacement {
  const words = splitWords(text)
  const [first, second] = words
  if (!first) throw new SentenceError('the text is empty', PLACEMENT_FORMS, 0, 1)
  if (first.text === 'none' && second) throw wordError(second, 'nothing can follow "none"')
  if (first.text === 'none') return { place: 'none' }
  const isWorded = first.text !== 'header' && SORTS.some((sort) => sort === first.text)
  if (isWorded) return { place: parseWorded(words), scheme: null, value: null, basic: null }
  refuseMisplacedWords(words, 'header')
  const [, , third] = words
  if (third) throw wordError(third, 'nothing can follow here')
  for (const word of words) if (!HEADER_NAME.test(word.text)) throw badName(word, text)
  return {
    place: headerPlace(first.text),
    scheme: second ? canonicalScheme(second.text) : null,
    value: null,
    basic: null,
  }
}

function parseWorded(words: readonly PlacementWord[]): Place {
  const [first, second, third, fourth] = words
  const sort = first?.text ?? ''
  const isBehind = sort === 'subprotocol' && third?.text === '*'
  const extra = isBehind ? fourth : third
  if (!second)
    throw new SentenceError(`"${sort}" names none`, `write "${sort} NAME"`, 0, sort.length)
  if (extra) throw wordError(extra, 'nothing can follow here')
  if (sort === 'subprotocol' && !isBehind && !second.text.endsWith('*'))
    throw new SentenceError(
      `"${second.text}" does not say where the credential stands`,
      `write "subprotocol ${second.text}.*" or "subprotocol ${second.text} *"`,
      second.offset,
      second.text.length,
    )
  return parsePlace(`${sort} ${second.text}${isBehind ? ' *' : ''}`)
}

function splitWords(text: string): readonly PlacementWord[] {
  return [...text.matchAll(/\S+/g)].map((match) => ({ text: match[0], offset: match.index }))
}

function wordError(word: PlacementWord, reason: string): SentenceError {
  const isValue = word.text.includes('${')
  return new SentenceError(
    `${reason}, but "${word.text}" does`,
    isValue ? `write { header: NAME, scheme: NAME, value: "${word.text}" }` : PLACEMENT_FORMS,
    word.offset,
    word.text.length,
  )
}

function badName(word: PlacementWord, text: string): SentenceError {
  const hint = nameHint(word.text, text)
  return new SentenceError(`"${word.text}" is no header name`, hint, word.offset, word.text.length)
}

function nameHint(word: string, text: string): string {
  if (word.includes('${'))
    return `to put another credential there, write { header: NAME, value: "${word}" }`
  return word.includes(':') ? `write ${text.replaceAll(':', '').toLowerCase()}` : PLACEMENT_FORMS
}

function canonicalScheme(scheme: string): string {
  return CANONICAL_SCHEMES[scheme.toLowerCase()] ?? scheme
}
