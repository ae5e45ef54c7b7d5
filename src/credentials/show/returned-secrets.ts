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
 * Masks the secrets that left with a request in the fields that come back, as they are,
 * percent-encoded or in base64. Gives the same list where nothing was found.
 */
export function maskReturned(
  fields: string[],
  secrets: readonly SentSecret[],
  onReturned: OnReturned,
): string[] {
  let masked: string[] | null = null
  for (const { name, value } of secrets) {
    if (value.length < SHORTEST) continue
    const forms = formsOf(value)
    // Hot, and written in place: a loop by hand.
    for (let i = 1; i < fields.length; i += 2) {
      const text = (masked ?? fields)[i] as string
      const hidden = hideForms(text, forms)
      if (hidden === text) continue
      masked ??= [...fields]
      masked[i] = hidden
      onReturned(fields[i - 1] as string, name)
    }
  }
  return masked ?? fields
}

/** Whether a text that has no name, such as a reason phrase, holds one of the secrets. */
export function holdsSecret(text: string, secrets: readonly SentSecret[]): boolean {
  return secrets.some(
    ({ value }) => value.length >= SHORTEST && formsOf(value).some((form) => text.includes(form)),
  )
}

function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value)
  return [
    ...new Set([
      value,
      encodeURIComponent(value),
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('base64url'),
    ]),
  ]
}

function hideForms(text: string, forms: readonly string[]): string {
  let hidden = text
  for (const form of forms) if (hidden.includes(form)) hidden = hidden.replaceAll(form, MASK)
  return hidden
}
