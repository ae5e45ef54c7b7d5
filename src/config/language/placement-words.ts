import type { Place } from '../shapes/normal-config.ts'
import { SentenceError } from './sentence-error.ts'

/** One word of a placement and where it begins. */
export interface PlacementWord {
  readonly text: string
  readonly offset: number
}

/** What a placement may be written as. */
export const PLACEMENT_FORMS =
  'a placement is "HEADER", "HEADER SCHEME", "query NAME", "cookie NAME", "subprotocol PREFIX*" or "none"'

/** Schemes that nobody means for a header's name, and what is meant. */
const SCHEMES: Readonly<Record<string, string>> = {
  bearer: '"authorization bearer"',
  token: '"authorization token"',
  basic: '{ basic: { user: NAME, password: VALUE } }',
  digest: '"authorization digest"',
  negotiate: '"authorization negotiate"',
  key: '"query key" or "authorization key"',
}

/** Words of a sentence that stand where a header or a scheme should. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'if',
  'else',
  'elseif',
  'use',
  'reject',
  'then',
  'and',
  'or',
  'not',
  'when',
  'unless',
  'otherwise',
  'deny',
  'block',
  'forward',
])

/** Refuses words that can't be meant as a header or its scheme; throws SentenceError. */
export function refuseMisplacedWords(words: readonly PlacementWord[], sort: Place['in']): void {
  if (sort !== 'header') return
  const [first, second] = words
  if (first === undefined) return
  refuseWord(first)
  if (second !== undefined) refuseFollowing(second)
  if (first.text.toLowerCase() === 'header')
    throw fault(first, '"header" is no header', second && `did you mean "${second.text}"?`)
  const meant = SCHEMES[first.text.toLowerCase()]
  if (meant === undefined) return
  const isTurned = second?.text.toLowerCase() === 'authorization'
  const hint = isTurned ? `"authorization ${first.text.toLowerCase()}"` : meant
  throw fault(first, `"${first.text}" is a scheme, no header`, `did you mean ${hint}?`)
}

function refuseFollowing(word: PlacementWord): void {
  const lower = word.text.toLowerCase()
  if (lower === 'reject' || lower === 'deny' || lower === 'block')
    throw fault(word, `"${word.text}" can't follow a placement`, 'write "else reject 403"')
  refuseWord(word)
}

function refuseWord(word: PlacementWord): void {
  const lower = word.text.toLowerCase()
  if (/^[1-5]\d\d$/.test(lower))
    throw fault(word, `"${word.text}" is a status, no header`, `did you mean "reject ${lower}"?`)
  if (lower === 'reject' || lower === 'deny' || lower === 'block')
    throw fault(word, `"${word.text}" is no place for a credential`, 'write { reject: 403 }')
  if (KEYWORDS.has(lower))
    throw fault(word, `"${word.text}" is a word of sentences, no header`, PLACEMENT_FORMS)
}

function fault({ text, offset }: PlacementWord, reason: string, hint?: string): SentenceError {
  return new SentenceError(reason, hint ?? PLACEMENT_FORMS, offset, text.length)
}
