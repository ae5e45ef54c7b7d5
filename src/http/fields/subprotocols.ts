/**
 * Which subprotocol of a Sec-WebSocket-Protocol field (RFC 6455 §11.3.4) carries a value: the one
 * that starts with a prefix, or the one behind a word.
 */
export interface SubprotocolPlace {
  readonly isBehind: boolean
  /** The prefix, or the word in lower case. */
  readonly mark: string
  /** How much of it is in front of the value. */
  readonly skipped: number
}

/** Reads `PREFIX*` or `WORD *`. What stands behind a prefix that ends in a dot is the value; else all of it is. */
export function parseSubprotocolPlace(text: string): SubprotocolPlace {
  if (text.endsWith(' *'))
    return { isBehind: true, mark: text.slice(0, -2).toLowerCase(), skipped: 0 }
  const mark = text.slice(0, -1)
  return { isBehind: false, mark, skipped: mark.endsWith('.') ? mark.length : 0 }
}

/** The values that stand at a place, in order. */
export function subprotocolValues(field: string, place: SubprotocolPlace): string[] {
  const words = splitList(field)
  return words.flatMap((word, index) =>
    isAt(words, index, place) ? [word.slice(place.skipped)] : [],
  )
}

/** The first word of a list that only says that a value follows, as a place has it; null: there is none. */
export function wordBefore(field: string, places: readonly SubprotocolPlace[]): string | null {
  const words = splitList(field)
  const at = words.findIndex((_, index) =>
    places.some((place) => place.isBehind && isAt(words, index + 1, place)),
  )
  return words[at] ?? null
}

/** How many values stand at the places. */
export function countSubprotocols(field: string, places: readonly SubprotocolPlace[]): number {
  return places.reduce((count, place) => count + subprotocolValues(field, place).length, 0)
}

/** The field without what stands at the places, nor the words that say so; empty where nothing is left. */
export function removeSubprotocols(field: string, places: readonly SubprotocolPlace[]): string {
  const words = splitList(field)
  const kept = words.filter(
    (_, index) =>
      !places.some(
        (place) => isAt(words, index, place) || (place.isBehind && isAt(words, index + 1, place)),
      ),
  )
  return kept.length === words.length ? field : kept.join(', ')
}

/** A value as it is written at a place. */
export function writeSubprotocol(
  { isBehind, mark, skipped }: SubprotocolPlace,
  value: string,
): string {
  if (isBehind) return `${mark}, ${value}`
  return skipped > 0 ? mark + value : value
}

function isAt(words: readonly string[], index: number, place: SubprotocolPlace): boolean {
  if (place.isBehind) return words[index - 1]?.toLowerCase() === place.mark && index < words.length
  return words[index]?.startsWith(place.mark) ?? false
}

function splitList(field: string): string[] {
  return field
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
}
