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

const MASK = '***'

/**
 * Masks the secrets that left with a request in the fields that come back: as they are, escaped for
 * URLs (more than once, too) or for JSON, and in base64 among other bytes. Gives the same list where
 * nothing was found.
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
    // Hot, and written in place: a loop by hand.
    for (let i = 1; i < fields.length; i += 2) {
      const text = (masked ?? fields)[i] as string
      const hidden = written.replaceIn(text, MASK)
      if (hidden === text) continue
      masked ??= [...fields]
      masked[i] = hidden
      onReturned(fields[i - 1] as string, name)
    }
  }
  return masked ?? fields
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
