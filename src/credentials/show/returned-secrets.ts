import { WrittenValue } from './hide-value.ts'

/** A secret that left with a request. */
export interface SentSecret {
  readonly name: string
  readonly value: string
}

/** Hears of a field in which a secret came back; it may not be shown. */
export type OnReturned = (field: string, secret: string) => void

/** Longer than what is hidden where people read: this changes what a client gets. */
const SHORTEST = 6

/** A shorter one may be a word, and so a part of a field's name. */
const SHORTEST_IN_NAME = 12

const MASK = '***'

/**
 * Masks the secrets that left with a request in the fields that come back: as they are, escaped for
 * URLs (more than once, too) or for JSON, and in base64 among other bytes. A field with one in its
 * name is left out. Gives the same list where nothing was found.
 */
export function maskReturned(
  fields: string[],
  secrets: readonly SentSecret[],
  onReturned: OnReturned,
): string[] {
  let masked: string[] | null = null
  for (const { name, value } of longestFirst(secrets)) {
    if (value.length < SHORTEST) continue
    const written = new WrittenValue(value)
    if (value.length >= SHORTEST_IN_NAME && isInName(written, masked ?? fields)) {
      masked = withoutNames(written, masked ?? fields)
      onReturned(NAME, name)
    }
    // Hot, and written in place: a loop by hand.
    for (let i = 1; i < (masked ?? fields).length; i += 2) {
      const text = (masked ?? fields)[i] as string
      const hidden = written.replaceIn(text, MASK)
      if (hidden === text) continue
      masked ??= [...fields]
      masked[i] = hidden
      onReturned(masked[i - 1] as string, name)
    }
  }
  return masked ?? fields
}

/** What is told in place of a field whose name may not be shown. */
const NAME = "a field's name"

function isInName(written: WrittenValue, fields: readonly string[]): boolean {
  // Hot: a loop by hand.
  for (let i = 0; i < fields.length; i += 2) if (written.isIn(fields[i] as string)) return true
  return false
}

function withoutNames(written: WrittenValue, fields: readonly string[]): string[] {
  return fields.filter((_, i) => !written.isIn(fields[i - (i % 2)] as string))
}

/** One may hold another, encoded together with a user say, of which half would stay. */
function longestFirst(secrets: readonly SentSecret[]): readonly SentSecret[] {
  if (secrets.length < 2) return secrets
  return [...secrets].sort((a, b) => b.value.length - a.value.length)
}

/** Whether a text that has no name, such as a reason phrase, holds one of the secrets. */
export function holdsSecret(text: string, secrets: readonly SentSecret[]): boolean {
  return secrets.some(({ value }) => value.length >= SHORTEST && new WrittenValue(value).isIn(text))
}
