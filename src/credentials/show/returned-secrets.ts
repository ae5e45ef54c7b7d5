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

/** Masks one secret in a text, however it is written; gives the same text where it is not there. */
type Hide = (text: string) => string

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
    const hide = createHide(value)
    // Hot, and written in place: a loop by hand.
    for (let i = 1; i < fields.length; i += 2) {
      const text = (masked ?? fields)[i] as string
      const hidden = hide(text)
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
  return secrets.some(({ value }) => value.length >= SHORTEST && createHide(value)(text) !== text)
}

/** What costs something to make is made once a text is met that may hold it: most can't. */
function createHide(value: string): Hide {
  const escaped = once(() => escapedForm(value))
  const cores = once(() => base64Cores(value))
  const encoded = once(() => base64Form(cores()))
  return (text) => {
    if (text.length < value.length) return text
    let hidden = text.includes(value) ? text.replaceAll(value, MASK) : text
    if (hidden.includes('%') || hidden.includes('\\')) hidden = hidden.replace(escaped(), MASK)
    if (hidden.length < base64Length(value)) return hidden
    const isEncoded = cores().some((core) => hidden.includes(core))
    return isEncoded ? hidden.replace(encoded(), MASK) : hidden
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** A text of which each character may be percent-encoded, once or more often, or escaped as in JSON. */
function escapedForm(value: string): RegExp {
  const characters = [...value].map((character) => {
    const digits = Buffer.from(character).toString('hex')
    const hex = digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
    return `(?:\\\\?${escapePattern(character)}|%(?:25)*${hex}|\\\\u00${hex})`
  })
  return new RegExp(characters.join(''), 'g')
}

/** Characters of base64 that stand for bytes of a value alone, wherever among others they begin; for URLs, too. */
function base64Cores(value: string): readonly string[] {
  const cores = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)])
    const [start, end] = [Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3)]
    return bytes.toString('base64').slice(start, end)
  })
  const ofUrls = cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'))
  return [...new Set([...cores, ...ofUrls])]
}

/** One of the cores, with the character on each side that may hold the rest of its bits. */
function base64Form(cores: readonly string[]): RegExp {
  return new RegExp(`[\\w+/-]?(?:${cores.map(escapePattern).join('|')})[\\w+/-]?`, 'g')
}

/** No core is shorter. */
function base64Length(value: string): number {
  return Math.floor((Buffer.byteLength(value) * 4) / 3) - 2
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
